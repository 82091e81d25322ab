"""How many sentences a second models label, side by side.

    python benchmarks/throughput.py --data FOLDER [--model DIR ...] [--rows 20000] [--rounds 5]

Each round times every model once on the same sentences, warm, on one thread; ratios are to the
first model.  An earlier model can be taken out of the history: git archive REVISION models | tar -x -C old
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

import stance
from stance.cli.train import read_lines


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--model", nargs="+", default=[None], help="model folders (default: the installed one)"
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    path = options.data / "corpora" / "news.txt.gz"
    if not path.is_file():
        sys.exit(f"{path} is not there; docs/training.md describes the folder")
    lines = read_lines(str(path), "utf-8")
    texts = [lines[i] for i in np.random.default_rng(0).permutation(len(lines))[: options.rows]]
    models = [stance.load(name) for name in options.model]
    seconds = np.zeros((options.rounds, len(models)))
    for model in models:
        model.predict_proba(texts)
    for row in seconds:
        for i, model in enumerate(models):
            started = time.perf_counter()
            model.predict_proba(texts)
            row[i] = time.perf_counter() - started
    ratio = seconds / seconds[:, :1]
    for i, name in enumerate(options.model):
        rate = options.rows / np.median(seconds[:, i])
        print(
            f"{name or 'installed':30}{rate:10.0f} sentences a second; time relative to the first "
            f"{np.median(ratio[:, i]):.2f} ({ratio[:, i].min():.2f} to {ratio[:, i].max():.2f})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
