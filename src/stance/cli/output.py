"""What the sub-commands write: cells of delimited files, columns of Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from stance.datasets import atomic_writer, encodable, write_jsonl
from stance.errors import DataError
from stance.hints import did_you_mean
from stance.writing import atomic_path

if TYPE_CHECKING:
    from stance.statements.article import ColumnKind

__all__ = [
    "ENDINGS",
    "SHORT",
    "write_parquet",
    "write_records",
]

ENDINGS = (".csv", ".tsv", ".jsonl", ".json", ".parquet")
"""Of files that :func:`write_records` writes."""
SHORT = {"calling_for_ceasefire": "ceasefire"}
"""Names of labels that are long for a column."""
_GROUP = 4096
"""Rows of a row group of Parquet; so many are held at once."""


def write_records(rows: Iterable[Mapping[str, Any]], name: str, columns: Mapping[str, ColumnKind]) -> None:
    """Write rows to a file by the ending of its name, each as it comes, whole or not at all.

    Parameters
    ----------
    rows : iterable of mapping
        All with the same keys.
    name : str
        Ends with ``.csv``, ``.tsv``, ``.jsonl``, ``.json`` or ``.parquet``.
    columns : mapping of str to ColumnKind
        The columns of a file without rows, and the types of Parquet.

    Raises
    ------
    DataError
        If the ending is another, the place cannot be written, or pyarrow is missing for Parquet.
    """
    from stance.statements.writing import write_cells, write_json  # noqa: PLC0415  # SHORT alone must be light

    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        near = did_you_mean(ending, ENDINGS)
        raise DataError(f"{name}: name the output {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}{near}")
    if ending == ".parquet":
        write_parquet(rows, name, columns)
        return
    with atomic_writer(name) as file:
        if ending == ".jsonl":
            write_jsonl(rows, file)
        elif ending == ".json":
            write_json(rows, file)
        else:
            write_cells(rows, file, "," if ending == ".csv" else "\t", columns)


def write_parquet(rows: Iterable[Mapping[str, Any]], name: str, columns: Mapping[str, ColumnKind]) -> None:
    """Write rows as Parquet, lists as lists, some thousand at once; see :func:`write_records`."""
    try:
        import pyarrow as pa  # noqa: PLC0415  # an extra, wanted only here
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise DataError(
            f"{name}: Parquet wants pyarrow, which is not installed; run pip install 'stance[parquet]' or name the "
            "output .csv or .jsonl"
        ) from None
    records = ({k: encodable(v) if isinstance(v, str) else v for k, v in row.items()} for row in rows)
    # Parquet has no fields by name without a name: a model without stances gives no column of them
    schema = pa.schema([(k, _arrow_type(pa, v)) for k, v in columns.items() if v != {}])
    groups = iter(lambda: list(islice(records, _GROUP)), [])
    with atomic_path(name) as temporary, pq.ParquetWriter(temporary, schema) as writer:
        for group in groups:
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def _arrow_type(pa: ModuleType, kind: ColumnKind) -> Any:
    """Return a kind of values as pyarrow calls it."""
    if isinstance(kind, type):
        return {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}[kind]
    if isinstance(kind, Mapping):
        return pa.struct([(name, _arrow_type(pa, of)) for name, of in kind.items()])
    return pa.list_(_arrow_type(pa, kind[0]))
