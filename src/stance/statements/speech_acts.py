"""Where a speaker who has said something goes on: participles and joined verbs, and the "that" behind them."""

from __future__ import annotations

from stance.statements.gender import gender_of_verb
from stance.statements.participles import is_circumstance
from stance.statements.tagging import Tagged, bare
from stance.statements.words import CIRCUMSTANCES, PAUSES, THAT, TITLES

__all__ = ["JOINING", "clause_of", "first_that", "further_acts", "is_that"]

JOINING = frozenset(["كما", "فيما"])
"""Before a verb without "and" by which somebody goes on."""
_TURNS = frozenset(["فيما", "بينما", "وبينما", "حين"])
"""Behind which somebody else may act, and what follows be that one's."""
_PREPOSITIONS = frozenset(["من", "عن", "الي", "علي", "في"])
_ASIDES = frozenset(["في", "خلال", "ايضا", "كذلك", "مجددا", "مره"])
"""What may stand between a word of speech and its "that"."""
_WIDE = 8
"""Tokens of such asides, or of an object."""
_SPOKEN = frozenset(
    ["reporting", "denial", "affirmation", "warning", "threat", "calling", "plea", "condemnation", "praise", "welcome", "asking",
     "pledge"]
)  # fmt: skip
"""Classes whose verbs speak, and participles, where they begin with the letter of participles."""
_IF_NOT = frozenset(["لم", "لما"])
_PERSONS = frozenset(["هو", "هي", "هم", "هما"])
"""Behind "if", and pronouns between the two: what is no "that"."""


def is_that(tagged: Tagged, k: int, that: frozenset[str] = THAT) -> bool:
    """Tell whether a token is a "that" outside quotation marks; "if not" is none, though it is written alike.

    Parameters
    ----------
    tagged : Tagged
    k : int
        The token.
    that : frozenset of str
        The forms that count.

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("قال إنه سيرد إن لم ينسحبوا")
    >>> is_that(tagged, 1), is_that(tagged, 3)
    (True, False)
    """
    if tagged.norms[k] not in that or tagged.quoted[k]:
        return False
    behind = k + 2 if tagged.norm(k + 1) in _PERSONS else k + 1
    return tagged.norms[k] != "ان" or tagged.norm(behind) not in _IF_NOT


def first_that(tagged: Tagged, start: int, end: int, that: frozenset[str] = THAT) -> int:
    """Return the first "that" from a token on, outside quotation marks and before any colon.

    Parameters
    ----------
    tagged : Tagged
    start, end : int
        The token, and the one before which it is to stand.
    that : frozenset of str
        The forms that count.

    Returns
    -------
    int
        -1 where there is none.
    """
    for k in range(start, min(end, len(tagged))):
        if is_that(tagged, k, that):
            return k
        if tagged.norms[k] == ":" and not tagged.quoted[k]:
            return -1
    return -1


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


def further_acts(tagged: Tagged, behind: int, feminine: bool | None) -> list[int]:
    """Return the words by which a speaker goes on: participles behind a comma, verbs with an "and" and no subject.

    What was said before ends there: "he said that ..., adding that ...".

    Parameters
    ----------
    tagged : Tagged
    behind : int
        The last token of what introduces the speaker and the first speech.
    feminine : bool, optional
        The speaker's gender, with which these words agree; None where it does not show.

    Returns
    -------
    list of int
        Their tokens, or the connective before them.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> further_acts(tag("قال إن الوضع صعب، محذرا من كارثة، وأضاف أنه باق"), 0, False)
    [5, 9]
    >>> further_acts(tag("قال إن الحكومة تعمل، مطالبة الجميع بالصبر"), 0, False)
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
        if norm in _TURNS and not (norm in JOINING and _joins(tagged, k + 1, feminine)):
            break  # somebody else may act there
        if begins and (_goes_on(tagged, k, feminine) or _joins(tagged, k, feminine)):
            found.append(k - 1 if before in JOINING else k)
    return found


def _goes_on(tagged: Tagged, k: int, feminine: bool | None) -> bool:
    """Tell whether a participle stands here that agrees with the speaker, or one with words of its own."""
    norm = bare(tagged.norms[k])
    if not is_circumstance(tagged, k) or not (norm in CIRCUMSTANCES or _speaks(tagged, k, norm)):
        return False
    if feminine is None:
        return _has_words(tagged, k)
    ending = tagged.norms[k][-1]
    return ending not in "اه" or (ending == "ه") == feminine


def _speaks(tagged: Tagged, k: int, norm: str) -> bool:
    return norm[0] == "م" and not _SPOKEN.isdisjoint(tagged.words[k].classes.split("|"))


def _joins(tagged: Tagged, k: int, feminine: bool | None) -> bool:
    """Tell whether a verb of speech in the past stands here, joined to one before, without a subject of its own."""
    word, before, following = tagged.words[k], tagged.norm(k - 1), tagged.norm(k + 1)
    if (
        not word.verb
        or _SPOKEN.isdisjoint(word.classes.split("|"))
        or tagged.quoted[k]
        or following in TITLES
    ):
        return False
    joined = tagged.norms[k][0] == "و" and (before in PAUSES or tagged.tokens[k - 1].kind == "quote")
    if not (joined or before in JOINING) or gender_of_verb(word.stem) != feminine:
        return False
    if word.stem[0] in "يس" or (feminine and word.stem[-1] != "ت"):
        return False  # what is to come, or happens
    that = clause_of(tagged, k)
    if that > k + 1 and tagged.norms[that][0] == "ب":
        return word.stem.startswith("وصف")  # whatever stands between is an object of this verb alone
    return that >= 0 or following in _PREPOSITIONS or following == ":" or _quotes(tagged, k + 1)


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
