"""What a speaker says and by which word: the cue, the kind of speech, and the spans of what is said."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from stance.actors.gazetteer import ActorMatch
from stance.statements.afterwords import afterword
from stance.statements.attribution import (
    attributes,
    attribution_before,
    goes_on_behind,
    is_attributed,
    put_behind,
)
from stance.statements.cue import cue_of
from stance.statements.cutting import NameSpan
from stance.statements.edges import edges_of_speech
from stance.statements.extent import is_another, own_end
from stance.statements.gender import is_feminine, is_present
from stance.statements.halves import own_part, part_of
from stance.statements.labels import begins_headline
from stance.statements.lead_ins import lead_in_end
from stance.statements.lists import ITEM
from stance.statements.number import numbers
from stance.statements.participles import opens_with_participle
from stance.statements.quotes import Quotation, is_name
from stance.statements.speech_acts import JOINING, Agreement, clause_of, further_acts
from stance.statements.tagging import Tagged
from stance.statements.tails import SAYING
from stance.statements.that import first_that, told_that
from stance.statements.trimming import trim, unquoted
from stance.statements.words import PAUSES, SO, THAT
from stance.text.tokens import CLOSING, OPENING, STRAIGHT

__all__ = ["KINDS", "Speech", "speech_of"]

KINDS = ("direct", "indirect", "mixed", "report")
"""Words in quotation marks or behind a colon; a clause of "that" or one attributed by "according to";
both; an act that is only told."""
_FEW = 2
"""Blanks between the words of a quotation that is more than a name or a doubt."""
_ADDRESS = 5
"""Tokens between a headline's speaker and its colon that tell whom it addresses."""
_start = attrgetter("start")
_MARKS = OPENING + CLOSING + STRAIGHT
_LABEL = re.compile(rf"ج\s*[:/-]|{ITEM.pattern}")
"""What an interview's answer may be labelled with, and an item of a list."""
_THEN = THAT | SO
"""What may open a clause behind "according to her"."""


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
    end : int
        Where a clause begins in which somebody else speaks, in characters of the article; -1 for none.
    """

    kind: str
    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]
    end: int = -1


def speech_of(
    text: str,
    start: int,
    end: int,
    tagged: Tagged,
    name: NameSpan | None,
    quotes: Sequence[Quotation],
    actors: Sequence[ActorMatch] = (),
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
    actors : sequence of ActorMatch, optional
        The known actors that are named in it.

    Returns
    -------
    Speech

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> text = "قال الوزير إن الوضع صعب"
    >>> speech_of(text, 0, len(text), Tagger(Lexicon.default(), {}).tag(text), NameSpan(1, 1), [])
    Speech(kind='indirect', cue=(0, 3), content=((14, 23),), end=-1)
    """
    whole, first = _Part(start, end, tagged), 0
    if name:
        first, behind = own_part(tagged, name)
        whole = _cut(whole, first, behind)
        name = NameSpan(name.first - first, name.last - first, name.skip)
    named = _place(whole, name) if name else (0, 0)
    quotes = [quote for quote in quotes if not is_name(text, quote, whole.start, named)]
    media = {m.first - first for m in actors if m.actor.role == "MED"}
    colon = _heading(whole.tagged, name, media) if name else -1
    if colon >= 0:
        return Speech("direct", None, _told(text, whole.start + whole.tagged.tokens[colon].end, whole.end))
    cue = cue_of(text[whole.start : whole.end], whole.tagged, name)
    actors = [m._replace(first=m.first - first, last=m.last - first) for m in actors]
    behind = max(cue, name.last if name else -1)
    known = {m.first for m in actors if m.actor.name}
    feminine = is_feminine(whole.tagged, name)
    own, added = (
        own_end(whole.tagged, behind, known, cue, feminine),
        afterword(whole.tagged, behind, feminine),
    )
    speech = _introduced(text, _cut(whole, 0, min(own, added)), name, cue, quotes, actors)
    if own < len(whole.tagged) and is_another(whole.tagged, own, behind, actors):
        return speech._replace(end=whole.start + whole.tagged.tokens[own].start)
    return speech


class _Part(NamedTuple):
    """A part of a statement: its place in the article, and its tokens, whose places are counted from its start."""

    start: int
    end: int
    tagged: Tagged


def _cut(whole: _Part, first: int, behind: int) -> _Part:
    """Return some of the tokens of a part."""
    start, end, tagged = whole
    if behind < len(tagged):
        end = start + tagged.tokens[behind - 1].end
    elif first == 0:
        return whole
    return _Part(start + tagged.tokens[first].start, end, part_of(tagged, first, behind))


def _introduced(
    text: str,
    whole: _Part,
    name: NameSpan | None,
    cue: int,
    quotes: Sequence[Quotation],
    actors: Sequence[ActorMatch],
) -> Speech:
    """Tell how something is said by a cue, or by none, and by the words with which the speaker goes on."""
    tagged = whole.tagged
    put = put_behind(whole.tagged)
    if put > max(cue, name.last if name else -1):
        whole = _cut(whole, 0, put)
    behind = max(cue, _behind(tagged, name) if name and tagged.before[name.first] <= cue else -1)
    present = cue >= 0 and is_present(tagged.words[cue].stem)
    agreement = Agreement(is_feminine(tagged, name), numbers(tagged, name), present)
    if name and cue == 0 and opens_with_participle(tagged):  # "stressing unity, the king received ..."
        whole, name = _before_deed(whole, name), None
    acts = further_acts(whole.tagged, behind, agreement)
    bounds = [*acts, len(whole.tagged)]
    kind, pieces = _first(text, _cut(whole, 0, bounds[0]), name, (cue, behind), quotes)
    told = [(kind, pieces)]
    told += [_added(text, _cut(whole, act, end), quotes) for act, end in pairwise(bounds)]
    kinds = {kind for kind, pieces in told if pieces}
    joint = kinds.pop() if len(kinds) == 1 else "mixed" if kinds else "report"
    span = (
        (whole.start + tagged.tokens[cue].start, whole.start + tagged.tokens[cue].end) if cue >= 0 else None
    )
    if joint == "report":
        begins = lead_in_end(tagged, behind, len(whole.tagged), actors) if cue >= 0 else behind + 1
        reported = whole.start + (tagged.tokens[begins - 1].end if begins > 0 else 0)
        return Speech(joint, span, _told(text, reported, whole.end))
    return Speech(joint, span, tuple(piece for _, found in told for piece in found))


def _before_deed(part: _Part, name: NameSpan) -> _Part:
    """Return what stands before the last comma before a speaker's name."""
    commas = [k for k in range(1, name.first) if part.tagged.norms[k] in PAUSES]
    return _cut(part, 0, commas[-1]) if commas else part


def _first(
    text: str, part: _Part, name: NameSpan | None, at: tuple[int, int], quotes: Sequence[Quotation]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Tell how something is said by a cue, or by none, up to where the speaker goes on.

    `at` is the cue, and the last token of what introduces the speech.
    """
    (start, end, tagged), (cue, behind), tokens = part, at, part.tagged.tokens
    according = cue >= 0 and (attribution_before(tagged, cue) < cue or attributes(tagged.norms[cue]))
    spoken = _quoted(text, start, end, quotes, touched=edges_of_speech(tagged, cue, name, start))
    clause = first_that(tagged, behind + 1, len(tagged), _THEN if according else THAT)
    if clause >= 0 and not according and _has_object(tagged, cue) and (not name or name.last <= behind):
        clause = told_that(tagged, behind + 1)
    if clause >= 0:
        told = _told(text, start + tokens[clause].end, end)
        outside = [piece for piece in spoken if told and piece[1] <= told[0][0]]
        mixed = outside or (told and _quoted(text, *told[0], quotes, 1))
        return "mixed" if mixed else "indirect", (*outside, *told)
    if spoken:
        return "direct", tuple(spoken)
    colon = _colon(tagged, max(cue, name.last if name else -1))
    if colon >= 0:
        return "direct", _told(text, start + tokens[colon].end, end)
    if cue >= 0 and is_attributed(tagged, cue, name):
        told = _told(text, start, start + tokens[attribution_before(tagged, cue)].start)
        further = goes_on_behind(tagged, cue, name)
        if not told and according and name:  # "according to her, the way is open"
            told = _told(text, start + tokens[name.last].end, end)
        elif further >= 0:  # "the raid killed, according to her, 12 men"
            told += _told(text, start + tokens[further].start, end)
        if told:
            return "indirect", told
    return "report", ()


def _has_object(tagged: Tagged, cue: int) -> bool:
    """Tell whether a word of speech is a verb that may have a noun as its object, behind which no "that" is its own."""
    return cue >= 0 and tagged.words[cue].verb and tagged.words[cue].stem not in SAYING


def _added(text: str, part: _Part, quotes: Sequence[Quotation]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Tell how a speaker goes on to say something, by a word at the beginning of a part or behind its connective."""
    start, end, tagged = part
    act = int(tagged.norms[0] in JOINING and len(tagged) > 1)
    inside = quotes[bisect_left(quotes, start, key=_start) : bisect_left(quotes, end, key=_start)]
    clause = clause_of(tagged, act)
    if clause >= 0:
        told = _told(text, start + tagged.tokens[clause].end, end)
        return "mixed" if told and _quoted(text, *told[0], inside, 1) else "indirect", told
    spoken = _quoted(text, start, end, inside, touched=(start + tagged.tokens[act].end,))
    colon = _colon(tagged, act)
    if spoken or colon < 0:
        return "direct", tuple(spoken)
    return "direct", _told(text, start + tagged.tokens[colon].end, end)


def _place(part: _Part, name: NameSpan) -> tuple[int, int]:
    """Return the characters of a name in the article."""
    start, tokens = part.start, part.tagged.tokens
    return start + tokens[name.first].start + name.skip, start + tokens[name.last].end


def _behind(tagged: Tagged, name: NameSpan) -> int:
    """Return the last token of a name, or the mark that closes the quotation marks around it."""
    marks = [k for k in (name.first - 1, name.last + 1) if 0 <= k < len(tagged) and k in tagged.quotes]
    return name.last + (len(marks) == 2)


def _heading(tagged: Tagged, name: NameSpan, media: Container[int]) -> int:
    """Return the token of the colon behind a name that begins a headline, or -1.

    Before it may stand marks and labels ("Urgent | Moscow: ..."), behind it whom it addresses; `media` are the tokens at
    which known media begin.
    """
    if not begins_headline(tagged, name.first, media):
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
    a, b = unquoted(text, *trim(text, a, b))
    return ((a, b),) if a < b else ()


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
        a, b = unquoted(text, *trim(text, a, b))
        if quote.start < 0 or text[quote.start] not in _MARKS:  # an answer of an interview, or a list
            label = _LABEL.match(text, a, b)
            a, b = trim(text, label.end() if label else a, b)
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
