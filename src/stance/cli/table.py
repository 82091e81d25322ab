"""Tables for a terminal with Arabic in them: widths in cells, isolated directions, colour."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

__all__ = ["COLOURS", "cell_width", "isolate", "paint", "render", "wrap"]

_FSI, _PDI = "\u2068", "\u2069"
_RESET = "\x1b[0m"
COLOURS = {
    "supportive": "\x1b[32m",
    "warning": "\x1b[33m",
    "ceasefire": "\x1b[36m",
    "calling_for_ceasefire": "\x1b[36m",
    "none": "\x1b[2m",
    "positive": "\x1b[32m",
    "negative": "\x1b[31m",
    "neutral": "\x1b[2m",
    "head": "\x1b[1m",
}


def cell_width(text: str) -> int:
    """Count the terminal cells of a text: marks and controls take none, wide letters two.

    Parameters
    ----------
    text : str

    Returns
    -------
    int

    Examples
    --------
    >>> cell_width("هُدنة"), cell_width("和平")
    (4, 4)
    """
    return sum(_char_width(c) for c in text)


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clean(text: str) -> str:
    """Make a text safe for one line of a terminal: no controls, no direction marks of its own."""
    return "".join(
        " " if c in "\n\r\t" else c
        for c in text
        if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )


def isolate(text: str) -> str:
    """Put a text between isolates, so that its direction does not move its neighbours."""
    return f"{_FSI}{text}{_PDI}" if text else text


def paint(text: str, name: str, colour: bool) -> str:
    """Colour a text by the name of a label, or leave it."""
    return f"{COLOURS[name]}{text}{_RESET}" if colour and name in COLOURS else text


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` cells, between words where there are some.

    Parameters
    ----------
    text : str
    width : int

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrap("دعا إلى وقف إطلاق النار", 10)
    ['دعا إلى', 'وقف إطلاق', 'النار']
    """
    lines = [""]
    used = 0
    for word in clean(text).split():
        for piece in _pieces(word, width):
            size = cell_width(piece)
            if used and used + 1 + size > width:
                lines.append("")
                used = 0
            lines[-1] += (" " if used else "") + piece
            used += size + (used > 0)
    return lines


def _pieces(word: str, width: int) -> list[str]:
    if cell_width(word) <= width:
        return [word]
    pieces = [""]
    size = 0
    for char in word:
        size += _char_width(char)
        if size > width:
            pieces.append("")
            size = _char_width(char)
        pieces[-1] += char
    return pieces


def render(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    colour: bool,
    right: Collection[int] = (),
) -> str:
    """Lay out a table.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequence of str
        One cell per column; long cells are wrapped.
    widths : sequence of int
        Of the columns, in terminal cells.
    colour : bool
        Whether cells that name a label are coloured.
    right : collection of int
        Columns of numbers, set flush right.

    Returns
    -------
    str
        Lines that end with a newline; no line is wider than the widths and the gaps of two cells.
    """

    def cell(text: str, column: int) -> str:
        return _pad(isolate(text) if _is_rtl(text) else text, widths[column], column in right)

    columns = range(len(widths))
    lines = [_line([paint(cell(header[k], k), "head", colour) for k in columns])]
    lines.append(_line(["\u2500" * w for w in widths]))
    for row in rows:
        wrapped = [wrap(text, width) for text, width in zip(row, widths, strict=True)]
        for n in range(max(map(len, wrapped))):
            parts = [w[n] if n < len(w) else "" for w in wrapped]
            lines.append(_line([paint(cell(parts[k], k), parts[k], colour) for k in columns]))
    return "".join(lines)


def _is_rtl(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    blank = " " * (width - cell_width(text))
    return blank + text if right else text + blank


def _line(cells: Sequence[str]) -> str:
    return "  ".join(cells).rstrip() + "\n"
