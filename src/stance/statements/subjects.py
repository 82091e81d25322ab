"""Subjects of acts: who acts where nobody speaks, and may be who speaks in the next sentence ("arrived ... and said")."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.cutting import NameSpan
from stance.statements.known_objects import is_definite
from stance.statements.number import is_person
from stance.statements.people import BODIES
from stance.statements.tagging import Tagged, bare
from stance.statements.words import PARTICLES, TIMES, past_forms

__all__ = ["ACTING", "acting"]


def _past(*stems: str) -> frozenset[str]:
    """Return both third persons singular of the past, normalised, and what may be written before them."""
    return frozenset(clitic + form for clitic in ("", "و", "ف") for form in past_forms(*stems))


_GOING = _past(
    "وصل", "غادر", "توجه", "شارك", "حضر", "عاد", "اجتمع", "تمكن", "نجح", "قام", "انضم", "مثل", "ظهر", "دخل"
)
"""Acts without an object, or whose object is a place."""
_SEEING = _past("زار", "تفقد", "هاجم", "قصف", "استهدف", "داهم", "اغلق", "افتتح", "دشن")
"""Acts whose object is a place or may be one, and may stand before the subject."""
_DOING = _past(
    "التقي", "استقبل", "بحث", "ناقش", "شن", "اعتقل", "اوقف", "اجري", "تراس", "عقد", "قاد", "وقع", "اطلق", "نفذ", "ضبط", "احبط",
    "اختتم", "اطلع", "استعرض", "تسلم", "تبادل", "القي", "نظم", "اقام", "رعي", "اصدر", "انهي",
)  # fmt: skip
ACTING = _GOING | _SEEING | _DOING
"""Acts of people and bodies that news tell of."""
_OPENING = 10
"""Tokens within which the verb stands behind an adverbial."""
_OPENERS = frozenset(["كما", "وقد", "قد", "فقد", "ثم", "واليوم", "اليوم", "وامس", "امس"])
_BEHIND = frozenset("،,-–—:)")
"""Marks that an adverbial or dateline ends with."""
_WITH = "مع"


def acting(
    tagged: Tagged, actors: Sequence[ActorMatch], name_at: Callable[[int], NameSpan]
) -> NameSpan | None:
    """Return who is said to act: the known person or body behind the verb that a sentence begins with.

    Parameters
    ----------
    tagged : Tagged
    actors : sequence of ActorMatch
        The known actors of the sentence.
    name_at : callable
        Gives the name that begins at a token.

    Returns
    -------
    NameSpan or None
        None where it is not plain: a verb with an object has it behind its subject, for what stands there alone may
        be the object ("and met the president").

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagger = Tagger(Lexicon.default(), {})
    >>> acting(tagger.tag("وصلت رئيسة الوزراء إلى روما"), [], lambda first: NameSpan(first, first + 1))
    NameSpan(first=1, last=2, skip=0)
    >>> acting(tagger.tag("والتقى رئيس الوزراء في روما"), [], lambda first: NameSpan(first, first + 1))
    """
    verb = _verb(tagged)
    first = verb + 1
    if verb < 0 or first == len(tagged) or not _may_act(tagged, first, actors):
        return None
    name = name_at(first)
    if tagged.norms[verb] in _GOING:
        return name
    name = _without_object(tagged, name, actors)
    return name if _has_object(tagged, name.last + 1) else None


def _verb(tagged: Tagged) -> int:
    norms = tagged.norms
    for k, norm in enumerate(norms[:_OPENING]):
        if norm in ACTING and not tagged.quoted[k]:
            return k if k == 0 or norms[k - 1] in _BEHIND or norms[k - 1] in _OPENERS else -1
    return -1


def _may_act(tagged: Tagged, first: int, actors: Sequence[ActorMatch]) -> bool:
    """Tell whether a person, body or group is named at a token; a country only where it cannot be a place."""
    head = tagged.norms[first]
    if is_person(head) or head in BODIES:
        return True
    actor = next((m.actor for m in actors if m.first == first), None)
    return actor is not None and bool(actor.role or tagged.norms[first - 1] in _DOING)


def _without_object(tagged: Tagged, name: NameSpan, actors: Sequence[ActorMatch]) -> NameSpan:
    """Let a name that has no object behind it, or an adjective of one, end before an indefinite noun that it took in."""
    norms, first, last = tagged.norms, name.first, name.last
    following = tagged.norm(last + 1)
    described = following.endswith("ا") and following[:2] != "ال"
    if _has_object(tagged, last + 1) and not described:
        return name
    known = {m.last for m in actors}
    ends = [k for k in range(first, last) if is_definite(norms[k]) or (k in known and k > first)]
    end = next((k for k in ends if tagged.content[k + 1] and _is_indefinite(norms[k + 1])), last)
    return NameSpan(first, end, name.skip)


def _is_indefinite(norm: str) -> bool:
    return norm[:2] != "ال" and norm[:1] != "و" and norm not in PARTICLES


def _has_object(tagged: Tagged, k: int) -> bool:
    """Tell whether a noun without a preposition stands at a token, or "with"."""
    norm = tagged.norm(k)
    return norm == _WITH or (
        k < len(tagged)
        and (tagged.content[k] or tagged.tokens[k].kind == "quote")
        and norm not in PARTICLES
        and norm not in TIMES
        and bare(norm) not in PARTICLES
        and not norm.startswith(("لل", "بال"))
    )
