"""A chunk taken apart into rows and rejects, in the worker process."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from stance.datasets.jsonl import jsonl_records
from stance.datasets.records import (
    MAX_ROW,
    Record,
    Reject,
    csv_cells,
    named,
    plain_records,
    target_problem,
    text_problem,
    tsv_cells,
)
from stance.labelling.formats import Kind
from stance.labelling.sources import Chunk
from stance.labelling.strings import Strings

__all__ = ["Rows", "Task", "rows_of"]

_LONE = re.compile(r"\\u[dD][89a-fA-F]")
"""Half a surrogate pair as JSON writes it; only where one is found are rows looked at one by one."""
_ESCAPED = re.compile("[\ud800-\udfff]")
MAX_TEXT = 1_000_000
"""Letters of the longest text that is labelled: analysing it takes some hundred bytes a letter."""


@dataclass(frozen=True)
class Task:
    """What a worker must know besides the rows.

    Attributes
    ----------
    model : str or None
        The model folder; None for the installed model.
    source, target : Kind
        Formats of the input and of the output.
    header : tuple of str or None
        Columns of the input, where it names them.
    encoding : str
        Of the content of chunks.
    text_column : str
    target_column : str or None
    delimiter : str
        What parts the columns of CSV.
    abstain : float
        As :meth:`stance.Predictor.predict`.
    """

    model: str | None
    source: Kind
    target: Kind
    header: tuple[str, ...] | None
    encoding: str
    text_column: str
    target_column: str | None
    delimiter: str = ","
    abstain: float = 0.0

    @property
    def keeps_batches(self) -> bool:
        """Whether record batches stay in the main process, and only texts and labels are sent."""
        return self.source.format == self.target.format == "parquet"


@dataclass
class Rows:
    """The rows of a chunk that can be labelled.

    Attributes
    ----------
    lines : list of int
    texts : list of str
    targets : list of str or None
    records : list of dict
        Their columns; of batches that are kept in the main process, those of text and target.
    rejects : list of Reject
    contents : list of str
        The lines as they stand in JSONL; empty for other formats.
    """

    lines: list[int]
    texts: list[str]
    targets: list[str] | None
    records: list[dict[str, Any]]
    rejects: list[Reject]
    contents: list[str] = field(default_factory=list)

    @property
    def blank(self) -> int:
        """How many have no text."""
        return sum(not text or text.isspace() for text in self.texts)

    def without(self, bad: Sequence[Reject]) -> Rows:
        """Return the rows but those of the lines of some rejects."""
        lines = {reject.line for reject in bad}
        return self._kept([i for i, line in enumerate(self.lines) if line not in lines], bad)

    def only(self, line: int) -> Rows:
        """Return the rows of one line."""
        return self._kept([i for i, number in enumerate(self.lines) if number == line], [])

    def _kept(self, kept: list[int], bad: Sequence[Reject]) -> Rows:
        return Rows(
            [self.lines[i] for i in kept],
            [self.texts[i] for i in kept],
            None if self.targets is None else [self.targets[i] for i in kept],
            [self.records[i] for i in kept],
            sorted([*self.rejects, *bad], key=lambda r: r.line),
            [self.contents[i] for i in kept] if self.contents else [],
        )


def rows_of(task: Task, chunk: Chunk) -> Rows:
    """Take a chunk apart.

    Parameters
    ----------
    task : Task
    chunk : Chunk

    Returns
    -------
    Rows
    """
    if task.source.format == "parquet":
        return _parquet_rows(task, chunk)
    column = "text" if task.source.format == "txt" else task.text_column
    rows = Rows([], [], [] if task.target_column else None, [], [])
    for found in _records(task, chunk):
        if isinstance(found, Reject):
            rows.rejects.append(found)
        elif problem := _problem(found.fields, column, task.target_column):
            rows.rejects.append(Reject(found.line, problem, found.fields))
        else:
            rows.lines.append(found.line)
            rows.texts.append(found.fields[column])
            rows.records.append(found.fields)
            if found.content:
                rows.contents.append(found.content)
            if rows.targets is not None and task.target_column is not None:
                rows.targets.append(str(found.fields[task.target_column]))
    return rows


def _problem(fields: dict[str, Any], column: str, target: str | None) -> str:
    if problem := text_problem(fields, column):
        return problem
    if len(fields[column]) > MAX_TEXT:
        return f"the text has {len(fields[column])} letters; at most {MAX_TEXT} are labelled"
    return "" if target is None else target_problem(fields, target)


def _records(task: Task, chunk: Chunk) -> Iterable[Record | Reject]:
    kind = task.source.format
    text = chunk.content
    if isinstance(text, bytes):
        text = text.decode(task.encoding, "surrogateescape")
    suspect = not _is_clean(text) or (kind == "jsonl" and _LONE.search(text) is not None)
    suspect = suspect or len(text) > MAX_ROW
    found: Any
    if kind == "csv":
        found = csv_cells(io.StringIO(text, newline=""), chunk.line, task.delimiter)
    elif kind == "txt":
        found = plain_records(text, chunk.line)
    else:
        found = jsonl_records(text, chunk.line) if kind == "jsonl" else tsv_cells(text, chunk.line)
    if kind in ("csv", "tsv"):
        header = list(task.header or ())
        found = (r if isinstance(r, Reject) else named(r, header) for r in found)
    return _checked(found, task, raw=kind != "jsonl") if suspect else found


def _is_clean(text: str) -> bool:
    """Tell that no byte could not be decoded, and none is NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _checked(found: Iterable[Record | Reject], task: Task, raw: bool) -> Iterator[Record | Reject]:
    """Reject what cannot be written again as UTF-8."""
    for record in found:
        if isinstance(record, Reject):
            yield record
            continue
        try:
            content = json.dumps(record.fields, ensure_ascii=False)
        except RecursionError:
            yield Reject(record.line, "nested too deeply", str(record.line))
            continue
        bad = _ESCAPED.search(content)
        if bad is not None and "\udc80" <= bad[0] <= "\udcff":
            advice = "pass the right --encoding, for old Arabic Windows files cp1256"
            reason = f"byte 0x{ord(bad[0]) - 0xDC00:02x} is not {task.encoding}; {advice}"
        elif bad is not None:
            reason = f"\\u{ord(bad[0]):04x} is half a surrogate pair, which is no text"
        elif raw and "\\u0000" in content and any("\0" in v for v in record.fields.values()):
            reason = "a NUL is no text"
        elif len(content) > MAX_ROW:
            reason = f"longer than {MAX_ROW} letters"
        else:
            yield record
            continue
        yield Reject(record.line, reason, record.fields)


def _parquet_rows(task: Task, chunk: Chunk) -> Rows:
    columns = chunk.content
    if isinstance(columns, bytes):
        from stance.labelling.arrow import from_stream, values_of  # noqa: PLC0415  # pyarrow is an extra

        batch = from_stream(columns)
        columns = values_of(batch, batch.schema.names)
    columns = {c: v.values() if isinstance(v, Strings) else v for c, v in columns.items()}
    records = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    lines = list(range(chunk.line, chunk.line + len(records)))
    bad = []
    for line, fields in zip(lines, records, strict=True):
        errors = [v for v in fields.values() if isinstance(v, Exception)]
        if errors:
            bad.append(Reject(line, _unreadable(errors[0]), {c: str(v) for c, v in fields.items()}))
        elif problem := _problem(fields, task.text_column, task.target_column):
            bad.append(Reject(line, problem, fields))
    targets = None if task.target_column is None else [str(r.get(task.target_column)) for r in records]
    texts = [r[task.text_column] for r in records]
    rows = Rows(lines, texts, targets, records, [])
    return rows.without(bad) if bad else rows


def _unreadable(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"a text is not UTF-8 ({error.reason})"
    return f"a value cannot be read ({error})"
