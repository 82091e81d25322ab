"""Rows of text in files: JSONL, CSV, TSV and plain lines."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from stance.datasets.delimiters import delimiter_of
from stance.datasets.jsonl import jsonl_records
from stance.datasets.records import (
    MAX_FIELDS,
    Cells,
    Record,
    Reject,
    csv_cells,
    named,
    plain_records,
    text_problem,
    tsv_cells,
)
from stance.errors import DataError
from stance.hints import did_you_mean

__all__ = [
    "FORMATS",
    "INPUT_FORMATS",
    "Row",
    "check_header",
    "flat",
    "format_of",
    "one_line",
    "read_rows",
    "write_delimited",
    "write_jsonl",
]

FORMATS = ("jsonl", "csv", "tsv", "txt")
INPUT_FORMATS = (*FORMATS, "parquet")
"""What ``stance label`` reads."""
_PARTING = re.compile("[\t\r\n]+")
"""What would part a cell of TSV."""
_SHEETS = ("xlsx", "xls", "ods")
_SPREAD = ("probabilities", "sentiment_probabilities", "label_probabilities")


_OWN_COLON = re.compile(r":(?!//|\d+/)")
"""Not that of an address, nor that before its port."""


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

    def document(self, name: str) -> str:
        """Return the document that the row is of: its ``id`` up to a colon, or one of its own where it has none.

        Parameters
        ----------
        name : str
            Of the file.

        Returns
        -------
        str

        Examples
        --------
        >>> Row("نص", 3, {"id": "a:7"}).document("rows.csv"), Row("نص", 3).document("rows.csv")
        ('a', 'rows.csv:3')
        >>> Row("نص", 1, {"id": "https://news.example/a:7"}).document("rows.csv")
        'https://news.example/a'
        """
        given = self.fields.get("id")
        return f"{name}:{self.line}" if given in (None, "") else _OWN_COLON.split(str(given), maxsplit=1)[0]


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
        advice = "give the file such an ending or pass --input-format"
        if ending in _SHEETS:
            advice = "use CSV in UTF-8, which spreadsheets read and write too"
        raise DataError(
            f"{os.fspath(path)}: rows are read and written as {', '.join(FORMATS)}{did_you_mean(ending, FORMATS)}; {advice}"
        )
    return ending


def read_rows(
    text: str, name: str, file_format: str, text_column: str = "text", fix: str = ""
) -> Iterator[Row]:
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
    fix : str, optional
        What to do where it is missing and no ``--text-column`` names it.

    Yields
    ------
    Row

    Raises
    ------
    DataError
        If a row is malformed or has no text column; the message names the line and the columns there are.
    """
    column = "text" if file_format == "txt" else text_column
    for found in _records(text, name, file_format, column):
        if isinstance(found, Reject):
            raise DataError(f"{name}, line {found.line}: {found.reason}")
        if problem := text_problem(found.fields, column, fix):
            line = found.line if column in found.fields or file_format == "jsonl" else 1  # of the header
            raise DataError(f"{name}, line {line}: {problem}")
        yield Row(found.fields[column], found.line, found.fields)


def _records(text: str, name: str, file_format: str, column: str) -> Iterator[Record | Reject]:
    if file_format == "txt":
        yield from plain_records(text)
    elif file_format == "jsonl":
        yield from jsonl_records(text)
    else:
        found = tsv_cells(text) if file_format == "tsv" else _csv_cells(text, column)
        header: list[str] | None = None
        for cells in found:
            if isinstance(cells, Reject):
                yield cells
            elif header is None:
                header = check_header(cells[1], name)
            else:
                yield named(cells, header)


def _csv_cells(text: str, column: str) -> Iterator[Cells | Reject]:
    lines = io.StringIO(text, newline="")
    delimiter = delimiter_of(lines.readline(), column)
    lines.seek(0)
    return csv_cells(lines, delimiter=delimiter)


def check_header(header: list[str], name: str) -> list[str]:
    """Return the names of columns if no two are the same, and they are not too many.

    Parameters
    ----------
    header : list of str
    name : str
        How errors call the file.

    Returns
    -------
    list of str

    Raises
    ------
    DataError
        If two columns have the same name, or there are more than MAX_FIELDS.
    """
    if len(header) > MAX_FIELDS:
        raise DataError(
            f"{name}, line 1: {len(header)} columns are too many, at most {MAX_FIELDS} are read; "
            "keep the column of the texts and those you want beside it"
        )
    if len(set(header)) != len(header):
        raise DataError(f"{name}, line 1: two columns have the same name in {header!r}")
    return header


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
        if key in _SPREAD and isinstance(value, dict):
            cells.update({f"p_{k}": v for k, v in value.items()})
        elif isinstance(value, list) and not any(isinstance(v, list | dict | tuple) for v in value):
            cells[key] = "|".join(map(str, value)) or "none"
        elif isinstance(value, list | dict):
            cells[key] = json.dumps(value, ensure_ascii=False, default=str)
        elif isinstance(value, bytes):
            cells[key] = value.hex()
        else:
            cells[key] = value
    return cells


def one_line(value: Any) -> Any:
    r"""Return what may stand in a cell of TSV, which is read without quoting: a text without tabs and line ends.

    Parameters
    ----------
    value : object
        A text's tabs and line ends become blanks; others stay as they are.

    Returns
    -------
    object

    Examples
    --------
    >>> one_line("one\ttwo\r\nthree")
    'one two three'
    """
    return _PARTING.sub(" ", value) if isinstance(value, str) else value


def write_jsonl(rows: Iterable[Mapping[str, Any]], file: IO[str]) -> None:
    """Write rows as JSON lines, Arabic as it is.

    Parameters
    ----------
    rows : iterable of mapping
    file : text file
    """
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_delimited(
    rows: Iterable[Mapping[str, Any]], file: IO[str], delimiter: str, columns: Sequence[str]
) -> None:
    """Write rows with a header, each as it comes.

    Parameters
    ----------
    rows : iterable of mapping
        All with the same keys, a cell for each value, see :func:`flat`.
    file : text file
        Nothing is written before the first row has come.
    delimiter : str
    columns : sequence of str
        The header of a file without rows.
    """
    cells = iter(rows) if delimiter != "\t" else ({k: one_line(v) for k, v in row.items()} for row in rows)
    first = list(islice(cells, 1))  # before the header: what is wrong may be said when it is asked for
    writer = csv.DictWriter(
        file, list(first[0]) if first else columns, delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(chain(first, cells))
