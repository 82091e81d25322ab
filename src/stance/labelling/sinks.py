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
from pathlib import Path
from typing import IO, Any, NamedTuple

from stance.datasets import flat
from stance.labelling.formats import Kind, compress, unpack
from stance.labelling.rows import Rows, Task
from stance.labels import OWN_LABELS, Labels
from stance.predictor import Prediction

__all__ = ["Piece", "join", "json_text", "piece_of", "predicted_columns"]

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


def predicted_columns(labels: Labels) -> tuple[str, str, str, str]:
    """Return how a model's predictions are called.

    Parameters
    ----------
    labels : Labels
        Of the model.

    Returns
    -------
    tuple of str
        Labels of which several hold, the one, and the probabilities of each kind.
    """
    several, one = ("stances", "sentiment") if labels == OWN_LABELS else ("labels", "label")
    return f"predicted_{several}", f"predicted_{one}", "probabilities", f"{one}_probabilities"


def predicted_fields(prediction: Prediction, names: Sequence[str]) -> dict[str, Any]:
    """Return the columns of a prediction under the names that :func:`predicted_columns` gives."""
    several, one, of_several, of_one = names
    found: dict[str, Any] = {}
    if held := prediction.probabilities:
        found[several] = [s for s in held if s in prediction.stances]
    if sentiments := prediction.sentiment_probabilities:
        found[one] = prediction.sentiment
    if held:
        found[of_several] = {k: round(v, 6) for k, v in held.items()}
    if sentiments:
        found[of_one] = {k: round(v, 6) for k, v in sentiments.items()}
    return found


def _default(value: Any) -> str:
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return str(value)


_ENCODE = json.JSONEncoder(ensure_ascii=False, default=_default).encode


def json_text(value: Any) -> str:
    """Write a value as JSON on one line, Arabic as it is; what JSON does not know as its text, bytes as hex."""
    return _ENCODE(value)


def piece_of(
    task: Task, rows: Rows, predictions: Sequence[Prediction], labels: Labels
) -> tuple[bytes, list[str], list[str]]:
    """Format labelled rows.

    Parameters
    ----------
    task : Task
    rows : Rows
    predictions : sequence of Prediction
        As many.
    labels : Labels
        Of the model.

    Returns
    -------
    data : bytes
    columns, added : list of str
        As :class:`Piece` has them.
    """
    names = predicted_columns(labels)
    found = [predicted_fields(p, names) for p in predictions]
    if task.target.format == "parquet":
        return _parquet(task, rows, found, labels)
    if task.target.format == "jsonl":
        lines = [_ENCODE({**r, **p}) for r, p in zip(rows.records, found, strict=True)]
        data = "\n".join([*lines, ""]).encode()
        return compress(data, task.target.compression), [], []
    return _delimited(task, rows, found)


def _delimited(task: Task, rows: Rows, found: list[dict[str, Any]]) -> tuple[bytes, list[str], list[str]]:
    records = rows.records
    if task.source.format in ("jsonl", "parquet"):
        records = [flat(r) for r in records]
    cells = [flat(p) for p in found]
    columns = list(_columns(task, records))
    predicted = list(cells[0]) if cells else []
    added = [c for c in predicted if c not in set(columns)]
    if len(added) < len(predicted):  # a prediction takes the place of a column of its name
        records = [{**r, **p} for r, p in zip(records, cells, strict=True)]
    output = io.StringIO()
    writer = csv.writer(output, delimiter=_DELIMITERS[task.target.format], lineterminator="\n")
    writer.writerows(
        [[r.get(c, "") for c in columns] + [p[c] for c in added] for r, p in zip(records, cells, strict=True)]
    )
    return compress(output.getvalue().encode(), task.target.compression), columns, added


def _columns(task: Task, records: Sequence[dict[str, Any]]) -> Iterable[str]:
    if task.source.format == "txt":
        return ("text",)
    if task.source.format in ("csv", "tsv"):
        return task.header or ()
    return dict.fromkeys(key for record in records for key in record)


def _parquet(
    task: Task, rows: Rows, found: list[dict[str, Any]], labels: Labels
) -> tuple[bytes, list[str], list[str]]:
    from stance.labelling import arrow  # noqa: PLC0415  # pyarrow is an extra

    batch = rows.batch
    if batch is None:
        texts_only = task.source.format != "jsonl"
        batch = arrow.batch_of(rows.records, list(_columns(task, rows.records)), texts_only)
    if not found:
        return b"", [], []
    columns = {name: [p[name] for p in found] for name in found[0]}
    types = arrow.predicted_types(labels, columns)
    return arrow.to_stream(arrow.with_columns(batch, columns, types)), [], list(columns)


class _Parts(NamedTuple):
    """Files of pieces strung together."""

    files: Sequence[tuple[Path, Sequence[Piece]]]

    def pieces(self, of: int) -> Iterator[bytes]:
        path, pieces = self.files[of]
        with path.open("rb") as file:
            for piece in pieces:
                if piece.size:
                    yield file.read(piece.size)


class _Streams:
    """The Arrow streams of one part; every loop over it reads them anew."""

    def __init__(self, parts: _Parts, number: int) -> None:
        self._parts = parts
        self._number = number

    def __iter__(self) -> Iterator[bytes]:
        return self._parts.pieces(self._number)


def join(files: Sequence[tuple[Path, Sequence[Piece]]], kind: Kind, file: IO[bytes]) -> None:
    """Join the parts of an output.

    Parameters
    ----------
    files : sequence of (pathlib.Path, sequence of Piece)
        Each part and the pieces in it.
    kind : Kind
        Of the output.
    file : binary file
        Where it is written.
    """
    parts = _Parts(files)
    if kind.format == "parquet":
        from stance.labelling.arrow import write_parquet_streams  # noqa: PLC0415  # pyarrow is an extra

        added = dict.fromkeys(c for _, pieces in files for p in pieces for c in p.added)
        write_parquet_streams([_Streams(parts, i) for i in range(len(files))], file, list(added))
        return
    columns: list[str] = []
    if kind.format != "jsonl":
        every = [p for _, pieces in files for p in pieces if p.size]
        own = dict.fromkeys(c for p in every for c in p.columns)
        columns = list(own) + [c for c in dict.fromkeys(c for p in every for c in p.added) if c not in own]
        file.write(compress(_lines([columns], kind), kind.compression))
    for i, (path, pieces) in enumerate(files):
        if all(p.columns + p.added == columns for p in pieces if p.size):
            with path.open("rb") as part:
                shutil.copyfileobj(part, file, 1 << 20)
            continue
        for piece, data in zip([p for p in pieces if p.size], parts.pieces(i), strict=True):
            file.write(_fitted(data, piece, columns, kind))


def _lines(rows: Iterable[Sequence[str]], kind: Kind) -> bytes:
    output = io.StringIO()
    csv.writer(output, delimiter=_DELIMITERS[kind.format], lineterminator="\n").writerows(rows)
    return output.getvalue().encode()


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
