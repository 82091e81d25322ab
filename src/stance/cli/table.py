"""Tables for a terminal with Arabic in them: widths in cells, isolated directions, colour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from stance.cli.output import SHORT
from stance.pages import looks
from stance.text.cells import cell_width, char_width, clean, is_rtl, isolated

__all__ = ["Palette", "paint", "palette", "render", "wrap"]

_INDENT = 5
_DIM = "2"
_RESET = "\x1b[0m"
_CODES = ("", "38;5;36", "38;5;166", "38;5;32", "38;5;175", "38;5;172", "38;5;74", "38;5;142")
"""Of a terminal's 256 colours those nearest to Okabe and Ito's (2008), in the order of ``pages/base.css``; the
blue is a step lighter, to be read on black."""
_OTHERS = {"head": "1", "neutral": _DIM, "-": _DIM}

Palette = Mapping[str, str]
"""Colours by the words that get them; empty where there are none."""


def palette(labels: Iterable[str], colour: bool) -> Palette:
    """Return the colours of labels, which are those they have on pages.

    Parameters
    ----------
    labels : iterable of str
    colour : bool
        Whether there are colours at all.

    Returns
    -------
    mapping of str to str
        Also by the short names of labels, and of ``"head"``.

    Examples
    --------
    >>> palette(["warning", "calling_for_ceasefire"], True)["ceasefire"]
    '38;5;32'
    """
    if not colour:
        return {}
    codes = {label: _CODES[int(look.css[1:])] for label, look in looks(labels).items()}
    return {**codes, **{SHORT[label]: code for label, code in codes.items() if label in SHORT}, **_OTHERS}


def paint(text: str, code: str) -> str:
    """Colour a text, or leave it where there is no colour."""
    return f"\x1b[{code}m{text}{_RESET}" if code and text else text


def _paint_labels(cell: str, text: str, colours: Palette) -> str:
    """Colour a cell that holds a label, or several."""
    if text in colours:
        return paint(cell, colours[text])
    words = text.split()
    if len(words) < 2 or not all(word in colours for word in words):
        return cell
    return cell.replace(text, " ".join(paint(word, colours[word]) for word in words))


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
        size += char_width(char)
        if size > width:
            pieces.append("")
            size = char_width(char)
        pieces[-1] += char
    return pieces


def render(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    colours: Palette,
    prose: Collection[int] = (),
    below: Sequence[Sequence[str]] = (),
    room: int = 0,
) -> str:
    """Lay out a table.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequence of str
        One cell per column; long cells are wrapped.
    widths : sequence of int
        Of the columns, in terminal cells.
    colours : Palette
        Of cells that name labels.
    prose : collection of int
        Columns of sentences, set flush to the side where their reading begins.
    below : sequence of sequence of str
        Sentences for each row, set under its cells.
    room : int
        Cells for them, where the table itself is narrower.

    Returns
    -------
    str
        Lines that end with a newline; no line is wider than the widths and the gaps of two cells, or `room`.
    """

    def cell(text: str, column: int) -> str:
        return _pad(isolated(text), widths[column], column in prose and is_rtl(text))

    columns = range(len(widths))
    whole = max(room, sum(widths) + 2 * (len(widths) - 1)) - _INDENT
    head = colours.get("head", "")
    lines = [_line([paint(cell(header[k], k), head) for k in columns])]
    lines.append(_line(["\u2500" * w for w in widths]))
    for n_row, row in enumerate(rows):
        wrapped = [wrap(text, width) for text, width in zip(row, widths, strict=True)]
        for n in range(max(map(len, wrapped))):
            parts = [w[n] if n < len(w) else "" for w in wrapped]
            lines.append(_line([_paint_labels(cell(parts[k], k), parts[k], colours) for k in columns]))
        for text in below[n_row] if below else ():
            rtl = is_rtl(text)
            lines += [
                _line([" " * (_INDENT - 2), _pad(isolated(line), whole, rtl)]) for line in wrap(text, whole)
            ]
    return "".join(lines)


def _pad(text: str, width: int, right: bool) -> str:
    blank = " " * (width - cell_width(text))
    return blank + text if right else text + blank


def _line(cells: Sequence[str]) -> str:
    return "  ".join(cells).rstrip() + "\n"
