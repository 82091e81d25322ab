"""The "that" behind which somebody's words are told, and what is only written like it."""

from __future__ import annotations

from stance.statements.tagging import Tagged, bare
from stance.statements.words import THAT

__all__ = ["first_that", "is_that"]

_SUBORDINATING = frozenset(
    ["قبل", "بعد", "دون", "بدون", "منذ", "الا", "غير", "بيد", "رغم", "برغم", "بالرغم", "مع", "ما", "بما", "كما", "علما", "لولا", "لو", "حتي",
     "حيث", "طالما", "خاصه", "خصوصا", "سيما"]
)  # fmt: skip
"""Conjunctions that "that" completes: "before", "although", "without"; nothing is told behind them."""
_IF_NOT = frozenset(["لم", "لما"])
_IF = frozenset(
    [
        "كان",
        "كانت",
        "كانوا",
        "كانا",
        "كنا",
        "كنت",
        "شاء",
        "صح",
        "صحت",
        "وجد",
        "وجدت",
        "امكن",
        "لزم",
        "استمر",
        "حدث",
        "اراد",
        "ارادت",
    ]
)
"""Past verbs behind "if": "that" never stands before one."""
_PERSONS = frozenset(["هو", "هي", "هم", "هما"])
"""Behind "if", and pronouns between the two: what is no "that"."""


def is_that(tagged: Tagged, k: int, that: frozenset[str] = THAT) -> bool:
    """Tell whether a token is a "that" outside quotation marks; "if" is none, though it is written alike, nor is "before".

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
    >>> tagged = Tagger(Lexicon.default(), {}).tag("قال قبل أن يغادر إنه سيرد إن لم ينسحبوا")
    >>> [k for k in range(len(tagged)) if is_that(tagged, k)]
    [4]
    """
    norm = tagged.norms[k]
    if norm not in that or tagged.quoted[k] or bare(tagged.norm(k - 1)) in _SUBORDINATING:
        return False
    return norm != "ان" or not _is_if(tagged, k)


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

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> first_that(Tagger(Lexicon.default(), {}).tag("أكد بعد أن عاد أنه باق"), 0, 6)
    4
    """
    for k in range(start, min(end, len(tagged))):
        if is_that(tagged, k, that):
            return k
        if tagged.norms[k] == ":" and not tagged.quoted[k]:
            return -1
    return -1


def _is_if(tagged: Tagged, k: int) -> bool:
    """Tell whether a verb in the past, or "not", stands behind a word that may be "if"."""
    following = tagged.norm(k + 2) if tagged.norm(k + 1) in _PERSONS else tagged.norm(k + 1)
    if following in _IF_NOT or following in _IF:
        return True
    word = tagged.words[k + 1] if k + 1 < len(tagged) else None
    # feminine and plural forms: those of the masculine singular are nouns, too
    return word is not None and word.verb and len(following) > 3 and following.endswith(("ت", "وا"))
