"""Rows of text in files: JSONL, CSV, TSV and plain lines."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from stance.errors import DataError

__all__ = [
    "FORMATS",
    "Row",
    "flat",
    "format_of",
    "read_rows",
    "write_jsonl",
]

FORMATS = ("jsonl", "csv", "tsv", "txt")
_MAX_FIELD = 2**31 - 1


@dataclass(frozen=True)
class Row:
    """One row of a file.

    Attributes
    ----------
    text : str
    line : int
        Where it begins in the file, from 1.
    fields : dict of str to object
        All columns, the text too.
    """

    text: str
    line: int
    fields: dict[str, Any] = field(default_factory=dict)


def format_of(path: str | os.PathLike[str], given: str | None = None) -> str:
    """Return the format of a file of rows, by option or by the ending of its name.

    Parameters
    ----------
    path : path-like
    given : str, optional
        One of :data:`FORMATS`, which then decides.

    Returns
    -------
    str

    Raises
    ------
    DataError
        If neither says what it is.
    """
    ending = given or Path(path).suffix.lstrip(".").lower()
    ending = {"json": "jsonl", "ndjson": "jsonl", "text": "txt", "tab": "tsv"}.get(ending, ending)
    if ending not in FORMATS:
        raise DataError(
            f"{os.fspath(path)}: rows are read and written as {', '.join(FORMATS)}; "
            "give the file such an ending or pass --input-format or --format"
        )
    return ending


def read_rows(text: str, name: str, file_format: str, text_column: str = "text") -> Iterator[Row]:
    """Read the rows of a file's content.

    Parameters
    ----------
    text : str
        The content, as :func:`read_text` returns it.
    name : str
        How errors call the file.
    file_format : {"jsonl", "csv", "tsv", "txt"}
    text_column : str
        The column that holds the text.

    Yields
    ------
    Row

    Raises
    ------
    DataError
        If a row is malformed or has no text column; the message names the line and the columns there are.
    """
    if file_format == "txt":
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield Row(line, number, {"text": line})
        return
    records = _read_jsonl(text, name) if file_format == "jsonl" else _read_delimited(text, name, file_format)
    for number, record in records:
        if text_column not in record:
            raise DataError(
                f"{name}, line {number}: there is no column {text_column!r}; "
                f"the columns are {', '.join(map(repr, record)) or 'none'}; name the right one with --text-column"
            )
        value = record[text_column]
        if not isinstance(value, str):
            raise DataError(f"{name}, line {number}: {text_column!r} must be a string, got {value!r}")
        yield Row(value, number, record)


def _read_jsonl(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            raise DataError(f"{name}, line {number}: not a JSON object on one line ({reason})") from None
        if not isinstance(record, dict):
            raise DataError(f"{name}, line {number}: a JSON object is wanted, got {type(record).__name__}")
        yield number, record


def _read_delimited(text: str, name: str, file_format: str) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(_MAX_FIELD)
    source = io.StringIO(text, newline="")
    if file_format == "tsv":
        # IANA's text/tab-separated-values has no quoting; cells that a CSV writer quoted are taken out of it.
        reader = csv.reader(source, delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(source, strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for record in reader:
            cells = [_unquote(cell) for cell in record] if file_format == "tsv" else record
            if header is None:
                header = cells
                if len(set(header)) != len(header):
                    raise DataError(f"{name}, line 1: two columns have the same name in {header!r}")
            elif cells:
                if len(cells) != len(header):
                    raise DataError(
                        f"{name}, line {line}: {len(header)} columns are wanted as in the header, got {len(cells)}"
                    )
                yield line, dict(zip(header, cells, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{name}, line {line}: not {file_format.upper()} ({error})") from None


def _unquote(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', ""):
        return cell[1:-1].replace('""', '"')
    return cell


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give every value of a row a cell: lists joined by ``|``, probabilities a column each.

    Parameters
    ----------
    row : mapping

    Returns
    -------
    dict of str to object

    Examples
    --------
    >>> flat({"stances": [], "probabilities": {"warning": 0.5}})
    {'stances': 'none', 'p_warning': 0.5}
    """
    cells: dict[str, Any] = {}
    for key, value in row.items():
        if key in ("probabilities", "sentiment_probabilities", "label_probabilities") and isinstance(
            value, dict
        ):
            cells.update({f"p_{k}": v for k, v in value.items()})
        elif isinstance(value, list):
            cells[key] = "|".join(map(str, value)) or "none"
        elif isinstance(value, dict):
            cells[key] = json.dumps(value, ensure_ascii=False)
        else:
            cells[key] = value
    return cells


def write_jsonl(rows: Iterable[Mapping[str, Any]], file: IO[str]) -> None:
    """Write rows as JSON lines, Arabic as it is.

    Parameters
    ----------
    rows : iterable of mapping
    file : text file
    """
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
