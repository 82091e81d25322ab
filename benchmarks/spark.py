"""How many rows a second Spark labels, beside the plain command, and what a billion would take.

    python benchmarks/spark.py [--data FOLDER] [--rows 30000] [--rounds 5] [--write docs/clusters.md]

Every way reads the same JSONL file and writes JSONL; ``predict`` labels what is in memory.  Each round has rows of its
own and times every way once, one after the other, so that ratios are of neighbours in time; a first round warms up,
start-up is apart.  What keeps its model (all but the command, which loads it anew) knows most words by then, as it
would in a long job.  Beside the clock stand core-seconds, those of all processes of a way together: they, not the
clock, say what a cluster has to pay, and other work on the machine disturbs them less.

Rows are news sentences of the data folder, or without it this project's own statements, repeated.  ``--write`` puts
the figures between their marks in the page.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import functools
import io
import itertools
import json
import multiprocessing
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

import stance
from stance.cli import main as command
from stance.cli.train import read_lines
from stance.spark import label

CHUNK = 10_000
CLUSTER = (20, 16)
"""Machines and cores of each, for the arithmetic."""
BILLION = 1_000_000_000
MARKS = re.compile(r"(?<=<!-- figures of benchmarks/spark.py -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)
OWN = Path(__file__).resolve().parent.parent / "training" / "statements"

MASTERS = ("local[1]", "local[2]")
TITLES = {
    "predict": "`predict`, 10,000 texts at a time",
    "stance label": "`stance label`",
    "local[1]": "Spark `local[1]`",
    "local[2]": "Spark `local[2]`",
}
Floats = NDArray[np.float64]
Times = tuple[float, float]

_sessions: dict[str, SparkSession] = {}


def texts_of(data: Path | None, n_rows: int) -> list[str]:
    """Return so many texts, in an order of their own."""
    if data is None:
        lines = [
            json.loads(line)["text"]
            for path in sorted(OWN.glob("*.jsonl"))
            for line in path.open(encoding="utf-8")
        ]
    else:
        path = data / "corpora" / "news.txt.gz"
        if not path.is_file():
            sys.exit(f"{path} is not there; docs/training.md describes the folder")
        lines = read_lines(str(path), "utf-8")
    order = np.random.default_rng(0).permutation(len(lines))
    return [lines[i] for i in itertools.islice(itertools.cycle(order), n_rows)]


def start(master: str) -> None:
    """Start Spark, once in this process."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.files.openCostInBytes": "0",  # one file is cut into as many pieces as there are cores
    }
    _sessions[master] = SparkSession.builder.master(master).config(map=settings).getOrCreate()


def core_seconds() -> float:
    """Return what this process and all that it started have used so far (Linux)."""
    parent, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            pid = int(path.parent.name)
            parent[pid], used[pid] = int(fields[1]), sum(map(int, fields[11:15]))
    ours, grown = {os.getpid()}, True
    while grown:
        more = {pid for pid, above in parent.items() if above in ours} - ours
        ours, grown = ours | more, bool(more)
    return sum(used.get(pid, 0) for pid in ours) / os.sysconf("SC_CLK_TCK")


def timed(work: Callable[[], object]) -> Times:
    """Return seconds and core-seconds."""
    cores, started = core_seconds(), time.perf_counter()
    work()
    return time.perf_counter() - started, core_seconds() - cores


def by_spark(master: str, rows: str, out: str) -> Times:
    """Label a file in Spark; start Spark before, if that is still to do, outside the time."""
    if master not in _sessions:
        start(master)
    read = _sessions[master].read.schema("text string")
    return timed(lambda: label(read.json(rows)).write.mode("overwrite").json(out))


def by_command(rows: str, out: str) -> Times:
    """Label a file with the plain command."""
    with contextlib.redirect_stderr(io.StringIO()):
        return timed(lambda: command.main(["label", rows, "-o", out]))


load = functools.cache(stance.load)


def by_predict(rows: str, _: str) -> Times:
    """Label what is in memory, with a model that is kept."""
    model = load()
    with Path(rows).open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    return timed(lambda: [model.predict(texts[i : i + CHUNK]) for i in range(0, len(texts), CHUNK)])


def measure(texts: list[str], rounds: int, folder: Path) -> tuple[dict[str, Floats], dict[str, float]]:
    """Return the times of each way, shape (n_rounds, 2), and the seconds of the first job of Spark."""
    out, parts = str(folder / "out"), []
    for i, some in enumerate((texts[:2], *np.array_split(texts, rounds + 1))):
        parts.append(str(folder / f"{i}.jsonl"))
        with Path(parts[-1]).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"text": str(text)}, ensure_ascii=False) + "\n" for text in some)
    with contextlib.ExitStack() as stack:
        spawn = multiprocessing.get_context("spawn")  # a process for each way: caches and heaps of its own
        pools = [stack.enter_context(ProcessPoolExecutor(1, mp_context=spawn)) for _ in range(4)]
        jobs = {"predict": by_predict, "stance label": by_command}
        jobs |= {master: functools.partial(by_spark, master) for master in MASTERS}
        ways = {name: (pool, job) for (name, job), pool in zip(jobs.items(), pools, strict=True)}
        first = {}
        for master in MASTERS:
            started = time.perf_counter()
            ways[master][0].submit(by_spark, master, parts[0], out).result()
            first[master] = time.perf_counter() - started
        times: dict[str, list[Times]] = {name: [] for name in ways}
        for part in parts[1:]:
            for name, (pool, job) in ways.items():
                ending = ".jsonl" if name == "stance label" else ""
                times[name].append(pool.submit(job, part, out + ending).result())
    return {name: np.array(found[1:]) for name, found in times.items()}, first  # the first round warms up


def spread(values: Floats, digits: int = 2) -> str:
    """Return the median, with the least and the greatest."""
    return f"{np.median(values):,.{digits}f} ({values.min():,.{digits}f} to {values.max():,.{digits}f})"


def report(times: dict[str, Floats], first: dict[str, float], n_rows: int, source: str) -> str:
    """Return the figures as Markdown."""
    plain = times["predict"]
    rates = {name: n_rows / found for name, found in times.items()}
    table = "".join(
        f"| {title} | {np.median(rates[name][:, 0]):,.0f} | {spread((times[name] / plain)[:, 0])} "
        f"| {np.median(rates[name][:, 1]):,.0f} | {spread((times[name] / plain)[:, 1])} |\n"
        for name, title in TITLES.items()
    )
    machines, cores = CLUSTER
    rate = rates["local[2]"][:, 1]
    minutes = BILLION / rate / (machines * cores) / 60
    return f"""{len(plain)} rounds of {n_rows:,} {source}, {datetime.date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}.

| way | rows a second | time / `predict` | rows a core-second | core time / `predict` |
|---|---|---|---|---|
{table}
The first job, with the start of Java and Python and the loading of the model: {first["local[1]"]:.0f} s on `local[1]`, {first["local[2]"]:.0f} s on `local[2]`.

**A billion statements** on {machines} machines of {cores} cores: Spark, Java and Python together, labels {np.median(rate):,.0f} rows a core-second.
1,000,000,000 / {np.median(rate):,.0f} = {BILLION / np.median(rate):,.0f} core-seconds = {BILLION / np.median(rate) / 3600:,.1f} core-hours; over {machines * cores} cores **{np.median(minutes):.1f} minutes**
({minutes.min():.1f} to {minutes.max():.1f} by the fastest and the slowest round), if the cores are like this one and storage keeps up.
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("STANCE_DATA") or None)
    parser.add_argument("--rows", type=int, default=30_000, help="of a round (default: 30000)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the figures into this page")
    options = parser.parse_args()
    data = None if options.data is None else Path(options.data)
    texts = texts_of(data, options.rows * (options.rounds + 1))
    folder = Path(tempfile.mkdtemp())
    try:
        times, first = measure(texts, options.rounds, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    said = report(
        times, first, options.rows, "own statements, repeated" if data is None else "news sentences"
    )
    print(said)
    if options.write:
        page, found = MARKS.subn(lambda _: said, options.write.read_text(encoding="utf-8"))
        if found != 1:
            sys.exit(f"{options.write} has no marks for the figures")
        options.write.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
