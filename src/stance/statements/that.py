"""The "that" behind which somebody's words are told, and what is only written like it."""

from __future__ import annotations

from stance.statements.tagging import Tagged, bare
from stance.statements.words import PAUSES, RELATIVES, THAT

__all__ = ["first_that", "is_that", "told_that"]

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

_EXPECTED = frozenset(
    [
        "المقرر",
        "المفترض",
        "المتوقع",
        "المنتظر",
        "المرجح",
        "المحتمل",
        "الممكن",
        "المؤمل",
        "المامول",
        "الواجب",
        "المستحيل",
    ]
)
"""Behind a noun: what is to happen to it, "the visit that is to begin"; nothing is told behind its "that"."""
_EXPECTING = frozenset(
    tense + verb
    for tense in "يت"
    for verb in ("توقع", "رجح", "مكن", "نتظر", "فترض", "جب", "حتمل", "عتقد", "زعم", "خشي")
)
"""Verbs of such clauses that are not all of speech."""
_WITHIN = 5
"""Tokens between the verb of a relative clause and its "that"."""


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


def told_that(tagged: Tagged, start: int, that: frozenset[str] = THAT) -> int:
    """Return the first "that" from a token on which is not of a clause that only describes what is spoken of.

    Parameters
    ----------
    tagged : Tagged
    start : int
        The token behind the speaker and the word of speech.
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
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> told_that(tag("رحب الوزير بالزيارة المقرر أن تبدأ غدا"), 2), told_that(tag("أكد الوزير أنها تبدأ غدا"), 2)
    (-1, 2)
    """
    found, skipped = first_that(tagged, start, len(tagged), that), -1
    while found >= 0 and (_goes_on(tagged, skipped, found) or _describes(tagged, start, found)):
        found, skipped = first_that(tagged, found + 1, len(tagged), that), found
    return found


def _goes_on(tagged: Tagged, skipped: int, k: int) -> bool:
    """Tell whether a "that" still belongs to the clause behind one before it: no comma parts them."""
    return skipped >= 0 and PAUSES.isdisjoint(tagged.norms[skipped:k])


def _describes(tagged: Tagged, start: int, k: int) -> bool:
    """Tell whether a "that" is of "which is to", or of the verb of a relative clause, upon a noun behind the speaker."""
    norms = tagged.norms
    if norms[k - 1] in _EXPECTED:
        return k - 1 - (norms[k - 2] in ("من", "ومن")) > start
    verbs = (i for i in range(k - 1, max(k - 1 - _WITHIN, start + 1), -1) if _acts(tagged, i))
    verb = next(verbs, -1)
    if verb < 0 or not PAUSES.isdisjoint(norms[verb:k]):
        return False
    relative = verb - 1 - (norms[verb - 1] == "قد")
    # directly behind the speaker, or behind a comma, the clause may be the speaker's own
    upon = relative > start and norms[relative - 1] not in PAUSES
    return upon and bare(norms[relative]) in RELATIVES


def _acts(tagged: Tagged, k: int) -> bool:
    word = tagged.words[k]
    return tagged.norms[k] in _EXPECTING or (word.verb and bool(word.classes))


def _is_if(tagged: Tagged, k: int) -> bool:
    """Tell whether a verb in the past, or "not", stands behind a word that may be "if"."""
    following = tagged.norm(k + 2) if tagged.norm(k + 1) in _PERSONS else tagged.norm(k + 1)
    if following in _IF_NOT or following in _IF:
        return True
    word = tagged.words[k + 1] if k + 1 < len(tagged) else None
    # feminine and plural forms: those of the masculine singular are nouns, too
    return word is not None and word.verb and len(following) > 3 and following.endswith(("ت", "وا"))
