"""What a speaker says and by which word: the cue, the kind of speech, and the spans of what is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining

from stance.statements.cue import (
    attributes,
    attribution_before,
    cue_of,
    is_attributed,
    is_circumstance,
    put_behind,
)
from stance.statements.cutting import NameSpan
from stance.statements.extent import own_end
from stance.statements.halves import own_part, part_of
from stance.statements.quotes import Quotation, is_name
from stance.statements.tagging import Tagged
from stance.statements.words import THAT
from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = ["KINDS", "Speech", "speech_of"]

KINDS = ("direct", "indirect", "mixed", "report")
"""Words in quotation marks or behind a colon; a clause of "that" or one attributed by "according to";
both; an act that is only told."""
_FEW = 2
"""Blanks between the words of a quotation that is more than a name or a doubt."""
_ADDRESS = 5
"""Tokens between a headline's speaker and its colon that tell whom it addresses."""
_LABELS = frozenset(["عاجل", "هام", "خاص", "تحديث", "فيديو", "بالفيديو", "صور", "بالصور", "حصري"])
"""Words that newsrooms put before headlines."""
_NESTED = 3
"""Pairs of marks around all of a span that are taken off."""
_MARKS = OPENING + CLOSING + STRAIGHT
_ANSWER = re.compile(r"ج\s*[:/-]")
"""What an interview's answer may be labelled with."""
_THEN = THAT | {"فان", "فانه", "فانها", "فانهم", "فاننا"}
"""Behind "according to her" a clause may also open so."""
_PREPOSITIONS = frozenset(["من", "عن", "الي", "علي"])
"""Between a participle of speech and what is said."""
_ASIDES = frozenset(["في", "خلال", "ايضا", "كذلك", "مجددا", "مره"])
"""What may stand between a participle of speech and its "that"."""
_WIDE = 8
"""Tokens of such asides."""


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
    if name:
        first, behind = own_part(tagged, name)
        if behind - first < len(tagged):
            part = part_of(tagged, first, behind)
            start, end = start + tagged.tokens[first].start, start + tagged.tokens[behind - 1].end
            name, tagged = NameSpan(name.first - first, name.last - first, name.skip), part
    named = _place(tagged, name, start) if name else (0, 0)
    quotes = [quote for quote in quotes if not is_name(text, quote, start, named)]
    colon = _heading(tagged, name) if name else -1
    if colon >= 0:
        return Speech("direct", None, _told(text, start + tagged.tokens[colon].end, end))
    cue = cue_of(text[start:end], tagged, name)
    kept = own_end(tagged, max(cue, name.last if name else -1))
    if kept < len(tagged):
        tagged = part_of(tagged, 0, kept)
        end = start + tagged.tokens[-1].end
    return _introduced(text, (start, end), tagged, name, cue, quotes)


def _introduced(
    text: str,
    place: tuple[int, int],
    tagged: Tagged,
    name: NameSpan | None,
    cue: int,
    quotes: Sequence[Quotation],
) -> Speech:
    """Tell how something is said by a cue, or by none."""
    (start, end), tokens = place, tagged.tokens
    put = put_behind(tagged)
    end = start + tokens[put].start if put >= 0 else end
    according = cue >= 0 and (attribution_before(tagged, cue) < cue or attributes(tagged.norms[cue]))
    spoken = _quoted(text, start, end, quotes, touched=_said_by(tagged, cue, name, start))
    behind = max(cue, _behind(tagged, name) if name and tagged.before[name.first] <= cue else -1)
    clause = _clause(tagged, behind, _THEN if according else THAT)
    span = (start + tokens[cue].start, start + tokens[cue].end) if cue >= 0 else None
    if clause >= 0:
        told = _told(text, start + tokens[clause].end, end)
        outside = [piece for piece in spoken if told and piece[1] <= told[0][0]]
        mixed = outside or (told and _quoted(text, *told[0], quotes, 1))
        return Speech("mixed" if mixed else "indirect", span, (*outside, *told))
    if spoken:
        at = _added(tagged, spoken[0][1] - start, behind)
        added = _told(text, start + tokens[at].end, end) if at >= 0 else ()
        outside = [piece for piece in spoken if not added or piece[1] <= added[0][0]]
        return Speech("mixed" if added else "direct", span, (*outside, *added))
    colon = _colon(tagged, max(cue, name.last if name else -1))
    if colon >= 0:
        return Speech("direct", span, _told(text, start + tokens[colon].end, end))
    if cue >= 0 and is_attributed(tagged, cue, name):
        told = _told(text, start, start + tokens[attribution_before(tagged, cue)].start)
        if not told and according and name:  # "according to her, the way is open"
            told = _told(text, start + tokens[name.last].end, end)
        if told:
            return Speech("indirect", span, told)
    return Speech("report", span, _told(text, start + tokens[behind].end if behind >= 0 else start, end))


def _place(tagged: Tagged, name: NameSpan, start: int) -> tuple[int, int]:
    """Return the characters of a name in the article."""
    tokens = tagged.tokens
    return start + tokens[name.first].start + name.skip, start + tokens[name.last].end


def _behind(tagged: Tagged, name: NameSpan) -> int:
    """Return the last token of a name, or the mark that closes the quotation marks around it."""
    marks = [k for k in (name.first - 1, name.last + 1) if 0 <= k < len(tagged) and k in tagged.quotes]
    return name.last + (len(marks) == 2)


def _added(tagged: Tagged, said: int, behind: int) -> int:
    """Return the token behind which a participle adds to a quotation what is not quoted, or -1.

    The quotation ends at the character `said` of the sentence; whoever speaks is introduced up to the token `behind`.
    """
    for k in range(behind + 1, len(tagged)):
        if tagged.tokens[k].start < said or tagged.quoted[k]:
            continue
        if is_circumstance(tagged, k):
            opener = -1 if attributes(tagged.norms[k]) else _opener(tagged, k)
            if opener >= 0:
                return opener
        elif tagged.words[k].verb and tagged.words[k].classes:
            return -1  # another clause, and perhaps another speaker
    return -1


def _opener(tagged: Tagged, k: int) -> int:
    """Return the token behind which begins what the participle at `k` introduces, or -1: "warning of", "noting that"."""
    following = tagged.norm(k + 1)
    if following in THAT:
        return k + 1
    if following in _PREPOSITIONS:
        return k + 2 if tagged.norm(k + 2) in THAT else k + 1 if _told_behind(tagged, k + 1) else -1
    if following in _ASIDES or following[:2] == "لل":
        clause = _clause(tagged, k, THAT)
        return clause if clause <= k + _WIDE else -1
    whole = tagged.words[k].classes in ("", "reporting")  # its object is what is said, and nobody addressed
    return k if whole and _told_behind(tagged, k) else -1


def _told_behind(tagged: Tagged, k: int) -> bool:
    """Tell whether what follows a token is no quotation: those are found by their marks."""
    return k + 1 < len(tagged) and tagged.content[k + 1]


def _heading(tagged: Tagged, name: NameSpan) -> int:
    """Return the token of the colon behind a name that begins a headline, or -1.

    Before it may stand marks and labels ("Urgent | Moscow: ..."), behind it whom it addresses.
    """
    if any(tagged.content[k] and tagged.norms[k] not in _LABELS for k in range(name.first)):
        return -1
    for k in range(name.last + 1, min(name.last + 2 + _ADDRESS, len(tagged))):
        if tagged.norms[k] == ":":
            addressed = k > name.last + 1 and tagged.norms[name.last + 1][:1] != "ل"
            return -1 if addressed else k
        if tagged.words[k].verb and tagged.words[k].classes:
            return -1
    return -1


def _told(text: str, a: int, b: int) -> tuple[tuple[int, int], ...]:
    """Return a span without the blanks and marks at its ends, or none if nothing is left."""
    a, b = _unquoted(text, *_trim(text, a, b))
    return ((a, b),) if a < b else ()


def _said_by(tagged: Tagged, cue: int, name: NameSpan | None, start: int) -> tuple[int, ...]:
    """Return the edges, in characters, of the verb of saying and of its subject: words quoted beside them were said."""
    if cue < 0 or "reporting" not in tagged.words[cue].classes.split("|") or attributes(tagged.norms[cue]):
        return ()
    if is_circumstance(tagged, cue):
        return (start + tagged.tokens[cue].end,)
    tokens = [tagged.tokens[cue], *((tagged.tokens[name.first], tagged.tokens[name.last]) if name else ())]
    return tuple(start + edge for token in tokens for edge in (token.start, token.end))


def _clause(tagged: Tagged, behind: int, that: frozenset[str]) -> int:
    """Return the token of the first "that" outside quotes behind a token, or -1."""
    for k in range(behind + 1, len(tagged)):
        if tagged.norms[k] in that and not tagged.quoted[k]:
            return k
        if tagged.norms[k] == ":" and not tagged.quoted[k]:
            return -1
    return -1


def _colon(tagged: Tagged, behind: int) -> int:
    """Return the token of a colon that follows within eight tokens, or -1."""
    for k in range(behind + 1, min(behind + 9, len(tagged) - 1)):
        if tagged.norms[k] == ":":
            return k
    return -1


def _quoted(
    text: str,
    start: int,
    end: int,
    quotes: Sequence[Quotation],
    blanks: int = _FEW,
    touched: Sequence[int] = (),
) -> list[tuple[int, int]]:
    """Return what is quoted in the statement; one or two words in quotes are names or doubts, but beside what was said."""
    found = []
    for quote in quotes:
        a, b = max(quote.start + 1, start), min(quote.end - quote.closed, end)
        a, b = _unquoted(text, *_trim(text, a, b))
        if quote.start < 0 or text[quote.start] not in _MARKS:  # an answer of an interview
            label = _ANSWER.match(text, a, b)
            a, b = _trim(text, label.end() if label else a, b)
        if a >= b:
            continue
        lead = text[max(start, quote.start - 2) : quote.start].strip()
        goes_on = quote.start < start or quote.end > end
        beside = any(_near(text, quote.end, edge) or _near(text, edge, quote.start) for edge in touched)
        if goes_on or beside or lead.endswith(":") or text.count(" ", a, b) >= blanks:
            found.append((a, b))
    return found


def _near(text: str, a: int, b: int) -> bool:
    """Tell whether nothing but a blank and a mark or two stands between two places."""
    return 0 <= b - a <= 3 and not any(c.isalnum() for c in text[a:b])


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    """Take blanks and marks off both ends of a span; vowel signs belong to their letters."""
    while a < b and not (text[a].isalnum() or text[a] in "«“\"'(#@"):
        a += 1
    while a < b and not (text[b - 1].isalnum() or combining(text[b - 1]) or text[b - 1] in "»”\"')%؟!"):
        b -= 1
    return a, b


def _unquoted(text: str, a: int, b: int) -> tuple[int, int]:
    """Take quotation marks off the ends of a span: those around all of it, and those without a partner in it."""
    for _ in range(_NESTED):
        if b - a < 2:
            break
        first, last = text[a], text[b - 1]
        inner = text[a + 1 : b - 1]
        opens, closes = first in OPENING + STRAIGHT, last in CLOSING + STRAIGHT
        if opens and closes and not any(c in _MARKS for c in inner):
            a, b = _trim(text, a + 1, b - 1)
        elif opens and not any(c in CLOSING + STRAIGHT for c in inner + last):
            a, b = _trim(text, a + 1, b)
        elif closes and not any(c in OPENING + STRAIGHT for c in first + inner):
            a, b = _trim(text, a, b - 1)
        else:
            break
    return a, b
