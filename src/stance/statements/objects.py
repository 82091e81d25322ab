"""Where a subject ends and the object of its verb begins.

No case endings are written, so nothing but the words themselves tells "Tehran warned | France" from "the warning of the
government of | France".  A noun phrase is complete once it has its article or its name; what may still follow it are
adjectives that agree with it and the names of people, no second proper name and no other noun with the article (K. C. Ryding,
*A Reference Grammar of Modern Standard Arabic*, 2005, chapters 8 and 10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.known_objects import before_actor, is_common, is_definite, may_be_bound
from stance.statements.people import (
    BODIES,
    COUNTERPARTS,
    DEEDS,
    GREETING,
    MANY,
    PEOPLE,
    PLAIN,
    TO_DEEDS,
    TO_PEOPLE,
    TO_THINGS,
)
from stance.statements.tagging import Tagged
from stance.statements.that import is_that
from stance.statements.words import PARTICLES, TITLES

__all__ = ["before_object"]

_NO_PLURALS = frozenset(
    ["البحرين", "العشرين", "الثلاثين", "الاربعين", "الخمسين", "السبعين", "الحرمين", "العابدين"]
)
_BROKEN_PLURALS = frozenset(
    [
        "الاخوان",
        "العلماء",
        "الكتاب",
        "الادباء",
        "الاطباء",
        "الوزراء",
        "الضباط",
        "الثوار",
        "العمال",
        "المرضي",
        "الاسري",
        "الجرحي",
        "القتلي",
        "القدامي",
        "النصاري",
    ]
)
_WITHOUT_FEMININE = ("ه", "ي", "اء", "ا", "ات")
"""Endings of what may describe a feminine noun, and of names."""
_LATER = frozenset(
    ["السابق", "الاسبق", "الجديد", "الاعلي", "الراحل", "الاول", "الثاني", "الثالث", "العام", "الكبير", "البارز", "الشيخ", "الامير",
     "الشريف", "الاكبر", "الاتحاد", "الاسلام", "الاعظم", "الحاكم", "الدائم", "الخاص", "الحر", "العليا", "العرب", "الاكراد", "الجناح"]
)  # fmt: skip
"""Adjectives of offices that end like nouns."""
_MEN = frozenset(
    [
        "الرئيس",
        "الملك",
        "الوزير",
        "السفير",
        "الامير",
        "الحاكم",
        "القائد",
        "المدير",
        "البابا",
        "العمده",
        "المدرب",
        "المبعوث",
    ]
)
_MEN_IN_H = frozenset(
    ["القاده", "الساسه", "الطلبه", "الاساقفه", "القضاه", "الولاه", "الدعاه", "الرعاه", "الهواه"]
)
"""Plurals of men that end like feminine nouns."""
_GROUPS = frozenset(
    ["حركه", "جماعه", "جبهه", "حزب", "تنظيم", "قوات", "كتائب", "مليشيات", "ميليشيات", "اتحاد"]
)
_RULING = frozenset(["حكومه", "سلطات", "رئاسه", "جيش", "قوات", "قياده", "شرطه", "خارجيه"])
_FAR = 15
"""Words between a subject and the "that" of what it considers."""
_GIVEN = frozenset(["عبد", "ابو", "ابي", "سيف", "نور"])
"""Words of given names that a noun with the article completes."""


def before_object(
    tagged: Tagged,
    first: int,
    last: int,
    actors: Sequence[ActorMatch] = (),
    bound: Callable[[str], bool] = may_be_bound,
    noun: Callable[[str], bool] = bool,
) -> int:
    """Return the last token of a subject, before the object that its verb has.

    Parameters
    ----------
    tagged : Tagged
    first, last : int
        Of the name.
    actors : sequence of ActorMatch, optional
        The known actors of the sentence.
    bound : callable, optional
        Tells whether a normalised word begins with a letter that is a word of its own.
    noun : callable, optional
        Tells whether a normalised word takes the article; by default every word may.

    Returns
    -------
    int
        `last` where the verb has no object within the name.

    Examples
    --------
    >>> from stance.actors import Gazetteer
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("حذرت سفارة فرنسا النيجر")
    >>> before_object(tagged, 1, 3, Gazetteer.default().find(tagged.tokens))
    2
    """
    j = tagged.before[first]
    verb = tagged.norms[j] if j >= 0 else ""
    if last == first:
        return last
    people = verb in TO_PEOPLE
    others = people or verb in TO_THINGS
    if others or verb in TO_DEEDS:
        begins = (DEEDS if verb in TO_DEEDS else frozenset()) | (COUNTERPARTS if others else frozenset())
        last = _before_words(tagged, first, last, actors, begins)
    if not others or (not people and _is_clause(tagged, last, verb)):
        return last
    if actors:
        last = before_actor(tagged, first, last, actors, bound, noun if people else bool)
    if people:
        last = _before_people(tagged, first, last, actors, verb in GREETING)
    return _before_noun(tagged, first, last, actors)


def _before_words(
    tagged: Tagged, first: int, last: int, actors: Sequence[ActorMatch], words: frozenset[str]
) -> int:
    """Return the last token before one of some words that stands behind a complete noun or a known name."""
    norms = tagged.norms
    ends = {m.last for m in actors if m.actor.name and first <= m.first}
    for k in range(first + 1, last + 1):
        if norms[k] in words and (k - 1 in ends or is_definite(norms[k - 1])):
            return k - 1
    return last


def _is_clause(tagged: Tagged, last: int, verb: str) -> bool:
    """Tell whether a clause of "that" is what the verb has behind its subject."""
    reach = _FAR if verb.endswith(("عتبر", "عتبرت")) else 2
    return any(is_that(tagged, k) for k in range(last + 1, min(last + 1 + reach, len(tagged))))


def _before_people(
    tagged: Tagged, first: int, last: int, actors: Sequence[ActorMatch], greeting: bool
) -> int:
    """Return the last token of a subject, before the object that the verb has.

    What may follow a complete noun in a subject is an adjective that agrees with it or a person's name; nouns for many
    people, plurals in the accusative, and masculine nouns behind feminine ones are neither.
    """
    norms = tagged.norms
    places = {m.last for m in actors if m.actor.country and not m.actor.role}
    body = norms[first] in _GROUPS or norms[first] in BODIES  # whose own name may stand behind it
    known = {m.first for m in actors if _is_body(tagged, m) and (m.last > m.first or m.first == first + 1)}
    for k in range(first + 1, last + 1):
        w, p = norms[k], norms[k - 1]
        if not (tagged.content[k] and tagged.content[k - 1]):
            continue
        ruled = k - 1 == first or (k - 2 == first and norms[first] in _RULING)
        if not (is_definite(p) or (k - 1 in places and ruled)):
            continue
        if w in MANY or (k in known and not body) or (w in PEOPLE and not p.endswith("ون")):
            return k - 1
        if is_definite(w) and _is_object(norms, first, k, greeting):
            return k - 1
    return last


def _is_body(tagged: Tagged, match: ActorMatch) -> bool:
    """Tell whether a known group or organisation is named as a noun: with the article, by several words."""
    norm = tagged.norms[match.first]
    noun = norm[:2] != "ال" or match.last > match.first
    return bool(match.actor.name and match.actor.role) and noun and not may_be_bound(norm)


def _is_object(norms: Sequence[str], first: int, k: int, greeting: bool) -> bool:
    """Tell whether a noun with the article cannot belong to the noun before it."""
    w, p = norms[k], norms[k - 1]
    if w in TITLES or w in _LATER or (w[:3] == "الم" and w[-2:] not in ("ين", "ات")):
        return False
    alone = all(map(is_definite, norms[first:k]))
    if w[-2:] == "ين" and len(w) > 6:
        return (
            w not in _NO_PLURALS
            and p not in _BROKEN_PLURALS
            and p[-2:] not in ("ين", "ات")
            and (alone or p.endswith("ي"))
        )
    feminine = p.endswith("ه") and norms[first].endswith("ه") and norms[first] not in _MEN_IN_H
    if feminine and not w.endswith(_WITHOUT_FEMININE):
        return True
    if alone and norms[first] in _MEN and (k == first + 1 or not p.endswith("ه")) and w.endswith("ه"):
        return True
    return greeting and p.endswith("ي") and not w.endswith(("ي", "ه", "ان"))


def _before_noun(tagged: Tagged, first: int, last: int, actors: Sequence[ActorMatch]) -> int:
    """Return the last token before a noun with the article that is no adjective of the complete name before it."""
    norms = tagged.norms
    ends = {m.last: m for m in actors if m.actor.name and first <= m.first}
    inside = {k for m in actors for k in range(m.first + (not m.actor.name), m.last + 1)}
    begun = person = False  # a noun phrase is complete; a person's name stands behind it
    for k in range(first + 1, last + 1):
        p = norms[k - 1]
        complete = is_definite(p) or p.startswith(("لل", "بال")) or k - 1 in ends
        person = person or (begun and not complete and tagged.content[k - 1] and _is_given(p))
        begun = begun or complete
        if k in inside or not (tagged.content[k] and is_definite(norms[k])):
            continue
        if person and _is_no_surname(norms, k):
            return k - 1
        if person or not complete:
            continue
        if norms[k - 2] not in _GIVEN and not _is_title(tagged, k, last) and _is_noun(norms, first, k, ends):
            return k - 1
    return last


def _is_given(norm: str) -> bool:
    """Tell whether a word without an article, behind a complete noun, may begin a person's name."""
    return not is_common(norm) and not norm.startswith(("ل", "ب", "وال"))


def _is_no_surname(norms: Sequence[str], k: int) -> bool:
    """Tell whether a noun with the article, behind a person's name, is feminine and described by an adjective that is, too."""
    following = norms[k + 1] if k + 1 < len(norms) else ""
    return (
        norms[k].endswith(("ه", "ات"))
        and norms[k][-2:] != "يه"
        and is_definite(following)
        and following[-2:] == "يه"
    )


def _is_title(tagged: Tagged, k: int, last: int) -> bool:
    """Tell whether a person's name stands behind a word with the article, within the subject's name."""
    if k >= last or not tagged.content[k + 1] or tagged.norms[k].endswith("ات"):
        return False
    following = tagged.norms[k + 1]
    return not (
        is_definite(following)
        or is_common(following)
        or following in PARTICLES
        or following.endswith("ا")
        or len(following) == 1  # a preposition before a quotation
    )


def _is_noun(norms: Sequence[str], first: int, k: int, ends: Mapping[int, ActorMatch]) -> bool:
    """Tell whether a word with the article cannot describe the name before it."""
    w, p = norms[k], norms[k - 1]
    following = norms[k + 1] if k + 1 < len(norms) else ""
    described = is_definite(following) and following.endswith(("ي", "يه"))
    if _is_plain(norms, first, k):
        return True
    if w in _MEN:  # a person's name behind it makes it an apposition
        return described or (w != "الحاكم" and _is_no_name(following))
    if w in TITLES or w in _LATER or w[:-1] in _LATER or w.endswith(("ي", "يه", "ون", "ين")):
        return False
    if p in _MEN:  # a surname may stand behind it
        return described or w.endswith(("ه", "ات"))
    known = k - 1 in ends  # whose adjectives are known, too
    if not known and (
        (p in TITLES and not _is_body_noun(p)) or (p not in _LATER and p not in PLAIN and _is_quality(p[2:]))
    ):
        return False
    if w.endswith(("ات", "ان")) and len(w) > 6:
        return not p.endswith(w[-2:]) or p in PLAIN
    if known and not is_definite(p) and not ends[k - 1].actor.role:
        return _GROUPS.isdisjoint(norms[first:k]) and BODIES.isdisjoint(norms[first:k])
    if described and p.endswith(("ي", "يه")) and not (w[2] == "م" and w.endswith("ه")):
        return True  # what is of a place stands before other adjectives
    if w.endswith("ه"):
        feminine = norms[first].endswith(("ه", "ات")) or p.endswith(("ه", "ات"))
        return not _describes(w[2:-1]) or (not feminine and (p in _LATER or (known and p.endswith("ي"))))
    return not _describes(w[2:])


def _is_plain(norms: Sequence[str], first: int, k: int) -> bool:
    """Tell whether a word is a noun whatever its shape; "opposition" describes what is feminine, too."""
    if norms[k] == "المعارضه":
        return not any(norm.endswith(("ه", "ات", "ي")) for norm in norms[first:k])
    return norms[k] in PLAIN and norms[first] not in _GROUPS


def _is_no_name(norm: str) -> bool:
    """Tell whether a word cannot begin a person's name: it has a preposition, or is one, or no word follows."""
    return (
        not norm
        or norm in PARTICLES
        or norm.startswith(("بال", "لل"))
        or (norm[:1] == "ب" and norm[1:2] == "ا")
    )


def _is_body_noun(norm: str) -> bool:
    return norm.endswith("ه") or norm[2:] in _GROUPS or norm[2:] in ("جيش", "مجلس")


def _is_quality(stem: str) -> bool:
    return len(stem) == 4 and stem[2] == "ي"


def _describes(stem: str) -> bool:
    """Tell whether a word, without article and ending, has the shape of an adjective or participle."""
    if stem.startswith("م") or len(stem) < 3:
        return stem.startswith("م")
    active = len(stem) <= 4 and stem[1] == "ا"
    return active or (len(stem) == 4 and (stem[0] == "ا" or stem[2] == "ي"))
