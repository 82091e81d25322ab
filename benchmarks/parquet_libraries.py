"""Which library reads and writes Parquet and CSV best here: pyarrow, duckdb or polars.

    pip install --target DIR/pyarrow pyarrow; pip install --target DIR/duckdb duckdb
    pip install --target DIR/polars polars
    python benchmarks/parquet_libraries.py --packages DIR [--rows 400000] [--data FOLDER]

Each is asked, in a process of its own with one thread, for what labelling does: read batches of 2,000 rows in
order, hand the texts to Python, add a column, write Parquet; the file has nested columns and one
row group, the hardest case for memory.  Then a CSV file with two broken rows is read.
"""
# ruff: noqa: PLC0415  # every library is imported in the process that measures it

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BAD_CSV = 'text,n\none,1\ntoo,many,cells\ntwo,2\n"never closed,3\nthree,4\nfour,5\n'


def write_input(data: Path | None, n: int, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from scale import records, texts_of

    found = [
        {
            **r,
            "tags": [{"k": "a", "v": [r["id"] % 7, 2]}],
            "meta": {"source": r["source"], "score": r["score"]},
        }
        for r in records(texts_of(data), n)
    ]
    pq.write_table(pa.Table.from_pylist(found), path, row_group_size=n, compression="zstd")


def with_pyarrow(folder: Path) -> str:
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = pq.ParquetFile(folder / "in.parquet", buffer_size=1 << 20, pre_buffer=False)
    writer = None
    for batch in source.iter_batches(2_000, use_threads=False):
        lengths = [len(t) / 7 for t in batch.column("text").to_pylist()]
        found = batch.append_column("p", pa.array(lengths))
        writer = writer or pq.ParquetWriter(folder / "out.parquet", found.schema, compression="zstd")
        writer.write_batch(found)
    writer.close()
    return str(pq.read_schema(folder / "out.parquet").field("tags").type)


def csv_with_pyarrow(path: Path) -> str:
    from pyarrow import csv

    skipped: list[int] = []

    def skip(row: object) -> str:
        skipped.append(row.number)
        return "skip"

    options = csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip)
    table = csv.read_csv(path, csv.ReadOptions(use_threads=False), options)
    return f"{table.num_rows} rows, {skipped} reported"


def with_duckdb(folder: Path) -> str:
    import duckdb

    con = duckdb.connect()
    con.execute("set threads = 1")
    con.create_function("f", lambda t: len(t) / 7, ["VARCHAR"], "DOUBLE")
    con.execute(
        f"copy (select *, f(text) as p from '{folder}/in.parquet') to '{folder}/out.parquet' "  # noqa: S608
        "(format parquet, compression zstd)"
    )
    rows = con.execute(f"describe select tags from '{folder}/out.parquet'").fetchall()  # noqa: S608
    return str(rows[0][1])


def csv_with_duckdb(path: Path) -> str:
    import duckdb

    con = duckdb.connect()
    con.execute(f"create table t as select * from read_csv('{path}', store_rejects = true)")  # noqa: S608
    n = con.execute("select count(*) from t").fetchall()[0][0]
    lines = [r[0] for r in con.execute("select distinct line from reject_errors order by 1").fetchall()]
    return f"{n} rows, {lines} reported"


def with_polars(folder: Path) -> str:
    import polars as pl

    def added(batch: pl.DataFrame) -> pl.DataFrame:
        return batch.with_columns(
            p=pl.Series([len(t) / 7 for t in batch["text"].to_list()], dtype=pl.Float64)
        )

    frame = pl.scan_parquet(folder / "in.parquet")
    schema = {**frame.collect_schema(), "p": pl.Float64}
    frame.map_batches(added, schema=schema, streamable=True).sink_parquet(folder / "out.parquet")
    return str(pl.scan_parquet(folder / "out.parquet").collect_schema()["tags"])


def csv_with_polars(path: Path) -> str:
    import polars as pl

    return f"{pl.read_csv(path, ignore_errors=True, truncate_ragged_lines=True).height} rows, none reported"


def child(name: str, folder: Path) -> None:
    started = time.process_time()
    nested = globals()[f"with_{name}"](folder)
    seconds = time.process_time() - started
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024  # getrusage would tell the parent's too
    print(f"{seconds:5.2f} s of processor time, peak {peak:4.0f} MB, nested column as {nested}")
    try:
        print(f"          broken CSV: {globals()[f'csv_with_{name}'](folder / 'bad.csv')}")
    except Exception as error:  # noqa: BLE001  # whatever the library says to a broken file
        print(f"          broken CSV: {type(error).__name__}: {str(error).splitlines()[0][:90]}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        write_input(options.data, options.rows, Path(folder) / "in.parquet")
        (Path(folder) / "bad.csv").write_text(BAD_CSV)
        for name in ("pyarrow", "duckdb", "polars"):
            package = options.packages / name
            size = sum(f.stat().st_size for f in package.rglob("*") if f.is_file()) / 1e6
            done = subprocess.run(
                [sys.executable, __file__, "--packages", ".", "--child", name, folder],
                env={**os.environ, "PYTHONPATH": str(package), "POLARS_MAX_THREADS": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
            print(f"{name:10}{size:4.0f} MB installed, {done.stdout}{done.stderr[-300:]}", end="", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
