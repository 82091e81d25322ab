"""Cutting an article into sentences, titles and sub-headings, with exact spans.

One pass over the characters that can end a sentence; every decision looks a bounded way around
its place, so that the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = ["LINE", "Span", "segment"]

LINE = re.compile("[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STOP = re.compile(r"[.!?\u061f\u06d4\u2026]+")
_BLANK = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_EDGE = re.compile(rf"[\s{_INVISIBLE}]*")
_CLOSERS = re.compile(rf"[{CLOSING}{STRAIGHT})\]]*")
_SPACED_CLOSER = re.compile(rf"[{_BLANK}]+([{CLOSING}{STRAIGHT}])(?=[{_BLANK}]|$)")
_LAST_WORD = re.compile(r"(?:^|[\s\W])([^\W\d_]+)$")
_NUMBERING = re.compile(r"[0-9\u0660-\u0669 \t\u0610-\u061a\u0640\u064b-\u065f\u0670\[\]+-]*")
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]+")
_LOOK_BACK = 24
_WIDEST_NUMBER = 200
"""Characters of an item's number, the blanks before it included."""
_LATIN_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "no", "vs", "prof", "gen", "col", "sgt", "sen", "inc"}
)
_QUOTE = re.compile(f"[{OPENING}{CLOSING}{STRAIGHT}]")


class Span(NamedTuple):
    """A statement's place in the text.

    Attributes
    ----------
    start, end : int
        In characters, end exclusive.
    paragraph : int
        Number of the line it stands on, blank lines not counted.
    """

    start: int
    end: int
    paragraph: int


def segment(text: str) -> list[Span]:
    r"""Cut a text into statements.

    A line is a paragraph, a title or a sub-heading.  Within it a statement ends with a full stop,
    an exclamation or a question mark, Arabic or Latin, and the closing quotation marks behind it.
    Dots of abbreviations and initials, decimals, dates and numbered lists, and runs of dots within
    a line do not end one.  A quotation may run over several statements; marks need not be balanced.

    Parameters
    ----------
    text : str
        An article.

    Returns
    -------
    list of Span
        Ordered, without overlap, never empty or blank.

    Examples
    --------
    >>> text = "عنوان الخبر\nقال د. سالم إن النسبة 3.5 %. وأضاف: «انتهى الأمر»."
    >>> [text[s.start:s.end] for s in segment(text)]
    ['عنوان الخبر', 'قال د. سالم إن النسبة 3.5 %.', 'وأضاف: «انتهى الأمر».']
    """
    spans: list[Span] = []
    paragraph = 0
    for line in LINE.finditer(text):
        found = [_trim(text, a, b) for a, b in _cut(line.group(), line.start())]
        found = [(a, b) for a, b in found if a < b]
        spans += [Span(start, end, paragraph) for start, end in found]
        paragraph += bool(found)
    return spans


class _OpenQuote:
    """Follows quotation marks through a paragraph."""

    def __init__(self) -> None:
        self._paired = 0
        self._straight = False

    @property
    def inside(self) -> bool:
        return self._paired > 0 or self._straight

    def read(self, text: str) -> None:
        for mark in _QUOTE.finditer(text):
            if mark.group() in OPENING:
                self._paired += 1
            elif mark.group() in CLOSING:
                # a closing mark without its pair may close a straight one: mixtures are common
                if self._paired:
                    self._paired -= 1
                else:
                    self._straight = False
            elif mark.group() == '"':
                self._straight = not self._straight


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    edge = _EDGE.match(text, start, end)
    start = edge.end() if edge else start
    while end > start and _EDGE.fullmatch(text, end - 1, end):
        end -= 1
    return start, end


def _cut(line: str, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of a line's sentences, blanks around them included."""
    start = 0
    quotes = _OpenQuote()
    read = 0
    for stop in _STOP.finditer(line):
        if stop.start() < start or not _ends_sentence(line, start, stop):
            continue
        closers = _CLOSERS.match(line, stop.end())
        end = closers.end() if closers else stop.end()
        if end > stop.end() and line.startswith(".", end):  # قال: «انتهى!».
            end += 1
        quotes.read(line[read:end])
        read = end
        spaced = _SPACED_CLOSER.match(line, end)
        if spaced and (spaced.group(1) in CLOSING or quotes.inside):
            end = spaced.end()
            quotes.read(line[read:end])
            read = end
        yield offset + start, offset + end
        start = end
    if start < len(line):
        yield offset + start, offset + len(line)


def _ends_sentence(line: str, start: int, stop: re.Match[str]) -> bool:
    mark = stop.group()
    closers = _CLOSERS.match(line, stop.end())
    after = closers.end() if closers else stop.end()
    following = line[after : after + 3]
    if not following.strip():
        return True  # the line ends here
    if set(mark) <= {".", "\u2026"}:
        return len(mark) == 1 and mark == "." and _full_stop(line, start, stop.start(), after, following)
    return following[0].isspace() or after > stop.end() or following[0].isalpha()


def _full_stop(line: str, start: int, at: int, after: int, following: str) -> bool:
    """Tell whether a single dot within a line ends a sentence."""
    if following[0] in ".,:;،؛)]":
        return False
    before = _MARKS.sub("", line[max(start, at - _LOOK_BACK) : at]).rstrip()
    word = _LAST_WORD.search(before)
    if word:
        letters = word.group(1)
        lead = before[: word.start(1)].rstrip()
        dated = bool(lead) and lead[-1].isdigit()  # 1440 هـ. and 2015 م.
        if len(letters) == 1 and not dated:
            return False
        if letters.lower() in _LATIN_TITLES:
            return False
    elif (
        before
        and before[-1].isdigit()
        and at - start < _WIDEST_NUMBER
        and _NUMBERING.fullmatch(line, start, at)
    ):
        return False  # "1." numbers an item
    if following[0].isspace() or after > at + 1:
        return True
    if not following[0].isalpha():
        return following[0] in OPENING + STRAIGHT
    # no blank after the dot: "انتهى.وقال" ends a sentence, "ا.ف.ب" and "example.com" do not
    tail = re.match(r"[^\W\d_]+", line[after : after + _LOOK_BACK])
    arabic = "\u0600" <= following[0] <= "\u06ff"
    return arabic and bool(tail and len(tail.group()) > 1) and not (word and len(word.group(1)) < 2)
