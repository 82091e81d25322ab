"""Sinks: labelled rows turned into bytes in the worker process, and the parts of an output joined.

What a worker makes of a chunk can be strung together: lines, gzip members, Zstandard frames, Arrow streams.
Which columns there are is known only at the end, for rows of JSONL may bring new ones: every piece
says its own, and the pieces whose columns differ from the whole are written anew when the parts are joined.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import IO, Any, NamedTuple

from stance.datasets import flat, one_line
from stance.labelling.formats import Kind, compress, unpack
from stance.labelling.predicted import Predicted
from stance.labelling.rows import Rows, Task

__all__ = ["PartFile", "Piece", "header", "join", "json_text", "piece_of"]

_DELIMITERS = {"csv": ",", "tsv": "\t"}


class Piece(NamedTuple):
    """Some bytes of the output.

    Attributes
    ----------
    size : int
    columns : list of str
        Those of the input; empty for JSONL and Parquet.
    added : list of str
        Those behind them.
    """

    size: int
    columns: list[str]
    added: list[str]


def _default(value: Any) -> str:
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return str(value)


def _finite(value: Any) -> Any:
    """Put null in place of numbers that JSON has no way to write."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    return [_finite(v) for v in value] if isinstance(value, (list, tuple)) else value


_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_default).encode


def json_text(value: Any) -> str:
    """Write a value as JSON on one line, Arabic as it is; what JSON does not know as its text, bytes as hex.

    Numbers that are none, or infinite, become null.
    """
    try:
        return _ENCODE(value)
    except ValueError:  # one that JSON has no way to write
        return _ENCODE(_finite(value))


def piece_of(task: Task, rows: Rows, found: Predicted) -> tuple[bytes, list[str], list[str]]:
    """Format labelled rows.

    Parameters
    ----------
    task : Task
    rows : Rows
    found : Predicted
        Of as many rows.

    Returns
    -------
    data : bytes
    columns, added : list of str
        As :class:`Piece` has them.
    """
    if not rows.lines and (rows.rejects or not task.header):  # of a header alone there are columns
        return b"", [], []
    if task.target.format == "parquet":
        return _parquet(task, rows, found)
    if task.target.format == "jsonl":
        return compress(_jsonl(rows, found).encode(), task.target.compression), [], []
    return _delimited(task, rows, found)


def _jsonl(rows: Rows, found: Predicted) -> str:
    # a line of JSONL stays as it stands: nothing is lost, and writing it anew would take as long as reading it
    heads = map(str.strip, rows.contents) if rows.contents else map(json_text, rows.records)
    lines = [f"{h[:-1]}, {t}}}" for h, t in zip(heads, found.json_tails(), strict=True)]
    taken = set(found.columns)
    if any(not taken.isdisjoint(record) for record in rows.records):  # but where a prediction takes a place
        for i, (record, predicted) in enumerate(zip(rows.records, found.fields(), strict=True)):
            if not taken.isdisjoint(record):
                lines[i] = json_text({**record, **predicted})
    return "\n".join([*lines, ""])


def _delimited(task: Task, rows: Rows, found: Predicted) -> tuple[bytes, list[str], list[str]]:
    records, cells, predicted = rows.records, found.cells(), found.cell_columns
    is_flat = task.source.format not in ("jsonl", "parquet")
    if not is_flat:
        records = [flat(r) for r in records]
    columns = list(_columns(task, records))
    added = [c for c in predicted if c not in set(columns)]
    if len(added) < len(predicted):  # a prediction takes the place of a column of its name
        merged = [{**r, **dict(zip(predicted, p, strict=True))} for r, p in zip(records, cells, strict=True)]
        lines = [[r.get(c, "") for c in (*columns, *added)] for r in merged]
    elif is_flat:
        lines = [[*r.values(), *p] for r, p in zip(records, cells, strict=True)]
    else:
        lines = [[*(r.get(c, "") for c in columns), *p] for r, p in zip(records, cells, strict=True)]
    return compress(_lines(lines, task.target), task.target.compression), columns, added


def _columns(task: Task, records: Sequence[dict[str, Any]]) -> Iterable[str]:
    if task.source.format == "txt":
        return ("text",)
    if task.source.format in ("csv", "tsv"):
        return task.header or ()
    return dict.fromkeys(key for record in records for key in record)


def _parquet(task: Task, rows: Rows, found: Predicted) -> tuple[bytes, list[str], list[str]]:
    from stance.labelling import arrow  # noqa: PLC0415  # pyarrow is an extra

    columns = list(_columns(task, rows.records))
    batch = arrow.batch_of(rows.records, columns, texts_only=task.source.format != "jsonl")
    return arrow.to_stream(arrow.with_columns(batch, found.arrays())), [], found.columns


class PartFile(NamedTuple):
    """A file of pieces strung together; every loop over them reads it anew.

    Attributes
    ----------
    path : pathlib.Path
    pieces : sequence of Piece
    """

    path: Path
    pieces: Sequence[Piece]

    def read(self) -> Iterator[bytes]:
        """Yield the bytes of each piece that is not empty."""
        with self.path.open("rb") as file:
            for piece in self.pieces:
                if piece.size:
                    yield file.read(piece.size)

    def has(self, columns: Sequence[str]) -> bool:
        """Tell whether its rows have these columns and no others."""
        return all(piece.columns + piece.added == columns for piece in self.pieces if piece.size)

    def copy(self, file: IO[bytes]) -> None:
        """Write its bytes to another file."""
        with self.path.open("rb") as rows:
            shutil.copyfileobj(rows, file, 1 << 20)


def join(files: Sequence[PartFile], kind: Kind, file: IO[bytes]) -> None:
    """Join the parts of an output.

    Parameters
    ----------
    files : sequence of PartFile
    kind : Kind
        Of the output.
    file : binary file
        Where it is written.
    """
    if kind.format == "parquet":
        from stance.labelling.arrow import write_parquet  # noqa: PLC0415  # pyarrow is an extra

        added = dict.fromkeys(c for part in files for p in part.pieces for c in p.added)
        write_parquet([part.read for part in files], file, list(added))
        return
    columns: list[str] = []
    if kind.format != "jsonl":
        every = [p for part in files for p in part.pieces]
        own = dict.fromkeys(c for p in every for c in p.columns)
        columns = list(own) + [c for c in dict.fromkeys(c for p in every for c in p.added) if c not in own]
        file.write(header(columns, kind))
    for part in files:
        if part.has(columns):
            part.copy(file)
            continue
        for piece, data in zip([p for p in part.pieces if p.size], part.read(), strict=True):
            file.write(_fitted(data, piece, columns, kind))


def header(columns: Sequence[str], kind: Kind) -> bytes:
    """Return what stands before the rows of a text format: the names of their columns, or nothing in JSONL."""
    return b"" if kind.format == "jsonl" else compress(_lines([columns], kind), kind.compression)


class _Written(list[str]):
    """What csv.writer writes, a record an item."""

    write = list.append


def _lines(rows: Iterable[Sequence[Any]], kind: Kind) -> bytes:
    if kind.format == "tsv":  # which is read without quoting
        rows = ([one_line(cell) for cell in row] for row in rows)
    # told of this line end, the writer puts cells with either letter of it in quotes, as readers want it
    written, end = _Written(), "\r\n"
    csv.writer(written, delimiter=_DELIMITERS[kind.format], lineterminator=end).writerows(rows)
    return "".join([line[: -len(end)] + "\n" for line in written]).encode()


def _fitted(data: bytes, piece: Piece, columns: Sequence[str], kind: Kind) -> bytes:
    """Write the rows of a piece under other columns."""
    known = piece.columns + piece.added
    if known == columns:
        return data
    place = {column: i for i, column in enumerate(known)}
    csv.field_size_limit(2**31 - 1)
    text = unpack(data, kind.compression).decode()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_DELIMITERS[kind.format])
    wanted = [place.get(column, -1) for column in columns]
    return compress(
        _lines(([row[i] if i >= 0 else "" for i in wanted] for row in rows), kind), kind.compression
    )
