"""Where quotations begin and end in an article: mixed, nested, unbalanced, and over paragraphs.

One pass over the marks.  What is quoted is the outermost pair; marks inside it nest.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stance.statements.segment import LINE
from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = ["Quotation", "quotations"]

_MARK = re.compile(f"[{OPENING}{CLOSING}{STRAIGHT}]")
_SINGLE = frozenset("'‘’‛‟‹›")


class Quotation(NamedTuple):
    """A quotation's place, its marks included.

    Attributes
    ----------
    start, end : int
        In characters, end exclusive; an unclosed one ends with its paragraph.
    closed : bool
        Whether it has a closing mark.
    """

    start: int
    end: int
    closed: bool


class _Open:
    """A quotation that is not closed yet."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.depth = 1


def quotations(text: str) -> list[Quotation]:
    r"""Find the quotations of a text.

    Guillemets, curly and straight marks may be mixed: what opens with one may close with another.  A
    quotation that its paragraph leaves open goes on in the next one if that begins with an opening
    mark or has a closing mark before any other.

    Parameters
    ----------
    text : str
        An article; paragraphs stand on lines of their own.

    Returns
    -------
    list of Quotation
        Outermost ones only: ordered, without overlap.

    Examples
    --------
    >>> text = 'قال: “نعم، "الآن" وهنا". وأضاف: «لا.\nأبدا».'
    >>> [text[q.start : q.end] for q in quotations(text)]
    ['“نعم، "الآن" وهنا"', '«لا.\nأبدا»']
    """
    found: list[Quotation] = []
    current: _Open | None = None
    last = 0
    for line in LINE.finditer(text):
        if not line.group().strip():
            continue
        marks = [
            m.start()
            for m in _MARK.finditer(text, line.start(), line.end())
            if not _apostrophe(text, m.start())
        ]
        skip = -1
        if current:
            first = marks[0] if marks else -1
            if first >= 0 and not text[line.start() : first].strip() and text[first] not in CLOSING:
                skip = first  # the mark repeated at the head of a paragraph of the same quotation
                current.depth = 1
            elif first < 0 or _opens(text, first, 0):
                found.append(Quotation(current.start, last, False))
                current = None
        for at in marks:
            if at != skip:
                current = _step(text, at, current, found)
        last = line.start() + len(line.group().rstrip())
    if current:
        found.append(Quotation(current.start, last, False))
    return found


def _step(text: str, at: int, current: _Open | None, found: list[Quotation]) -> _Open | None:
    """Let one mark open, nest or close; a closing mark with nothing to close means nothing."""
    if current is None:
        return None if text[at] in CLOSING else _Open(at)
    if _opens(text, at, current.depth):
        current.depth += 1
        return current
    current.depth -= 1
    if current.depth:
        return current
    found.append(Quotation(current.start, at + 1, True))
    return None


def _opens(text: str, at: int, depth: int) -> bool:
    """Tell whether a mark opens, from its shape or, if it is straight, from the blanks around it."""
    mark = text[at]
    if mark in OPENING:
        return True
    if mark in CLOSING:
        return False
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    return not depth or (not before.strip() and bool(behind.strip()) and behind not in ".,،؛:!؟?)")


def _apostrophe(text: str, at: int) -> bool:
    """Tell whether a single mark stands inside a word."""
    return text[at] in _SINGLE and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()
