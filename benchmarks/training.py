"""Time and memory of ``stance-train``: wall time, processor time, stages, peak over all its processes.

    python benchmarks/training.py --data FOLDER [--rows 10000] [--folds 5] [--jobs 2] [--repeat 2]
    python benchmarks/training.py --data FOLDER --vectors --config training/news.toml
    python benchmarks/training.py --data FOLDER --profile

FOLDER is the data folder that docs/training.md describes.  ``--vectors`` also learns word vectors and
attention networks; ``--profile`` shows where one process spends its time instead.  Memory is read from
/proc five times a second: RSS summed over the processes counts shared pages in each, PSS counts
them once.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from accuracy import more_news, rows_of, unlabelled

from stance.cli.train import main as train_main

COMMAND = [sys.executable, "-c", "from stance.cli.train import run; run()"]
PAGE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


@dataclass
class Usage:
    """What a command and its children have taken; bytes and seconds."""

    rss: int = 0
    pss: int = 0
    cpu: dict[int, float] = field(default_factory=dict)

    def look(self, root: int) -> None:
        """Take note of the processes below one, itself included."""
        found = [memory(p) for p in tree(root)]
        self.rss = max(self.rss, sum(rss for rss, _ in found))
        self.pss = max(self.pss, sum(pss for _, pss in found))
        for process in tree(root):
            self.cpu[process] = max(processor_time(process), self.cpu.get(process, 0.0))


def tree(root: int) -> list[int]:
    """Return a process and all below it."""
    found, rest = [], [root]
    while rest:
        process = rest.pop()
        found.append(process)
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                rest += map(int, children.read_text().split())
            except OSError:  # it has ended meanwhile
                continue
    return found


def memory(process: int) -> tuple[int, int]:
    """Return RSS and PSS of a process; zeros if it has ended."""
    try:
        rss = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except (OSError, IndexError):
        return 0, 0
    return rss, next((int(x.split()[1]) * 1024 for x in rollup.splitlines() if x[:4] == "Pss:"), 0)


def processor_time(process: int) -> float:
    """Return the seconds that a process has computed; 0 if it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def write_rows(data: Path, n: int, path: Path) -> None:
    """Write labelled news rows: those that are measured on first, then others."""
    rows = [*rows_of(data / "annotation" / "statements.jsonl"), *more_news(unlabelled(data))][:n]
    if len(rows) < n:
        sys.exit(f"{data} holds {len(rows)} labelled rows, {n} are wanted; pass fewer --rows")
    with path.open("w", encoding="utf-8") as file:
        for i, r in enumerate(rows):
            record = {"id": f"{r.group}:{i}", "text": r.text, "stances": r.stances, "sentiment": r.sentiment}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def measure(arguments: list[str]) -> None:
    """Run the command once and print what it took."""
    usage, started = Usage(), time.perf_counter()
    with subprocess.Popen([*COMMAND, *arguments]) as process:
        while process.poll() is None:
            usage.look(process.pid)
            time.sleep(0.2)
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"stance-train failed with {process.returncode}")
    print(
        f"wall {seconds:.1f} s, processor {sum(usage.cpu.values()):.1f} s, peak RSS {usage.rss / 1e6:.0f} MB, "
        f"peak PSS {usage.pss / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}\n",
        flush=True,
    )


def profile(arguments: list[str]) -> None:
    """Print where one process spends its time."""
    profiler = cProfile.Profile()
    profiler.runcall(train_main, arguments)
    pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(20)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--config", help="settings, as stance-train takes them")
    parser.add_argument("--vectors", action="store_true", help="with word vectors and attention networks")
    parser.add_argument("--profile", action="store_true", help="profile one process instead")
    options = parser.parse_args()
    news = options.data / "corpora" / "news.txt.gz"
    if not news.is_file():
        sys.exit(f"{news} is not there; docs/training.md describes the folder")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        write_rows(options.data, options.rows, path)
        jobs = 1 if options.profile else options.jobs
        arguments = [str(path), "-o", f"{folder}/model", "--overwrite", "--folds", str(options.folds)]
        arguments += ["--jobs", str(jobs)]
        arguments += ["--config", options.config] if options.config else []
        arguments += ["--unlabelled", str(news)] if options.vectors else []
        if options.profile:
            profile(arguments)
        else:
            for _ in range(options.repeat):
                measure(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
