"""What the sub-commands write: cells of delimited files, columns of Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from stance.datasets import atomic_writer, encodable, flat, write_delimited, write_jsonl
from stance.errors import DataError
from stance.hints import did_you_mean
from stance.writing import atomic_path

__all__ = [
    "ENDINGS",
    "SHORT",
    "write_parquet",
    "write_records",
    "write_rows",
]

ENDINGS = (".csv", ".tsv", ".jsonl", ".json", ".parquet")
"""Of files that :func:`write_records` writes."""
SHORT = {"calling_for_ceasefire": "ceasefire"}
"""Names of labels that are long for a column."""


def write_rows(
    rows: Iterable[dict[str, Any]], name: str, file_format: str, columns: Sequence[str] = ()
) -> None:
    """Write rows as ``jsonl``, ``csv`` or ``tsv``, whole or not at all."""
    with atomic_writer(name) as file:
        if file_format == "jsonl":
            write_jsonl(rows, file)
        else:
            write_delimited([flat(r) for r in rows], file, "," if file_format == "csv" else "\t", columns)


def write_records(rows: Iterable[dict[str, Any]], name: str, columns: Sequence[str] = ()) -> None:
    """Write rows to a file by the ending of its name, whole or not at all.

    Parameters
    ----------
    rows : iterable of dict
    name : str
        Ends with ``.csv``, ``.tsv``, ``.jsonl``, ``.json`` or ``.parquet``.
    columns : sequence of str
        The columns of a file without rows.

    Raises
    ------
    DataError
        If the ending is another, the place cannot be written, or pyarrow is missing for Parquet.
    """
    ending = Path(name).suffix.lower()
    if ending == ".parquet":
        write_parquet(list(rows), name, columns)
    elif ending in (".csv", ".tsv", ".jsonl"):
        write_rows(rows, name, ending[1:], columns)
    elif ending == ".json":
        with atomic_writer(name) as file:
            file.write(json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n")
    else:
        near = did_you_mean(ending, ENDINGS)
        raise DataError(f"{name}: name the output {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}{near}")


def write_parquet(rows: Sequence[dict[str, Any]], name: str, columns: Sequence[str] = ()) -> None:
    """Write rows as Parquet, lists as lists; see :func:`write_records`."""
    try:
        import pyarrow as pa  # noqa: PLC0415  # an extra, wanted only here
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise DataError(
            f"{name}: Parquet wants pyarrow, which is not installed; run pip install 'stance[parquet]' or name the "
            "output .csv or .jsonl"
        ) from None
    table = (
        pa.Table.from_pylist(
            [{k: encodable(v) if isinstance(v, str) else v for k, v in row.items()} for row in rows]
        )
        if rows
        else pa.table({c: pa.array([], pa.string()) for c in columns})
    )
    with atomic_path(name) as temporary:
        pq.write_table(table, temporary)
