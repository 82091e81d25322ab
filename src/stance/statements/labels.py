"""Sources before the colon of a headline, which tells what others do: "Reuters: Washington refuses", "source: the army ...".

A topic or a place before a colon ("World Cup: Morocco wins") is none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.cutting import NameSpan
from stance.statements.media import is_medium, medium_end
from stance.statements.tagging import Tagged
from stance.statements.words import INFORMANTS, THAT, TITLES

__all__ = ["begins_headline", "label_of_source"]

_LONGEST = 5
"""Tokens of a label."""
_URGENT = frozenset(["عاجل"])
"""What headlines begin with before a bar or a colon, normalised."""
_PRINTED = _URGENT | {"هام", "خاص", "تحديث", "فيديو", "بالفيديو", "صور", "بالصور", "حصري", "الساعه"}
"""Words that newsrooms put before headlines."""
_CLOCK = re.compile("[0-9]{1,2}:[0-9]{2}")
"""When something was reported, in tickers."""
_OURS = ("ن", "سن")
"""What first persons plural of the present and future begin with."""
_BARS = frozenset(":-–—")
_REPORTS = frozenset(["تقرير", "تقارير"])
_NO_SOURCES = frozenset(["شاهد", "شاهده", "بيان", "البيان"])
"""Sources by their form, and before a colon an invitation or a genre."""
_COURTS = frozenset(["الكرملين", "الاليزيه", "البيت", "الرئاسه", "مكتب", "الديوان"])
"""Offices of heads of state and others, the White House among them: they tell what their heads do."""
_SUBJECT = 4
"""Tokens of the subject behind the colon."""


def label_of_source(
    tagged: Tagged, found: NameSpan | bool, actors: Sequence[ActorMatch], end: int
) -> NameSpan | None:
    """Return the source before the colon of a headline, where it is nobody else who speaks.

    Parameters
    ----------
    tagged : Tagged
    found : NameSpan or bool
        Who was found.
    actors : sequence of ActorMatch
        The known actors of the sentence.
    end : int
        The token behind the headline's first part.

    Returns
    -------
    NameSpan or None
        None where whoever was found is right, or what stands before the colon is no source.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> label_of_source(tag("مصادر: الحكومة تستقيل"), NameSpan(2, 2), [], 4)
    NameSpan(first=0, last=0, skip=0)
    >>> label_of_source(tag("كأس العالم: المغرب يفوز"), NameSpan(3, 3), [], 5)
    """
    a = _behind_urgent(tagged)
    colon = _colon(tagged, a, end, actors)
    if colon < 0:
        return None
    name = NameSpan(a, _before_medium(tagged, a, colon, actors) - 1)
    if isinstance(found, NameSpan):
        if found.first < colon:
            told = name.last < found.last or _tells(tagged, a, actors)
            return name if told and found[:2] == (a, colon - 1) else None
        return name if _is_told(tagged, found, actors, a, colon) else None
    told = _tells(tagged, a, actors) and _acts(tagged, colon + 1, end)
    unnamed = found and a > 0  # somebody speaks, and before the colon no topic stands
    return name if told or unnamed or _is_known(a, colon, actors) else None


def begins_headline(tagged: Tagged, first: int, media: Container[int]) -> bool:
    """Tell whether nothing but labels and the medium that quotes it stands before a headline's speaker.

    Parameters
    ----------
    tagged : Tagged
    first : int
        The first token of the speaker's name.
    media : container of int
        The tokens at which known media begin.

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> begins_headline(tag("20:30 - عاجل | الوزير: سنعود"), 3, [])
    True
    >>> begins_headline(tag("رويترز عن الوزير: سنعود"), 2, [0]), begins_headline(tag("كتاب عن الوزير: سنعود"), 2, [])
    (True, False)
    """
    a = next((k for k in range(first) if tagged.content[k] and not _is_printed(tagged, k, _PRINTED)), first)
    if a == first:
        return True
    of = first - 1
    relays = tagged.norms[of] == "عن" and (a in media or is_medium(tagged.norms[a])) and of - a <= _LONGEST
    return relays and all(tagged.content[a:of]) and not any(tagged.words[k].verb for k in range(a, of))


def _is_printed(tagged: Tagged, k: int, labels: Container[str]) -> bool:
    """Tell whether a token is a clock or a label, as a hashtag perhaps: "20:30", "#urgent_now"."""
    norm = tagged.norms[k]
    return norm.lstrip("#").partition("_")[0] in labels or bool(_CLOCK.fullmatch(norm))


def _behind_urgent(tagged: Tagged) -> int:
    a = 0
    while a < len(tagged) and (
        _is_printed(tagged, a, _URGENT | {"الساعه"}) or (a > 0 and tagged.norms[a] in _BARS)
    ):
        a += 1
    return a


def _colon(tagged: Tagged, a: int, end: int, actors: Sequence[ActorMatch]) -> int:
    """Return the colon behind a label, or -1."""
    for k in range(a, min(a + _LONGEST + 1, end - 1)):
        if tagged.norms[k] == ":":
            return k if k > a and tagged.tokens[k + 1].kind != "number" else -1
        that = tagged.norms[k] in THAT and not any(m.first < k <= m.last for m in actors)  # as in "CNN"
        if not tagged.content[k] or tagged.quoted[k] or that:
            return -1
    return -1


def _before_medium(tagged: Tagged, a: int, colon: int, actors: Sequence[ActorMatch]) -> int:
    """Return the token behind a source that stands before the medium that it spoke to: "a source to Reuters"."""
    if is_medium(tagged.norms[a]):
        return colon
    return next((k for k in range(a + 1, colon) if medium_end(tagged, k, actors)[0] >= 0), colon)


def _tells(tagged: Tagged, a: int, actors: Sequence[ActorMatch]) -> bool:
    """Tell whether a label is a medium, or somebody who is not named: it tells what others do."""
    norm = tagged.norms[a]
    if norm in _NO_SOURCES:
        return False
    named = any(m.first == a and m.actor.role == "MED" for m in actors)
    return named or is_medium(norm) or norm in INFORMANTS or norm in _REPORTS


def _is_known(a: int, colon: int, actors: Sequence[ActorMatch]) -> bool:
    """Tell whether a label is a known actor and nothing else, no country alone, which may be a place."""
    inside = [m for m in actors if a <= m.first < colon]
    covered = sum(min(m.last, colon - 1) + 1 - m.first for m in inside)
    return covered == colon - a and bool(inside[0].actor.role)


def _is_told(tagged: Tagged, found: NameSpan, actors: Sequence[ActorMatch], a: int, colon: int) -> bool:
    """Tell whether whoever was found behind a label only acts there, or is whom the label speaks of as "we"."""
    first, behind = colon + 1, found.last + 1
    if ":" in tagged.norms[first:]:
        return False
    if found.first > first and tagged.norms[first].startswith(_OURS):
        named = tagged.norms[a] in TITLES or any(m.first == a for m in actors)
        return bool(named and tagged.words[first].verb and tagged.words[first].classes)
    if found.first != first or not _acts_at(tagged, behind):
        return False
    if _tells(tagged, a, actors) or tagged.norms[a] in _COURTS:
        return True
    countries = {m.actor.country for m in actors if a <= m.first < colon}
    other = next((m.actor.country for m in actors if m.first == found.first), "")
    known = _is_known(a, colon, actors) or tagged.norms[a] in TITLES
    return known and other not in countries | {""}  # not "United Nations: Guterres calls for ..."


def _acts_at(tagged: Tagged, k: int) -> bool:
    """Tell whether a verb in the third person stands at a token: one of the present, or a known one of the past."""
    past = k < len(tagged) and tagged.words[k].verb and bool(tagged.words[k].classes)
    return tagged.norm(k)[:1] in ("ي", "ت") or past


def _acts(tagged: Tagged, a: int, end: int) -> bool:
    """Tell whether a subject and a verb in the present stand at a token."""
    return any(
        tagged.norms[k][:1] in ("ي", "ت") and len(tagged.norms[k]) > 3
        for k in range(a + 1, min(a + 1 + _SUBJECT, end))
    )
