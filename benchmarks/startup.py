"""Start-up times, sizes and first speed figures: best and spread over repeated fresh processes.

python benchmarks/startup.py [--repeat 7]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

import stance
from stance.model import default_model_path

CASES = {
    "python alone": "pass",
    "import stance": "import stance",
    "import numpy (for comparison)": "import numpy",
    "import sklearn (for comparison)": "import sklearn.linear_model",
    "stance.load(), after its imports": "import stance, stance.predictor; timed = stance.load",
    "first stance.read, after load": (
        "import stance, stance.statements; m = stance.load(); "
        "timed = lambda: stance.read('حذر الوزير من كارثة إنسانية وشيكة.', m)"
    ),
}
RUN = """
import time
a = time.perf_counter()
{code}
b = time.perf_counter()
if 'timed' in globals():
    a = time.perf_counter(); timed(); b = time.perf_counter()
print(b - a)
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    print(f"{'':36}{'best':>9}{'median':>9}{'worst':>9}  seconds, {options.repeat} fresh processes")
    for name, code in CASES.items():
        times = sorted(
            float(
                subprocess.run(
                    [sys.executable, "-c", RUN.format(code=code)], capture_output=True, text=True, check=True
                ).stdout
            )
            for _ in range(options.repeat)
        )
        print(f"{name:36}{times[0]:9.3f}{statistics.median(times):9.3f}{times[-1]:9.3f}")
    folder = default_model_path()
    size = sum(p.stat().st_size for p in Path(folder).iterdir())
    print(f"model folder: {size / 1e6:.1f} MB; {stance.load().config.name!r}")


if __name__ == "__main__":
    main()
