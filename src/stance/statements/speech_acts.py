"""Where a speaker who has said something goes on: participles and joined verbs, and the "that" behind them."""

from __future__ import annotations

from typing import NamedTuple

from stance.statements.gender import gender_of_verb, is_present
from stance.statements.number import DUAL, PLURAL, SINGULAR, number_of_verb
from stance.statements.participles import is_circumstance
from stance.statements.tagging import Tagged, bare
from stance.statements.tails import OBJECTS, SAYING
from stance.statements.that import first_that
from stance.statements.words import CIRCUMSTANCES, PAUSES, TITLES

__all__ = ["BY_SAYING", "JOINING", "SPOKEN", "Agreement", "clause_of", "further_acts"]

JOINING = frozenset(["كما", "فيما", "ثم"])
"""Before a verb without "and" by which somebody goes on."""
_TURNS = frozenset(["فيما", "بينما", "وبينما", "حين"])
"""Behind which somebody else may act, and what follows be that one's."""
BY_SAYING = frozenset(["بالقول", "قائلا", "قائله"])
"""Behind a verb, or its object: "concluded by saying"."""
_PREPOSITIONS = frozenset(["من", "عن", "الي", "علي", "في"])
_ASIDES = frozenset(["في", "خلال", "ايضا", "كذلك", "مجددا", "مره"])
"""What may stand between a word of speech and its "that"."""
_WIDE = 8
"""Tokens of such asides, or of an object."""
SPOKEN = frozenset(
    ["reporting", "denial", "affirmation", "warning", "threat", "calling", "plea", "condemnation", "praise", "welcome", "asking",
     "pledge"]
)  # fmt: skip
"""Classes whose verbs speak, and participles, where they begin with the letter of participles."""


class Agreement(NamedTuple):
    """What the words agree with by which a speaker goes on.

    Attributes
    ----------
    feminine : bool or None
        The speaker's gender; None where it does not show.
    numbers : str
        The numbers that it may have, as :func:`stance.statements.number.numbers` gives them.
    present : bool
        Whether the first word of speech is a verb in the present: others may be so then.
    """

    feminine: bool | None
    numbers: str = "sdp"
    present: bool = False


def clause_of(tagged: Tagged, act: int) -> int:
    """Return the "that" which belongs to a word of speech, directly or behind an aside or an object; else -1.

    Parameters
    ----------
    tagged : Tagged
    act : int
        The token of the word.

    Returns
    -------
    int

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> [clause_of(tag(text), 0) for text in ("مضيفا أنه", "مبررا موقفه بأنه", "مشيرا إلى أدلة على أنه")]
    [1, 2, -1]
    """
    that = first_that(tagged, act + 1, act + 1 + _WIDE)
    if that < 0:
        return -1
    between = tagged.norms[act + 1 : that]
    bound = tagged.norms[that][0] == "ب" and PAUSES.isdisjoint(between)  # "justifying it by"
    aside = bool(between) and (between[0] in _ASIDES or between[0][:2] == "لل")
    direct = not between or (len(between) == 1 and (between[0] in _PREPOSITIONS or between[0] == "بالقول"))
    return that if direct or aside or bound else -1


def further_acts(tagged: Tagged, behind: int, agreement: Agreement) -> list[int]:
    """Return the words by which a speaker goes on: participles behind a comma, verbs with an "and" and no subject.

    What was said before ends there: "he said that ..., adding that ...".

    Parameters
    ----------
    tagged : Tagged
    behind : int
        The last token of what introduces the speaker and the first speech.
    agreement : Agreement
        Of the speaker.

    Returns
    -------
    list of int
        Their tokens, or the connective before them.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> further_acts(tag("قال إن الوضع صعب، محذرا من كارثة، وأضاف أنه باق"), 0, Agreement(False))
    [5, 9]
    >>> further_acts(tag("قال إن الحكومة تعمل، مطالبة الجميع بالصبر"), 0, Agreement(False))
    []
    """
    found: list[int] = []
    norms, tokens = tagged.norms, tagged.tokens
    for k in range(behind + 2, len(tagged) - 1):
        before, norm = norms[k - 1], norms[k]
        # most words stand behind no mark and no connective: nobody goes on by them
        begins = before in PAUSES or before in JOINING or tokens[k - 1].kind == "quote"
        if not (begins or norm in _TURNS) or tagged.quoted[k]:
            continue
        if norm in _TURNS and not (norm in JOINING and _joins(tagged, k + 1, agreement)):
            break  # somebody else may act there
        if begins and (_goes_on(tagged, k, agreement) or _joins(tagged, k, agreement)):
            found.append(k - 1 if before in JOINING else k)
    return found


def _goes_on(tagged: Tagged, k: int, agreement: Agreement) -> bool:
    """Tell whether a participle stands here that agrees with the speaker, or one with words of its own."""
    norm = bare(tagged.norms[k])
    if not is_circumstance(tagged, k) or not (norm in CIRCUMSTANCES or _speaks(tagged, k, norm)):
        return False
    ending = tagged.norms[k][-1]
    many = ending not in "اه"
    if (PLURAL if many else SINGULAR) not in agreement.numbers and not (many and DUAL in agreement.numbers):
        return False
    if agreement.feminine is None:
        return _has_words(tagged, k)
    return many or (ending == "ه") == agreement.feminine


def _speaks(tagged: Tagged, k: int, norm: str) -> bool:
    return norm[0] == "م" and not SPOKEN.isdisjoint(tagged.words[k].classes.split("|"))


def _joins(tagged: Tagged, k: int, agreement: Agreement) -> bool:
    """Tell whether a verb of speech stands here, joined to one before, without a subject of its own."""
    word, before, following = tagged.words[k], tagged.norm(k - 1), tagged.norm(k + 1)
    spoken = word.verb and not SPOKEN.isdisjoint(word.classes.split("|"))
    if (
        not (spoken or (word.stem in SAYING and word.stem != "عقب"))
        or tagged.quoted[k]
        or following in TITLES
    ):
        return False
    joined = tagged.norms[k][:1] == "و" and (before in PAUSES or tagged.tokens[k - 1].kind == "quote")
    if not (joined or before in JOINING) or not _agrees(word.stem, agreement):
        return False
    that = clause_of(tagged, k)
    if that > k + 1 and tagged.norms[that][0] == "ب":
        return word.stem.startswith("وصف")  # whatever stands between is an object of this verb alone
    if that >= 0 or following in _PREPOSITIONS or following == ":" or _quotes(tagged, k + 1):
        return spoken or that >= 0 or following not in _PREPOSITIONS
    return tagged.norm(k + 1 + (following in OBJECTS - BY_SAYING)) in BY_SAYING


def _agrees(stem: str, agreement: Agreement) -> bool:
    """Tell whether the subject of a verb may be the speaker, by gender, number and time."""
    if stem[:1] == "س" or (is_present(stem) and not agreement.present):
        return False  # what is to come, or happens
    number, feminine = number_of_verb(stem), gender_of_verb(stem)
    if set(number).isdisjoint(agreement.numbers):
        return False
    return number != SINGULAR or feminine == agreement.feminine


def _has_words(tagged: Tagged, k: int) -> bool:
    """Tell whether what is said by a participle stands behind it: a "that", or a colon or a quotation near by."""
    if clause_of(tagged, k) >= 0:
        return True
    for i in range(k + 1, min(k + 1 + _WIDE, len(tagged))):
        if tagged.norms[i] in PAUSES:
            return False
        if tagged.norms[i] == ":" or _quotes(tagged, i):
            return True
    return False


def _quotes(tagged: Tagged, k: int) -> bool:
    """Tell whether a mark stands here that opens a quotation."""
    return k < len(tagged) - 1 and tagged.tokens[k].kind == "quote" and tagged.quoted[k]
