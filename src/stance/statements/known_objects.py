"""Where a subject ends before an object that is a known proper name: a country, a capital, a group.

A proper name behind a complete one is another: "Tehran | France".  Behind a noun that has no complement yet it is the complement:
"the embassy of France".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.people import BODIES, MANY
from stance.statements.tagging import Tagged
from stance.statements.tails import ADVERBIALS
from stance.statements.words import TITLES

__all__ = ["before_actor", "is_common", "is_definite", "may_be_bound"]

_IN_I = frozenset(["تشيلي", "هايتي", "فيجي", "مالي"])
"""Countries that are spelled like adjectives."""
_SURNAMES = frozenset(["كاميرون", "هند"])
"""Countries that are names of people where they lack their article."""
_PEOPLES = frozenset(["العرب", "الاكراد"])
_PREFIXED = ("لل", "وال", "بال", "فال", "كال")


def before_actor(
    tagged: Tagged,
    first: int,
    last: int,
    actors: Sequence[ActorMatch],
    bound: Callable[[str], bool],
    noun: Callable[[str], bool],
) -> int:
    """Return the last token of a subject before a known proper name that stands behind a complete one.

    Parameters
    ----------
    tagged : Tagged
    first, last : int
        Of the subject's name.
    actors : sequence of ActorMatch
        The known actors of the sentence.
    bound : callable
        Tells whether a normalised word begins with a letter that is a word of its own.
    noun : callable
        Tells whether a normalised word takes the article.

    Returns
    -------
    int

    Examples
    --------
    >>> from stance.actors import Gazetteer
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("هددت بريتوريا زامبيا")
    >>> before_actor(tagged, 1, 2, Gazetteer.default().find(tagged.tokens), may_be_bound, bool)
    1
    """
    norms = tagged.norms
    ends = {m.last: m for m in actors if first <= m.first and m.actor.name}
    offices = {k for m in actors if not m.actor.name for k in range(m.first, m.last + 1)}
    complete, seen = -1, first  # the last word with an article or of a known name
    for match in actors:
        k = match.first
        if not first < k <= last:
            continue
        complete = next(
            (i for i in range(k - 1, seen - 1, -1) if i in ends or is_definite(norms[i])), complete
        )
        seen = k
        if not _is_proper(norms, first, match, ends) or _is_clitic(norms[k], bound):
            continue
        if complete < 0:
            if norms[k] not in _SURNAMES and _is_bare(tagged, first, k, offices, noun):
                return k - 1
            continue
        if _is_own(norms[first:k], match, ends.get(k - 1)):
            continue
        if complete == k - 1 or (norms[k] not in _SURNAMES and _is_person(tagged, complete + 1, k, offices)):
            return k - 1
    return last


def _is_own(before: Sequence[str], match: ActorMatch, same: ActorMatch | None) -> bool:
    """Tell whether a known name belongs to the one before it: Kurdistan of Iraq, an agency's short name."""
    if same and same.actor == match.actor:
        return True
    short = match.first == match.last and match.actor.role in ("IGO", "NGO")
    return short and not BODIES.isdisjoint(before)


def _is_proper(norms: Sequence[str], first: int, match: ActorMatch, ends: Mapping[int, ActorMatch]) -> bool:
    """Tell whether a known name is a noun, no adjective and no plural in the nominative."""
    k = match.first
    norm = norms[k]
    if not match.actor.name:
        return False
    if norm in _PEOPLES or norm.endswith("يين"):  # "Arab" and "Kurdish", too, behind a plural
        return k - 1 in ends and not norms[k - 1].endswith(("ين", "ات"))
    if norm == "السعوديه":  # "Saudi", too, behind a feminine noun
        return k - 1 in ends or not any(n.endswith(("ه", "ات")) for n in norms[first:k])
    adjective = norm.endswith(("ي", "يه", "ون")) and (is_definite(norm) or norm.endswith("ي"))
    return norm in _IN_I or not adjective


def _is_clitic(norm: str, bound: Callable[[str], bool]) -> bool:
    return norm.startswith(_PREFIXED) or (may_be_bound(norm) and bound(norm))


def _is_person(tagged: Tagged, start: int, end: int, offices: set[int]) -> bool:
    """Tell whether words behind a complete noun are the name of a person: no office, no body, no preposition."""
    norms = tagged.norms[start:end]
    if norms[0].startswith(("ل", "ب")) and len(norms) == 1:
        return False  # "of a movement", "by the name of"
    return _are_names(tagged, start, end, offices)


def _are_names(tagged: Tagged, start: int, end: int, offices: set[int]) -> bool:
    plain = all(tagged.content[start:end]) and offices.isdisjoint(range(start, end))
    return plain and not any(map(is_common, tagged.norms[start:end]))


def _is_bare(tagged: Tagged, start: int, end: int, offices: set[int], noun: Callable[[str], bool]) -> bool:
    """Tell whether a subject is a person's name without a title: no word of it takes the article."""
    if any(token.kind != "word" or noun(token.norm) for token in tagged.tokens[start:end]):
        return False
    return _are_names(tagged, start, end, offices)


def is_common(norm: str) -> bool:
    """Tell whether a word is no word of a person's name.

    Parameters
    ----------
    norm : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_common("مدينه"), is_common("ماكرون")
    (True, False)
    """
    return (
        norm in ADVERBIALS
        or norm in TITLES
        or "ال" + norm in TITLES
        or norm in MANY
        or norm[1:] in MANY
        or norm == "باسم"
        or norm.endswith(("ه", "ات"))
    )


def is_definite(norm: str) -> bool:
    """Tell whether a word has the article; "to", normalised, only begins like it.

    Parameters
    ----------
    norm : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_definite("الوفد"), is_definite("الي")
    (True, False)
    """
    return norm[:2] == "ال" and len(norm) > 3


def may_be_bound(norm: str) -> bool:
    """Tell whether a known name may have a preposition or conjunction written to it.

    Parameters
    ----------
    norm : str

    Returns
    -------
    bool

    Examples
    --------
    >>> may_be_bound("لمالي"), may_be_bound("مالي")
    (True, False)
    """
    return norm.startswith(("ل", "ب", "و", "ف")) and norm not in ("بوكو", "لواء")
