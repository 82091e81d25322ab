"""Lists: lines that a colon introduces and dashes, dots or numbers count, which are said by whoever speaks before it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from stance.statements.quotes import Quotation, is_inside
from stance.statements.segment import LINE

__all__ = ["ITEM", "introduced", "listed"]

_ORDINALS = "أول|اول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر"
ITEM = re.compile(
    r"(?:[-–—*•●▪■◦‣·]"
    r"|[(\[]?[0-9\u0660-\u0669]{1,2}\s*[)\].:/–—-]+"
    r"|[(\[]?[ء-ي]\s*[)\].–—-]"
    rf"|(?:{_ORDINALS})(?:اً|ًا|ا)\s*[:،–—-])"
    '[\\s\u200e\u200f]*(?=[^\\W\\d_]|[«“"(\u0640])'
)
"""What an item begins with; behind it stands a word: "12:30" and "7/10 days" are none."""


def listed(text: str) -> list[Quotation]:
    r"""Find the lists of an article.

    Parameters
    ----------
    text : str
        Paragraphs, and the items of lists, stand on lines of their own.

    Returns
    -------
    list of Quotation
        In order, each from the colon to the end of the last item.

    Examples
    --------
    >>> text = "ودعت اللجنة إلى:\n- فتح المعابر.\n- تبادل الأسرى.\nوغادر الوفد مساء."
    >>> [text[found.start : found.end] for found in listed(text)]
    [':\n- فتح المعابر.\n- تبادل الأسرى.']
    """
    found: list[Quotation] = []
    colon = -1
    for line in LINE.finditer(text):
        words = line.group().strip()
        if not words:
            continue
        start = line.start() + line.group().index(words[0])
        end = start + len(words)
        if not ITEM.match(text, start, end):
            colon = end - 1 if words[-1] == ":" else -1
        elif colon >= 0 and found and found[-1].start == colon:
            found[-1] = Quotation(colon, end, False)
        elif colon >= 0:
            found.append(Quotation(colon, end, False))
    return found


def introduced(
    lists: Sequence[Quotation], quotes: Sequence[Quotation], ends: Sequence[int], named: Sequence[int]
) -> list[Quotation]:
    """Return the lists that somebody says, each as far as the first item in which somebody is named to speak.

    Parameters
    ----------
    lists : sequence of Quotation
        As :func:`listed` gives them.
    quotes : sequence of Quotation
        The article's quotations, in order: a list inside one is part of it.
    ends : sequence of int
        Where the statements end in which somebody speaks, in order.
    named : sequence of int
        Where the statements begin in which somebody is named to speak, in order.

    Returns
    -------
    list of Quotation
        In order.

    Examples
    --------
    >>> introduced([Quotation(7, 40, False), Quotation(60, 90, False)], [], [8, 50], [0, 30])
    [Quotation(start=7, end=30, closed=False)]
    """
    found = []
    for one in lists:
        k, first = bisect_left(ends, one.start + 1), bisect_left(named, one.start)
        if one.start + 1 in ends[k : k + 1] and not is_inside(quotes, one.start):
            found.append(one._replace(end=min([one.end, *named[first : first + 1]])))
    return found
