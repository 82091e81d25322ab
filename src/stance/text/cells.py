"""Texts in the cells of a terminal, where letters have widths and lines one direction."""

from __future__ import annotations

import unicodedata

__all__ = ["cell_width", "char_width", "clean", "is_rtl", "isolate", "isolated"]

_FSI, _PDI = "\u2068", "\u2069"


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
    return sum(char_width(c) for c in text)


def char_width(char: str) -> int:
    """Count the terminal cells of a character."""
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


def isolated(text: str) -> str:
    """Put a text between isolates if it is written from right to left."""
    return isolate(text) if is_rtl(text) else text


def is_rtl(text: str) -> bool:
    """Tell whether a text has letters that are written from right to left."""
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)
