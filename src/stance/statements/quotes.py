"""Where quotations begin and end in an article: mixed, nested, unbalanced, and over paragraphs.

One pass over the marks.  What is quoted is the outermost pair; marks inside it nest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from stance.statements.segment import BEHIND_CLOSING, LINE, behind_word, closes_by_shape
from stance.statements.words import NAMED_BODIES, NAMED_THINGS, THAT
from stance.text import normalize
from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = ["Quotation", "is_inside", "is_name", "quotations"]

_MARK = re.compile(f"[{OPENING}{CLOSING}{STRAIGHT}]")
_PARAGRAPHS = 5
"""Paragraphs without a mark through which a quotation may go on."""
_TATWEEL = "ـ"
_SINGLE = frozenset("'‘’‛‟‹›")
_LAST_WORD = re.compile(r"\w+$")
_FIRST_WORD = re.compile(r"\w+")
_CLITICS = "وفبلك"
_LONGEST_NOUN = 12
_LONGEST_NAME = 200
"""Characters of a name in quotation marks, the marks among them."""
_PLATFORMS = frozenset(
    ["تويتر", "فيسبوك", "فيس بوك", "الفيسبوك", "انستغرام", "انستقرام", "يوتيوب", "تلغرام", "تليغرام", "واتساب", "سناب شات", "اكس",
     "تيك توك"]
)  # fmt: skip
"""Where statements are posted."""
_LONGEST_PLATFORM = 2 + max(map(len, _PLATFORMS))
_NAME_WORDS = 6
"""Words that a name in quotation marks may have."""


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
    mark or has a closing mark before any other, and through a few without any mark before such a one.

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
    paragraphs = [
        (line.start(), line.start() + len(line.group().rstrip()), _marks(text, line.start(), line.end()))
        for line in LINE.finditer(text)
        if line.group().strip()
    ]
    for number, (start, end, marks) in enumerate(paragraphs):
        skip = -1
        if current:
            first = marks[0] if marks else -1
            if first >= 0 and not text[start:first].strip() and text[first] not in CLOSING:
                skip = first  # the mark repeated at the head of a paragraph of the same quotation
                current.depth = 1
            elif (first >= 0 and _opens(text, first, 0)) or not _closed_later(text, paragraphs, number):
                found.append(Quotation(current.start, last, False))
                current = None
        for at, following in zip(marks, [*marks[1:], -1], strict=False):
            if at != skip:
                current = _step(text, at, following, current, found)
        last = end
    if current:
        found.append(Quotation(current.start, last, False))
    return found


def is_name(text: str, quote: Quotation, start: int, name: tuple[int, int]) -> bool:
    """Tell whether quotation marks hold a name and nothing that was said.

    Parameters
    ----------
    text : str
        The article.
    quote : Quotation
    start : int
        Where the statement begins.
    name : (int, int)
        The characters of its speaker's name.

    Returns
    -------
    bool
        For marks in the speaker's name or right around it, around a platform's, and behind nouns that take a name: "the ship «...»".

    Examples
    --------
    >>> text = "قال «حزب الله» إن فيلم «ليل المدينة الطويل» سيعرض"
    >>> [is_name(text, quote, 0, (5, 13)) for quote in quotations(text)]
    [True, True]
    """
    if quote.end - quote.start > _LONGEST_NAME:  # nor is it looked at for every statement in it
        return False
    inner = text[quote.start + 1 : quote.end - quote.closed]
    a = quote.start + 1 + len(inner) - len(inner.lstrip())
    if name[0] <= a and a + len(inner.strip()) <= name[1]:
        return True
    if len(inner) <= _LONGEST_PLATFORM and normalize(inner.strip()) in _PLATFORMS:
        return True
    before = text[max(start, quote.start - _LONGEST_NOUN - 2) : max(start, quote.start)].rstrip()
    noun = _LAST_WORD.search(before)
    if not noun or not _takes_name(normalize(noun.group())):
        return False
    first = _FIRST_WORD.match(inner.lstrip())
    opens_clause = first is not None and normalize(first.group()) in THAT
    return not opens_clause and inner.count(" ") < _NAME_WORDS


def _takes_name(norm: str) -> bool:
    """Tell whether a noun is of those whose name stands behind them, a clitic or two before it perhaps."""
    for skip in (0, 1, 2):
        if norm[:skip].strip(_CLITICS):
            break
        word = norm[skip:]
        thing = word[2:] if word[:2] in ("ال", "لل") else word
        if word in NAMED_BODIES or thing in NAMED_THINGS:
            return True
    return False


def _marks(text: str, start: int, end: int) -> list[int]:
    """Return the places of quotation marks; a straight one written twice is one."""
    found: list[int] = []
    doubled = -1
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        if _apostrophe(text, at):
            continue
        if at == doubled:
            doubled = -1
            continue
        doubled = at + 1 if text[at] in STRAIGHT and text[at + 1 : at + 2] == text[at] else -1
        found.append(at)
    return found


def _closed_later(text: str, paragraphs: Sequence[tuple[int, int, list[int]]], number: int) -> bool:
    """Tell whether what is open before a paragraph is closed in it, or in one of the next that have any mark."""
    following = (marks for _, _, marks in paragraphs[number : number + _PARAGRAPHS] if marks)
    marks = next(following, None)
    return marks is not None and not _opens(text, marks[0], 0)


def _step(text: str, at: int, following: int, current: _Open | None, found: list[Quotation]) -> _Open | None:
    """Let one mark open, nest or close; a closing mark with nothing to close means nothing."""
    if current is None:
        return _Open(at) if _begins(text, at, following) else None
    if _opens(text, at, current.depth):
        current.depth += 1
        return current
    current.depth -= 1
    if current.depth:
        return current
    found.append(Quotation(current.start, at + 1, True))
    return None


def _begins(text: str, at: int, following: int) -> bool:
    """Tell whether a mark opens a quotation where none is open; `following` is the paragraph's next mark, or -1."""
    mark, before = text[at], text[at - 1 : at]
    if mark in OPENING:
        return True
    if mark in CLOSING:  # »نعم»: the key beside was hit
        return (not before.strip() or before == ":") and text[at + 1 : at + 2].isalnum()
    behind = _behind(text, at)
    if not behind_word(text, at) or (behind.strip() and behind not in BEHIND_CLOSING):
        return True
    if behind in BEHIND_CLOSING or before.isdigit():
        return False  # it closes what was never opened, or means inches
    # قال" نعم " is written too: what follows must be a mark that can only close
    return following >= 0 and text[following] in STRAIGHT and _ends_word(text, following)


def _behind(text: str, at: int) -> str:
    """Return the character behind a straight mark, or behind its double."""
    return text[at + 2 : at + 3] if text[at + 1 : at + 2] == text[at] else text[at + 1 : at + 2]


def _ends_word(text: str, at: int) -> bool:
    behind = _behind(text, at)
    return not behind.strip() or behind in BEHIND_CLOSING


def _opens(text: str, at: int, depth: int) -> bool:
    """Tell whether a mark opens while a quotation is open, from its shape and from what stands around it.

    At depth 0 a paragraph before left the quotation open.
    """
    mark = text[at]
    if mark in OPENING:
        return not closes_by_shape(text, at)
    if mark in CLOSING:
        return False
    if not depth:
        return not closes_by_shape(text, at)
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    begins = not before.strip() or before == _TATWEEL  # لـ"سبق"
    return begins and bool(behind.strip()) and behind not in ".,،؛:!؟?)"


def _apostrophe(text: str, at: int) -> bool:
    """Tell whether a single mark stands inside a word."""
    return text[at] in _SINGLE and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()


def is_inside(quotes: Sequence[Quotation], at: int) -> bool:
    """Tell whether a place lies inside a quotation.

    Parameters
    ----------
    quotes : sequence of Quotation
        In the order of the text.
    at : int

    Returns
    -------
    bool
    """
    k = bisect_left(quotes, (at,)) - 1
    return k >= 0 and quotes[k].end > at
