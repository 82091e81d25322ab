"""Taking blanks and marks off the ends of what is said."""

from __future__ import annotations

from unicodedata import combining

from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = ["trim", "unquoted"]

_NESTED = 3
"""Pairs of marks around all of a span that are taken off."""
_LINE = "\u0640"
"""Lengthens letters; no word begins with it, so that it stands for a dash there."""
_MARKS = OPENING + CLOSING + STRAIGHT


def trim(text: str, a: int, b: int) -> tuple[int, int]:
    """Take blanks and marks off both ends of a span; vowel signs belong to their letters.

    Parameters
    ----------
    text : str
    a, b : int
        The span, in characters, end exclusive.

    Returns
    -------
    (int, int)

    Examples
    --------
    >>> trim("، نعم، ", 0, 7)
    (2, 5)
    """
    while a < b and not ((text[a].isalnum() and text[a] != _LINE) or text[a] in "«“\"'(#@"):
        a += 1
    while a < b and not (text[b - 1].isalnum() or combining(text[b - 1]) or text[b - 1] in "»”\"')%؟!"):
        b -= 1
    return a, b


def unquoted(text: str, a: int, b: int) -> tuple[int, int]:
    """Take quotation marks off the ends of a span: those around all of it, and those without a partner in it.

    Parameters
    ----------
    text : str
    a, b : int
        The span, in characters, end exclusive.

    Returns
    -------
    (int, int)

    Examples
    --------
    >>> unquoted("«نعم»", 0, 5)
    (1, 4)
    """
    for _ in range(_NESTED):
        if b - a < 2:
            break
        first, last = text[a], text[b - 1]
        inner = text[a + 1 : b - 1]
        opens, closes = first in OPENING + STRAIGHT, last in CLOSING + STRAIGHT
        if opens and closes and not any(c in _MARKS for c in inner):
            a, b = trim(text, a + 1, b - 1)
        elif opens and not any(c in CLOSING + STRAIGHT for c in inner + last):
            a, b = trim(text, a + 1, b)
        elif closes and not any(c in OPENING + STRAIGHT for c in first + inner):
            a, b = trim(text, a, b - 1)
        else:
            break
    return a, b
