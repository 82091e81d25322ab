"""What a speaker says and by which word: the cue, the kind of speech, and the spans of what is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stance.statements.finders import NameSpan
from stance.statements.quotes import Quotation
from stance.statements.tagging import Tagged, bare
from stance.statements.words import ATTRIBUTION, THAT

__all__ = ["KINDS", "Speech", "speech_of"]

KINDS = ("direct", "indirect", "mixed", "report")
"""Words in quotation marks or behind a colon; a clause of "that" or one attributed by "according to";
both; an act that is only told."""
_FEW = 2
"""Blanks between the words of a quotation that is more than a name or a doubt."""


class Speech(NamedTuple):
    """How something is said.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    cue : (int, int) or None
        Span of the word that introduces it, in characters of the article.
    content : tuple of (int, int)
        Spans of what is said, ordered, without overlap, quotation marks left out.
    """

    kind: str
    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]


def speech_of(
    text: str, start: int, end: int, tagged: Tagged, name: NameSpan | None, quotes: Sequence[Quotation]
) -> Speech:
    """Tell how a statement with a speaker says what it says.

    Parameters
    ----------
    text : str
        The article.
    start, end : int
        The statement's place.
    tagged : Tagged
        Its tokens.
    name : NameSpan, optional
        The speaker's name, if it has one.
    quotes : sequence of Quotation
        The article's quotations that touch the statement.

    Returns
    -------
    Speech
    """
    tokens = tagged.tokens
    if name and tagged.before[name.first] < 0 and tagged.norm(name.last + 1) == ":":
        return Speech("direct", None, _told(text, start + tokens[name.last + 1].end, end))
    cue = _cue(tagged, name)
    spoken = _quoted(text, start, end, quotes)
    behind = max(cue, name.last if name and name.first <= cue + 1 else -1)
    clause = _clause(tagged, behind)
    span = (start + tokens[cue].start, start + tokens[cue].end) if cue >= 0 else None
    if clause >= 0:
        told = _told(text, start + tokens[clause].end, end)
        outside = [piece for piece in spoken if told and piece[1] <= told[0][0]]
        mixed = outside or (told and _quoted(text, *told[0], quotes, 1))
        return Speech("mixed" if mixed else "indirect", span, (*outside, *told))
    if spoken:
        return Speech("direct", span, tuple(spoken))
    colon = _colon(tagged, max(cue, name.last if name else -1))
    if colon >= 0:
        return Speech("direct", span, _told(text, start + tokens[colon].end, end))
    if cue >= 0 and name and bare(tagged.norms[cue]) in ATTRIBUTION:
        told = _told(text, start, start + tokens[cue].start)
        if told:
            return Speech("indirect", span, told)
    return Speech("report", span, _told(text, start + tokens[behind].end if behind >= 0 else start, end))


def _told(text: str, a: int, b: int) -> tuple[tuple[int, int], ...]:
    """Return a span without the blanks and marks at its ends, or none if nothing is left."""
    a, b = _trim(text, a, b)
    return ((a, b),) if a < b else ()


def _cue(tagged: Tagged, name: NameSpan | None) -> int:
    """Return the token of the word that introduces the speech, or -1."""
    words, n = tagged.words, len(tagged)
    if name:
        j = tagged.before[name.first]
        if j >= 0 and (words[j].classes or bare(tagged.norms[j]) in ATTRIBUTION):
            return j
        for k in range(j, max(j - 5, -1), -1):
            if words[k].classes:
                return k
        for k in range(name.last + 1, min(name.last + 9, n)):
            if words[k].verb and words[k].classes and not tagged.quoted[k]:
                return k
        return j if j >= 0 and tagged.content[j] and name.first <= 2 else -1
    found = [k for k in range(n) if words[k].classes and not tagged.quoted[k]]
    return next((k for k in found if words[k].verb), found[0] if found else -1)


def _clause(tagged: Tagged, behind: int) -> int:
    """Return the token of the first "that" outside quotes behind a token, or -1."""
    for k in range(behind + 1, len(tagged)):
        if tagged.norms[k] in THAT and not tagged.quoted[k]:
            return k
        if tagged.norms[k] == ":":
            return -1
    return -1


def _colon(tagged: Tagged, behind: int) -> int:
    """Return the token of a colon that follows within eight tokens, or -1."""
    for k in range(behind + 1, min(behind + 9, len(tagged) - 1)):
        if tagged.norms[k] == ":":
            return k
    return -1


def _quoted(
    text: str, start: int, end: int, quotes: Sequence[Quotation], blanks: int = _FEW
) -> list[tuple[int, int]]:
    """Return what is quoted in the statement; one or two words in quotes are names or doubts."""
    found = []
    for quote in quotes:
        a, b = max(quote.start + 1, start), min(quote.end - quote.closed, end)
        a, b = _trim(text, a, b)
        if a >= b:
            continue
        lead = text[max(start, quote.start - 2) : quote.start].strip()
        goes_on = quote.start < start or quote.end > end
        if goes_on or lead.endswith(":") or text.count(" ", a, b) >= blanks:
            found.append((a, b))
    return found


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    """Take blanks and marks off both ends of a span."""
    while a < b and not (text[a].isalnum() or text[a] in "«“\"'(#@"):
        a += 1
    while a < b and not (text[b - 1].isalnum() or text[b - 1] in "»”\"')%؟!"):
        b -= 1
    return a, b
