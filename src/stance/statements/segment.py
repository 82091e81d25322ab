"""Cutting an article into sentences, titles and sub-headings, with exact spans.

One pass over the characters that can end a sentence; every decision looks a bounded way around
its place, so that the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stance.statements.tails import says_who
from stance.statements.words import LETTERS
from stance.text import normalize
from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = ["BEHIND_CLOSING", "LINE", "Span", "behind_word", "closes_by_shape", "segment"]

LINE = re.compile("[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STOP = re.compile(r"[.!?\u061f\u06d4\u2026]+")
_BLANK = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BLANKS = " \t\u00a0"
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_EDGE = re.compile(rf"[\s{_INVISIBLE}]*")
_CLOSER = rf"(?:[{CLOSING}{STRAIGHT})\]]|(?<=\S)[{OPENING}](?=[\s.!?\u061f\u060c,\u061b]|$))"
"""A closing mark or bracket, or an opening mark in its place: “No.“"""
_CLOSERS = re.compile(rf"{_CLOSER}*")
_SURE_CLOSERS = re.compile(rf"[{CLOSING}{STRAIGHT})\]]*")
_SPACED_CLOSER = re.compile(rf"[{_BLANK}]+([{CLOSING}{STRAIGHT}])(?=[{_BLANK}]|$)")
_CLOSED = re.compile(rf"[{_BLANK}]*{_CLOSER}*")
_BEFORE_SENTENCE = re.compile(rf"[\s{_INVISIBLE}\u2013\u2014*\u2022-]*")
_LAST_WORD = re.compile(r"(?:^|[\s\W])([^\W\d_]+)$")
_NUMBERING = re.compile(r"[0-9\u0660-\u0669 \t\u0610-\u061a\u0640\u064b-\u065f\u0670\[\]+-]*")
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]+")
_LOOK_BACK = 24
_WIDEST_NUMBER = 200
"""Characters of an item's number, the blanks before it included."""
_LATIN_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "no", "vs", "prof", "gen", "col", "sgt", "sen", "inc"}
)
_LETTER = re.compile(rf"[وفبلك]?(?:ال)?(?:{'|'.join(sorted(LETTERS))})")
"""The name of a letter, with what may be written before an acronym."""
_QUOTE = re.compile(f"[{OPENING}{CLOSING}{STRAIGHT}]")
_MARKS_BEFORE = frozenset(".!?؟۔…%)")
BEHIND_CLOSING = frozenset(".!?؟۔…،,؛:)")
"""What stands behind a closing mark without a blank, never behind an opening one."""
_COMMAS = ("،", ",", "؛")
_NAME_WORDS = 3
"""Words from which on a quotation is no newspaper's name."""


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
    Dots of abbreviations and initials, of those spelled by the names of their letters, too, of
    decimals, dates and numbered lists, and runs of dots within a line do not end one, nor does a
    stop before a comma or, at the end of a quotation that a statement begins with, before who said it: ``«لن نرحل!» صرخ المختار.``  A quotation may run over
    several statements; marks need not be balanced.

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
    quotes = _OpenQuote()
    for line in LINE.finditer(text):
        quotes = _OpenQuote(quotes.goes_on)
        found = [_trim(text, a, b) for a, b in _cut(line.group(), line.start(), quotes)]
        found = [(a, b) for a, b in found if a < b]
        spans += [Span(start, end, paragraph) for start, end in found]
        paragraph += bool(found)
    return spans


def closes_by_shape(text: str, at: int) -> bool:
    """Tell whether a mark stands where only a closing one can: behind a word or a stop, before a blank.

    Parameters
    ----------
    text : str
    at : int
        Place of an opening or straight mark while a quotation is open.

    Returns
    -------
    bool

    Examples
    --------
    >>> closes_by_shape("قال: “نعم“ وسكت", 5), closes_by_shape("قال: “نعم“ وسكت", 9)
    (False, True)
    """
    behind = text[at + 1 : at + 2]
    placed = behind_word(text, at) or text[at - 1 : at] in _MARKS_BEFORE
    return placed and (not behind.strip() or behind in BEHIND_CLOSING)


def behind_word(text: str, at: int) -> bool:
    """Tell whether a letter, a digit or a vowel sign stands right before a place.

    Parameters
    ----------
    text : str
    at : int

    Returns
    -------
    bool

    Examples
    --------
    >>> behind_word("شكرًا“", 5), behind_word("لـ“", 2)
    (True, False)
    """
    before = text[at - 1 : at]
    return before != "\u0640" and (before.isalnum() or bool(_MARKS.match(before)))


class _OpenQuote:
    """Follows quotation marks through a paragraph.

    Attributes
    ----------
    fills : bool
        Whether the quotation that is open, or was closed last, begins with its sentence.
    begun : int
        Where it begins; -1 before the paragraph.
    """

    def __init__(self, carried: bool = False) -> None:
        self._paired = 0
        self._straight = False
        self._carried = carried  # a paragraph before it left a quotation open
        self._read = 0
        self.fills = carried
        self.begun = -1

    @property
    def inside(self) -> bool:
        return self._paired > 0 or self._straight

    @property
    def depth(self) -> int:
        return (self._paired + self._straight) or int(self._carried)

    @property
    def goes_on(self) -> bool:
        """Whether the next paragraph may begin inside it."""
        return self.depth > 0 and self.fills

    def read(self, line: str, end: int, first: int) -> None:
        """Read on to `end`; the sentence's first sign is at `first`."""
        for match in _QUOTE.finditer(line, self._read, end):
            self._take(line, match.start(), first)
        self._read = max(self._read, end)

    def _take(self, line: str, at: int, first: int) -> None:
        mark = line[at]
        if mark in STRAIGHT and mark != '"':
            return
        was_inside = self.inside
        if mark in CLOSING or (was_inside and mark in OPENING and closes_by_shape(line, at)):
            # a closing mark without its pair may close a straight one: mixtures are common
            if self._paired:
                self._paired -= 1
            else:
                self._straight = False
                self.fills = self.fills and (was_inside or self._carried)
        elif mark in OPENING:
            self._paired += 1
        else:
            self._straight = not self._straight
        self._carried = False
        if not was_inside and self.inside:
            self.fills = at == first
            self.begun = at


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    edge = _EDGE.match(text, start, end)
    start = edge.end() if edge else start
    while end > start and _EDGE.fullmatch(text, end - 1, end):
        end -= 1
    return start, end


def _cut(line: str, offset: int, quotes: _OpenQuote) -> Iterator[tuple[int, int]]:
    """Yield the spans of a line's sentences, blanks around them included."""
    start = 0
    first = _first_sign(line, 0)
    for stop in _STOP.finditer(line):
        if stop.start() < start or not _ends_sentence(line, start, stop):
            continue
        quotes.read(line, stop.start(), first)
        if _attributed(line, stop, quotes):
            continue
        closers = (_CLOSERS if quotes.depth else _SURE_CLOSERS).match(line, stop.end())
        end = closers.end() if closers else stop.end()
        if end > stop.end() and line.startswith(".", end):  # قال: «انتهى!».
            end += 1
        quotes.read(line, end, first)
        spaced = _SPACED_CLOSER.match(line, end)
        if spaced and (spaced.group(1) in CLOSING or quotes.inside):
            end = spaced.end()
            quotes.read(line, end, first)
        yield offset + start, offset + end
        start = end
        first = _first_sign(line, start)
    quotes.read(line, len(line), first)
    if start < len(line):
        yield offset + start, offset + len(line)


def _first_sign(line: str, start: int) -> int:
    edge = _BEFORE_SENTENCE.match(line, start)
    return edge.end() if edge else start


def _attributed(line: str, stop: re.Match[str], quotes: _OpenQuote) -> bool:
    """Tell whether the stop ends a quotation with which the sentence begins, and the rest of the sentence says whose it is."""
    if not quotes.fills:
        return False
    at = stop.start()
    if not quotes.depth:  # «لن نرحل عن بيوتنا». قال المختار.
        named = (
            quotes.begun >= 0 and len(line[quotes.begun : min(at, quotes.begun + 80)].split()) < _NAME_WORDS
        )
        return line[at - 1] in CLOSING + STRAIGHT and not named and says_who(line, stop.end(), stopped=True)
    closed = _CLOSED.match(line, stop.end())
    end = closed.end() if closed else stop.end()
    if len(_QUOTE.findall(line, stop.end(), end)) < quotes.depth:
        return False
    stopped = line.startswith(".", end)  # «لن نرحل!». قال المختار.
    return says_who(line, end + stopped, stopped=stopped)


def _ends_sentence(line: str, start: int, stop: re.Match[str]) -> bool:
    mark = stop.group()
    closers = _CLOSERS.match(line, stop.end())
    after = closers.end() if closers else stop.end()
    following = line[after : after + 3]
    if not following.strip():
        return True  # the line ends here
    if _comma_follows(line, stop.end()):
        return False  # «هل نقبل؟»، قال النائب
    if set(mark) <= {".", "\u2026"}:
        return len(mark) == 1 and mark == "." and _full_stop(line, start, stop.start(), after, following)
    return following[0].isspace() or after > stop.end() or following[0].isalpha()


def _comma_follows(line: str, at: int) -> bool:
    """Tell whether a comma stands behind a stop and the closing marks there."""
    closed = _CLOSED.match(line, at)
    end = closed.end() if closed else at
    return line[end : end + 3].lstrip(_BLANKS + ".").startswith(_COMMAS)


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
    if not tail or len(tail.group()) < 2 or not "\u0600" <= following[0] <= "\u06ff":
        return False
    return not (word and (len(word.group(1)) < 2 or _is_acronym(word.group(1), tail.group())))


def _is_acronym(word: str, following: str) -> bool:
    """Tell whether words on both sides of a dot are names of Latin letters, as in "B.B.C." spelled out."""
    return normalize(following) in LETTERS and bool(_LETTER.fullmatch(normalize(word)))
