"""How far a speaker's own words reach: another speaker's clause, and the occasion they were said on, end them."""

from __future__ import annotations

from collections.abc import Collection

from stance.statements.media import OCCASIONS, OWN_OCCASIONS
from stance.statements.people import DEEDS
from stance.statements.tagging import Tagged
from stance.statements.tails import ADVERBIALS
from stance.statements.that import is_that
from stance.statements.words import PARTICLES, PAUSES, THAT, TITLES

__all__ = ["own_end"]

_WHILE = frozenset(["بينما", "فيما", "وبينما"])
_AS_FOR = frozenset(["اما", "واما"])
_TOPIC = 8
"""Tokens of a subject between "as for" and its verb."""
_OPENERS = _WHILE | _AS_FOR | {"في", "وفي", "وذلك"}
_SAYING = frozenset(["reporting", "denial", "affirmation"])
"""Classes of verbs by which somebody else speaks; who agrees or refuses may be told of by the speaker."""
_ADDRESSING = frozenset(["warning", "threat", "calling", "condemnation", "asking"])
"""Classes of verbs by which somebody may be spoken to, and so the noun behind them be no subject."""
_AMBIGUOUS = ("نقل", "بين")
"""What verbs begin with that also mean "was taken to", and what is also "between"."""
_SAME = frozenset(
    ["الرئيس", "الوزير", "المتحدث", "الناطق", "المسؤول", "المصدر", "البيان", "الوزيره", "المتحدثه", "التقرير"]
)
"""Subjects that may well be the speaker again."""
_AFFIRMED = DEEDS | {"ذلك"}
"""What is announced or affirmed where a verb has no subject beside it, but that of the verb before."""
_OCCASIONS = (OCCASIONS | OWN_OCCASIONS | {"لقائه", "لقائها", "استقباله", "استقبالها", "منشور"}) - {
    "مؤتمر",
    "المؤتمر",
}
"""On which one speaks; a conference only of the press."""
_SPOKESMEN = frozenset(["متحدث", "متحدثه", "ناطق", "ناطقه", "متحدثون"])
_AT_END = 25
"""Tokens that may stand behind the beginning of an occasion that ends a sentence."""
_ON = frozenset(["خلال", "في", "اثناء", "عقب", "عبر", "ضمن"])


def own_end(tagged: Tagged, behind: int, known: Collection[int] = ()) -> int:
    """Return the token behind the last that a speaker may have said.

    Parameters
    ----------
    tagged : Tagged
    behind : int
        The last token of what introduces the speaker and the speech.
    known : collection of int, optional
        Tokens at which the names of known actors begin.

    Returns
    -------
    int
        The connective of a clause in which somebody else speaks ("while the minister denied ..."), the beginning of
        "which was during a press conference", or the number of tokens.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> own_end(tag("قال إنه نجح، فيما نفت الشرطة ذلك"), 0), own_end(tag("قال إنه نجح فيما فشلت الشرطة"), 0)
    (4, 6)
    """
    norms = tagged.norms
    for k in range(behind + 2, len(tagged) - 2):
        if tagged.quoted[k]:
            continue
        if norms[k] in _OPENERS and (_another_speaks(tagged, k) or _tells_occasion(tagged, k)):
            return k
        if norms[k - 1] in PAUSES and norms[k][:1] == "و" and _another_says(tagged, k, known):
            return k
    return len(tagged)


def _another_says(tagged: Tagged, verb: int, known: Collection[int]) -> bool:
    """Tell whether a joined verb has a subject of its own with a clause behind it: "..., and the police said that"."""
    norms = tagged.norms
    participle = norms[verb][-1] == "ا"
    if participle or norms[verb + 1] in _SAME or not _said_by(tagged, verb, verb + 1):
        return False
    if norms[verb + 1][:2] != "ال" and norms[verb + 1] not in TITLES and verb + 1 not in known:
        return False  # it may be what is said
    for k in range(verb + 2, min(verb + 2 + _TOPIC, len(tagged))):
        if norms[k] == ":" or is_that(tagged, k):
            return True
        if norms[k] in PARTICLES or norms[k] in PAUSES:
            return False
    return False


def _another_speaks(tagged: Tagged, k: int) -> bool:
    """Tell whether a connective stands here, and behind it a verb of speech with a subject of its own."""
    norm = tagged.norms[k]
    if norm in _AS_FOR:
        verbs = range(k + 2, min(k + 2 + _TOPIC, len(tagged)))
        return any(tagged.norms[i][:1] == "ف" and _said_by(tagged, i, k + 1) for i in verbs)
    if norm in _WHILE:
        apart = norm != "فيما" or not tagged.content[k - 1]  # else it may be "in what"
        return apart and _said_by(tagged, k + 1, k + 2)
    return norm in ("في", "وفي") and tagged.norms[k + 1] == "حين" and _said_by(tagged, k + 2, k + 3)


def _said_by(tagged: Tagged, verb: int, noun: int) -> bool:
    """Tell whether a verb of speech stands at one token, in the past or before a "that", and its subject at another."""
    if verb >= len(tagged) or tagged.quoted[verb] or not tagged.words[verb].verb:
        return False
    classes, norm = tagged.words[verb].classes.split("|"), tagged.norms[verb]
    if norm.startswith(_AMBIGUOUS):
        return False
    future = norm[:1] in ("ي", "س") or (norm[:1] == "ت" and norm[-1] != "ت")
    if future and THAT.isdisjoint(tagged.norms[noun + 1 : noun + _TOPIC]):
        return False  # it may be what will happen
    if not _is_subject(tagged, noun, masculine=norm[-1] != "ت" and norm[:1] != "ت"):
        return False
    titled = tagged.norms[noun] in TITLES and not _ADDRESSING.isdisjoint(classes)
    return titled or not _SAYING.isdisjoint(classes)


def _is_subject(tagged: Tagged, k: int, masculine: bool) -> bool:
    """Tell whether a noun stands here that may be who speaks, in quotation marks perhaps, by a verb of a gender."""
    if k < len(tagged) and tagged.tokens[k].kind == "quote":
        k += 1
    norm = tagged.norm(k)
    if k >= len(tagged) or not tagged.content[k] or norm in THAT or norm in _AFFIRMED:
        return False
    if masculine and norm.endswith(("ه", "ات")):
        return False  # it is what is said or who is spoken to
    aside = norm in ADVERBIALS or norm in PARTICLES or norm[:2] == "لل" or norm[:3] == "بال"
    act = bool(tagged.words[k].classes) and norm[:2] != "ال" and norm not in _SPOKESMEN
    return not (aside or act)


def _tells_occasion(tagged: Tagged, k: int) -> bool:
    """Tell whether "and that was in a speech" begins here, and nothing more is said behind it."""
    if tagged.norms[k] != "وذلك" or tagged.norms[k - 1] not in PAUSES or k + _AT_END < len(tagged):
        return False
    noun = tagged.norm(k + 2)
    spoken = noun in _OCCASIONS or (noun[:5] == "مؤتمر" and tagged.norm(k + 3) in ("صحفي", "صحافي"))
    return (
        spoken
        and tagged.norms[k + 1] in _ON
        and THAT.isdisjoint(tagged.norms[k:])
        and ":" not in tagged.norms[k:]
    )
