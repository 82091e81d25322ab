"""How ``stance label`` copes with large files: memory, speed on more cores, formats, where the time goes.

    python benchmarks/scale.py memory  [--data FOLDER] [--rows 10000 100000 2000000]
    python benchmarks/scale.py jobs    [--data FOLDER] [--rows 100000] [--rounds 5]
    python benchmarks/scale.py formats [--data FOLDER] [--rows 100000]
    python benchmarks/scale.py profile [--data FOLDER] [--rows 20000]

The real command is run over files written for it: lines of FOLDER/corpora/news.txt.gz at random or, without a
folder, this project's own statements over and over.  Memory is the resident memory of all processes
of the run, summed, every 50 ms.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import itertools
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from stance.labelling import Job, Kind, input_kind, kept, parts, predicted, rows, run, sinks, worker

FORMATS = ("csv", "tsv", "jsonl", "csv.gz", "jsonl.gz", "jsonl.zst", "parquet")
OWN = Path(__file__).resolve().parent.parent / "training" / "statements"


def texts_of(data: Path | None) -> list[str]:
    if data is None:
        files = sorted(OWN.glob("*.jsonl"))
        return [json.loads(x)["text"] for f in files for x in f.read_text(encoding="utf-8").splitlines()]
    with gzip.open(data / "corpora" / "news.txt.gz", "rt", encoding="utf-8") as file:
        return file.read().splitlines()


def records(texts: list[str], n: int) -> Iterator[dict[str, Any]]:
    for i, k in enumerate(np.random.default_rng(0).integers(0, len(texts), n)):
        yield {"id": i, "source": "news", "text": texts[k], "score": int(k) / 7}


def open_to_write(path: Path, compression: str) -> Any:
    if compression == "zst":
        return zstandard.open(path, "wb")
    return gzip.open(path, "wb", 1) if compression else path.open("wb")


def write(texts: list[str], n: int, path: Path) -> Path:
    kind = input_kind(path.name)
    if kind.format == "parquet":
        found = records(texts, n)
        writer = None
        while batch := list(itertools.islice(found, 50_000)):
            table = pa.Table.from_pylist(batch)
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
        writer.close()
        return path
    with open_to_write(path, kind.compression) as file:
        if kind.format == "jsonl":
            for r in records(texts, n):
                file.write(json.dumps(r, ensure_ascii=False).encode() + b"\n")
        else:
            text = io.TextIOWrapper(file, "utf-8", newline="")
            writer = csv.writer(text, delimiter="," if kind.format == "csv" else "\t")
            writer.writerow(["id", "source", "text", "score"])
            writer.writerows(list(r.values()) for r in records(texts, n))
            text.flush()
            text.detach()
    return path


def tree(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found += parents.get(pid, [])
    return found


def resident(pids: list[int]) -> int:
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
    return total * os.sysconf("SC_PAGE_SIZE")


def spent() -> float:
    """Return the processor's seconds of the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def label(source: Path, target: Path, jobs: int, watch: bool = True) -> tuple[float, float, float]:
    """Run the command; return seconds, the peak of memory in megabytes and the processor's seconds.

    Watching the memory takes a core some 7 % of its time, so what is timed on all cores goes without.
    """
    command = ["label", str(source), "-o", str(target), "--jobs", str(jobs)]
    script = ["-c", "from stance.cli.main import run; run()", *command]
    started, before = time.perf_counter(), spent()
    process = subprocess.Popen([sys.executable, *script], stderr=subprocess.PIPE)
    peak = 0
    while watch and process.poll() is None:
        peak = max(peak, resident(tree(process.pid)))
        time.sleep(0.05)
    err = process.communicate()[1].decode()
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(err)
    return seconds, peak / 1e6, spent() - before


def memory(options: argparse.Namespace, texts: list[str], folder: Path) -> None:
    for ending in options.formats:
        for n in options.rows or (10_000, 100_000, 2_000_000):
            source = write(texts, n, folder / f"in.{ending}")
            seconds, peak, _ = label(source, folder / f"out.{ending}", 2)
            print(
                f"{ending:10}{n:>10,} rows, 2 jobs: peak {peak:4.0f} MB, {seconds:6.1f} s, {n / seconds:7.0f} rows a second",
                flush=True,
            )


def jobs(options: argparse.Namespace, texts: list[str], folder: Path) -> None:
    for ending in options.formats:
        n = (options.rows or [100_000])[0]
        source = write(texts, n, folder / f"in.{ending}")
        found = np.array(
            [
                [label(source, folder / f"out{j}.{ending}", j, watch=False) for j in (1, 2)]
                for _ in range(options.rounds)
            ]
        )
        seconds, processor = found[..., 0], np.median(found[..., 2], axis=0)
        ratio = seconds[:, 0] / seconds[:, 1]
        one, two = np.median(n / seconds, axis=0)
        same = (folder / f"out1.{ending}").read_bytes() == (folder / f"out2.{ending}").read_bytes()
        print(
            f"{ending:10}{n:>10,} rows: {one:.0f} and {two:.0f} rows a second at 1 and 2 jobs, {np.median(ratio):.2f} times "
            f"({ratio.min():.2f} to {ratio.max():.2f} in {options.rounds} rounds); {'the same' if same else 'OTHER'} bytes; "
            f"{processor[0]:.1f} and {processor[1]:.1f} s of processor time",
            flush=True,
        )


def formats(options: argparse.Namespace, texts: list[str], folder: Path) -> None:
    n = (options.rows or [100_000])[0]
    for ending in FORMATS:
        source = write(texts, n, folder / f"in.{ending}")
        seconds, peak, _ = label(source, folder / f"out.{ending}", 2)
        size, out = source.stat().st_size / 1e6, (folder / f"out.{ending}").stat().st_size / 1e6
        print(
            f"{ending:10}{n / seconds:7.0f} rows a second at 2 jobs, peak {peak:4.0f} MB; {size:.1f} MB in, {out:.1f} MB out",
            flush=True,
        )


def profile(options: argparse.Namespace, texts: list[str], folder: Path) -> None:
    """Do in one process what the processes do, and tell the processor's time of every step."""
    n = (options.rows or [20_000])[0]
    model = worker._predictor(None)
    model.decide(texts)  # so that no format pays for words met for the first time
    for ending in FORMATS:
        source, target = write(texts, n, folder / f"in.{ending}"), folder / f"out.{ending}"
        spent: dict[str, float] = {}

        def step(
            name: str, function: Callable[..., Any], *given: Any, spent: dict[str, float] = spent
        ) -> Any:
            started = time.process_time()
            found = function(*given)
            spent[name] = spent.get(name, 0.0) + time.process_time() - started
            return found

        kind = input_kind(f"in.{ending}")
        with source.open("rb") as raw:
            opened, task, config = run._prepared(Job(str(source), kind), Kind(*kind), raw)
            chunks, results = opened.chunks, deque()
            if task.keeps_batches:
                keeper = kept.Kept(task, config)
                chunks, returned = keeper.sent(chunks), keeper.returned(iter(results.popleft, None))
            done = parts.Parts(target, kind, {})
            done.open(resume=False, restart=True)
            while (chunk := step("read", next, chunks, None)) is not None:
                chunk = pickle.loads(step("send", pickle.dumps, chunk))  # noqa: S301  # our own bytes
                found = step("parse", rows.rows_of, task, chunk)
                labels = step("predict", model.decide, found.texts, None)
                result = worker.Labelled(len(found.lines), b"", [], [], b"", 0, None, 0, found.lines, labels)
                if not task.keeps_batches:
                    columns = step("format", predicted.Predicted, labels, model.config)
                    data, own, added = step("format", sinks.piece_of, task, found, columns)
                    result = worker.Labelled(len(found.lines), data, own, added, b"", 0, None, 0)
                result = pickle.loads(step("send", pickle.dumps, result))  # noqa: S301
                if task.keeps_batches:
                    results.append(result)
                    result = step("format", next, returned)
                step("write", done.add, result)
            step("write", done.commit)
            step("join", done.finish)
        total = sum(spent.values())
        shares = ", ".join(f"{k} {v / n * 1e6:.1f} ({v / total:.0%})" for k, v in spent.items())
        print(f"{ending:10}microseconds a row: {shares}; all {total / n * 1e6:.1f}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mode", choices=("memory", "jobs", "formats", "profile"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rows", type=int, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--formats", nargs="+", default=["csv"], choices=FORMATS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        {"memory": memory, "jobs": jobs, "formats": formats, "profile": profile}[options.mode](
            options, texts_of(options.data), Path(folder)
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
