"""Records of CSV, TSV and plain lines, the broken ones among them told apart from the others."""

from __future__ import annotations

import csv
import io
import math
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from stance.hints import did_you_mean

__all__ = [
    "MAX_FIELDS",
    "MAX_ROW",
    "Cells",
    "Record",
    "Reject",
    "csv_cells",
    "csv_pieces",
    "missing_column",
    "named",
    "plain_records",
    "target_problem",
    "text_problem",
    "tsv_cells",
]

MAX_ROW = 2**24
"""Letters (or bytes) of the longest row; what is longer is taken for a quotation mark left open, or no row."""
MAX_FIELDS = 2**14
"""Different names of columns or fields, as many as spreadsheets have columns.

A dict that outgrows the processor's cache takes the longer for a name the more there are: without this bound the
time of a row grew with the power 1.3 of its length.
"""
_MAX_CELL = 2**31 - 1
_SHOWN = 80


class Record(NamedTuple):
    """A row of a file with its columns.

    Attributes
    ----------
    line : int
        Where it begins in the file, from 1.
    fields : dict of str to object
    content : str
        The line as it stands in JSONL.
    """

    line: int
    fields: dict[str, Any]
    content: str = ""


class Reject(NamedTuple):
    """What stands in the place of a row and is none.

    Attributes
    ----------
    line : int
        Where it begins in the file, from 1.
    reason : str
    row : object
        What stands there: the line, its cells or its columns.
    """

    line: int
    reason: str
    row: Any


Cells: TypeAlias = tuple[int, list[str]]
"""Line and cells of a row whose columns have no names yet; a plain tuple, for millions go between processes."""


def plain_records(text: str, line: int = 1) -> Iterator[Record]:
    """Read plain lines as rows of one column ``text``.

    A line ends where str.splitlines says; its number counts line feeds, as editors do.

    Parameters
    ----------
    text : str
    line : int
        Number of its first line.

    Yields
    ------
    Record
    """
    for number, content in enumerate(text.split("\n"), line):
        for part in content.splitlines():
            if part and not part.isspace():
                yield Record(number, {"text": part})


def tsv_cells(text: str, line: int = 1) -> Iterator[Cells]:
    """Read lines of cells with tabs between them; parameters as :func:`plain_records`.

    IANA's text/tab-separated-values has no quoting; cells that a CSV writer quoted are taken out of it.
    """
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    start = line
    for cells in reader:
        if cells:
            yield start, [_unquote(cell) for cell in cells]
        start = line + reader.line_num


def _unquote(cell: str) -> str:
    if cell[:1] == '"' and len(cell) > 1 and cell[-1] == '"' and '"' not in cell[1:-1].replace('""', ""):
        return cell[1:-1].replace('""', '"')
    return cell


class _BrokenAgain(csv.Error):
    """A record that runs into what broke an earlier one."""


class _Feed:
    """Lines for csv.reader, which can be given back to be read again.

    Where a record broke off, every line behind its first began inside quotation marks.  A later record
    that is inside them at the beginning of one of these lines can only break off as that one did: it
    does so at once, or a file of such lines would take quadratic time.
    """

    def __init__(self, lines: Iterable[str], line: int) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.line = line
        self._taken: list[str] = []
        self._size = 0
        self._broken = 0
        self._why = ""

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._taken and self.line + len(self._taken) < self._broken:
            raise _BrokenAgain(self._why)
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        self._size += len(line)
        if self._size > MAX_ROW:
            raise csv.Error(f"longer than {MAX_ROW} letters")
        return line

    def begin(self) -> int:
        """Count the lines taken so far as read; return the number of the next one."""
        self.line += len(self._taken)
        self._taken.clear()
        self._size = 0
        return self.line

    def taken(self) -> str:
        """Return the lines taken since the last count."""
        return "".join(self._taken)

    def give_back(self) -> None:
        """Give all lines taken since the last count back."""
        self._again.extendleft(reversed(self._taken))
        self._taken.clear()
        self._size = 0

    def break_off(self, error: csv.Error) -> tuple[str, int]:
        """Give all lines of a broken record but the first back; return that one and how many there were."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self._taken = [first]
        end = self._broken if isinstance(error, _BrokenAgain) else self.line + 1 + len(others)
        if end > self._broken:
            self._broken, self._why = end, str(error)
        return first, end - self.line


def csv_cells(lines: Iterable[str], line: int = 1, delimiter: str = ",") -> Iterator[Cells | Reject]:
    """Read records of CSV.

    Where a record is broken, only its first line is rejected, and the next line begins a record: one
    quotation mark too many does not swallow the rows behind it.

    Parameters
    ----------
    lines : iterable of str
        With their ends, as files opened with ``newline=""`` have them.
    line : int
        Number of the first one.
    delimiter : str
        What parts the cells.

    Yields
    ------
    (int, list of str) or Reject
        Line and cells.
    """
    csv.field_size_limit(_MAX_CELL)
    feed = _Feed(lines, line)
    reader = csv.reader(feed, strict=True, delimiter=delimiter)
    while True:
        start = feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first, n_lines = feed.break_off(error)
            where = "" if n_lines == 1 else f"; a quotation mark stays open over {n_lines} lines"
            after = "" if n_lines == 1 else ", the lines behind this one were read as rows of their own"
            yield Reject(start, f"not CSV ({error}{where}{after})", first.rstrip("\r\n"))
            continue
        if cells:
            yield start, cells


def csv_pieces(lines: Iterable[str], delimiter: str = ",") -> Iterator[str]:
    """Cut CSV between its records, without reading those that stand on a line and have no quotation mark.

    Parameters
    ----------
    lines : iterable of str
        With their ends; the first begins a record.
    delimiter : str
        What parts the cells.

    Yields
    ------
    str
        The lines of one record, of a broken one its first, or a blank line: :func:`csv_cells` finds in
        any number of them together what it finds in the whole.
    """
    csv.field_size_limit(_MAX_CELL)
    feed = _Feed(lines, 1)
    reader = csv.reader(feed, strict=True, delimiter=delimiter)
    while True:
        feed.begin()
        try:
            line = next(feed)
            if '"' in line:
                feed.give_back()
                next(reader)
                line = feed.taken()
        except StopIteration:
            return
        except csv.Error as error:
            line, _ = feed.break_off(error)
        yield line


def named(cells: Cells, header: list[str]) -> Record | Reject:
    """Give cells the names of their columns.

    Parameters
    ----------
    cells : (int, list of str)
    header : list of str

    Returns
    -------
    Record or Reject
    """
    line, values = cells
    if len(values) != len(header):
        reason = f"{len(header)} columns are wanted as in the header, got {len(values)}"
        return Reject(line, reason, values)
    return Record(line, dict(zip(header, values, strict=True)))


_LONG_NAME = 40


def missing_column(column: str, columns: Iterable[str], option: str = "--text-column", fix: str = "") -> str:
    """Say that a column is not there, and how to name the right one.

    Parameters
    ----------
    column : str
    columns : iterable of str
        Those there are.
    option : str
        By which it is named.
    fix : str, optional
        What to do where no option names it.

    Returns
    -------
    str
    """
    names = list(columns)
    there = ", ".join(repr(_short(name)) for name in names) or "none"
    near = did_you_mean(column, (name for name in names if isinstance(name, str)))  # frames have others too
    fix = fix or f"name the right one with {option}"
    if len(names) == 1 and (sign := next((s for s in ";\t" if s in str(names[0])), "")):
        near = ""
        fix = (
            f"they seem to be separated by {sign!r}: read the file with that separator, which a .csv may have"
        )
    elif any(len(str(name)) > _LONG_NAME for name in names):
        fix = "the first line must name the columns"
    return f"there is no column {column!r}{near}; the columns are {there}; {fix}"


def _short(name: object) -> object:
    """Cut a name that is a sentence: the file has no line of names."""
    return f"{name[:_LONG_NAME]}…" if isinstance(name, str) and len(name) > _LONG_NAME else name


def target_problem(fields: dict[str, Any], column: str) -> str:
    """Say why a record holds no target; empty where it does.

    Parameters
    ----------
    fields : dict of str to object
    column : str
        The column of the target: a text, or a number.

    Returns
    -------
    str
    """
    if column not in fields:
        return missing_column(column, fields, "--target-column")
    value = fields[column]
    if isinstance(value, (str, int)) or (isinstance(value, float) and math.isfinite(value)):
        return ""
    return f"{column!r} must be a string or a number, got {_shown(value)}"


def _shown(value: Any) -> str:
    found = repr(value)
    return found if len(found) <= _SHOWN else found[:_SHOWN] + "\u2026"


def text_problem(fields: dict[str, Any], column: str, fix: str = "") -> str:
    """Say why a record holds no text; empty where it does.

    Parameters
    ----------
    fields : dict of str to object
    column : str
        The column of the text.
    fix : str, optional
        As :func:`missing_column`.

    Returns
    -------
    str
    """
    if column not in fields:
        return missing_column(column, fields, fix=fix)
    if not isinstance(fields[column], str):
        return f"{column!r} must be a string, got {_shown(fields[column])}"
    return ""
