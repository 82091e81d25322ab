"""Cutting text into tokens, each with its span in the original.

A token is found on the *original* text and normalised by itself, so that the way back from a
normalised word to its place is its own ``start`` and ``end``.
"""

from __future__ import annotations

import re
from array import array
from functools import cache
from typing import NamedTuple

from stance.text.normalize import normalize

__all__ = [
    "CLOSING",
    "LONGEST",
    "OPENING",
    "STRAIGHT",
    "TOKEN",
    "Token",
    "character_kinds",
    "kind_of",
    "tokenize",
    "words",
]

LONGEST = 256
"""Letters of a token that tables of words look at and keep: no word is as long, marks included."""

_LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdc7"
    "\ufdf0-\ufdf9\ufdfc\ufe73\ufe75\ufe80-\ufefc"
)
_MARKS = (
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff\ufe70-\ufe72\ufe74\ufe76-\ufe7f"
)
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9"

OPENING = "«“„‹‘❝\ufd3f"
CLOSING = "»”›’❞\ufd3e"
STRAIGHT = "\"'‟‛＂"
_PUNCTUATION = r"\n.,;:!?()\[\]{}\u060c\u061b\u061f\u06d4\u2026\u2013\u2014\u2015\-"

_SYMBOL = r"\u2190-\u23ff\u2460-\u2775\u2794-\u2bff\U0001f000-\U0001faff"

_URL_CHAR = rf"[^\s<>{OPENING}{CLOSING}{STRAIGHT}]"
# possessive repeats: none of them has to give anything back, and none remembers every turn it took
_ARABIC = rf"[{_LETTERS}][{_LETTERS}{_MARKS}]*+(?:[{_INVISIBLE}]++[{_LETTERS}{_MARKS}]++)*+"
_TAG = rf"(?:[{_INVISIBLE}]*+[\w{_MARKS}]++)++"

TOKEN = re.compile(
    rf"(?:https?://|www\.){_URL_CHAR}*[\w/]"
    rf"|[@#]{_TAG}"
    rf"|{_ARABIC}"
    rf"|[{_DIGITS}]++(?:[.,:/\u066b\u066c\-][{_DIGITS}]++)*+[%\u066a]?"
    rf"|[^\W\d_{_LETTERS}]++"
    rf"|[{OPENING}{CLOSING}{STRAIGHT}]"
    rf"|[{_PUNCTUATION}]"
    rf"|[{_SYMBOL}]"
)
"""One token; linear in the text, for no alternative can match the same character in two ways."""

_CHARACTER_KINDS = tuple(
    re.compile(characters)
    for characters in (
        rf"[{_LETTERS}]",
        rf"[{_MARKS}]",
        rf"[{_INVISIBLE}]",
        rf"[{_DIGITS}]",
        rf"[^\W\d_{_LETTERS}]",
        rf"[{OPENING}{CLOSING}{STRAIGHT}{_PUNCTUATION}{_SYMBOL}]",
        r"\w",
        _URL_CHAR,
        r"[.,:/\u066b\u066c\-]",
        r"[%\u066a]",
    )
)
_QUOTES = frozenset(OPENING + CLOSING + STRAIGHT)
_IS_DIGIT = re.compile(rf"[{_DIGITS}]")
_IS_PUNCTUATION = re.compile(rf"[{_PUNCTUATION}]")
_IS_SYMBOL = re.compile(rf"[{_SYMBOL}]")


class Token(NamedTuple):
    """A token and its place: ``text[start:end]`` is its original spelling.

    Attributes
    ----------
    norm : str
        Normalised spelling.
    kind : str
        ``"word"``, ``"number"``, ``"mention"``, ``"hashtag"``, ``"url"``, ``"quote"``, ``"punctuation"`` or
        ``"symbol"`` (emoji, arrows, signs).
    start, end : int
        Span in the original text, in characters, end exclusive.
    """

    norm: str
    kind: str
    start: int
    end: int


@cache
def character_kinds(page: int) -> bytes:
    """Tell which of the sets of characters in :data:`TOKEN` 256 characters belong to.

    Parameters
    ----------
    page : int
        The characters are those from ``256 * page`` on.

    Returns
    -------
    bytes
        256 numbers of type uint16 in the machine's order of bytes: a bit for each set, in the order in
        which the compiled kernel names them.
    """
    characters = [chr(256 * page + i) for i in range(256)]
    kinds = [sum(1 << bit for bit, of in enumerate(_CHARACTER_KINDS) if of.match(c)) for c in characters]
    return array("H", kinds).tobytes()


def kind_of(raw: str) -> str:
    """Return the kind of a token that :data:`TOKEN` matched.

    Parameters
    ----------
    raw : str
        The token as it stands in the text.

    Returns
    -------
    str
        One of the kinds named in :class:`Token`.

    Examples
    --------
    >>> kind_of("#وقف_إطلاق_النار"), kind_of("3.5"), kind_of("«")
    ('hashtag', 'number', 'quote')
    """
    first = raw[0]
    if first in _QUOTES:
        return "quote"
    if first == "@":
        return "mention"
    if first == "#":
        return "hashtag"
    if _IS_DIGIT.match(first):
        return "number"
    if len(raw) == 1 and _IS_PUNCTUATION.match(first):
        return "punctuation"
    if _IS_SYMBOL.match(first):
        return "symbol"
    if "/" in raw or "." in raw:
        return "url"
    return "word"


def tokenize(text: str) -> list[Token]:
    """Cut a text into tokens of all kinds, in order.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Token
        Spans are inside the text, ordered and without overlap.

    Examples
    --------
    >>> [t.norm for t in tokenize("قالَ: «هدنة»!")]
    ['قال', ':', '«', 'هدنه', '»', '!']
    """
    return [Token(normalize(m.group()), kind_of(m.group()), m.start(), m.end()) for m in TOKEN.finditer(text)]


def words(text: str) -> list[Token]:
    """Cut a text into its words: the tokens without quotation marks, punctuation and symbols.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Token

    Examples
    --------
    >>> [(w.norm, w.start) for w in words("بنسبة 3.5% في #غزة_الآن")]
    [('بنسبه', 0), ('3.5%', 6), ('في', 11), ('#غزه_الان', 14)]
    """
    return [t for t in tokenize(text) if t.kind not in ("quote", "punctuation", "symbol")]
