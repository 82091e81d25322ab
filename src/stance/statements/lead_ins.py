"""What stands between a speaker and what is told of it: when, where, how and to which medium it spoke."""

from __future__ import annotations

from collections.abc import Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.known_objects import is_definite
from stance.statements.media import SPOKEN_ON, medium_end
from stance.statements.participles import is_circumstance
from stance.statements.people import DEEDS
from stance.statements.tagging import Tagged
from stance.statements.tails import ADVERBIALS
from stance.statements.that import is_that
from stance.statements.words import PAUSES, TIMES, TITLES

__all__ = ["lead_in_end"]

_ON = frozenset(["خلال", "اثناء", "عقب", "قبيل", "بعيد", "علي"])
"""Prepositions of the occasion; of "on" only "on the sidelines"."""
_AT = frozenset(["هامش", "هوامش"])
_SPOKEN = SPOKEN_ON | {
    "ختام",
    "مستهل",
    "افتتاح",
    "مؤتمره",
    "مؤتمرها",
    "ختامه",
    "كلمه",
    "اول",
    "لقائه",
    "لقائها",
    "منشور",
    "وقت",
}
"""Behind "in": occasions of speech, and their beginning and end."""
_MANNER = frozenset(["باشد", "باقوي", "باقسي", "بشده", "بقوه"])
"""How an act is done: "in the strongest terms"."""
_DAYS = TIMES - {"اليوم", "الاول"}
_THIS = frozenset(["الماضي", "الماضيه", "المقبل", "المقبله", "المنصرم", "الفائت", "الجاري", "الحالي"])
"""Which day is meant."""
_HOLIDAY = frozenset(["عطله", "يوم", "يوما", "اجازه", "موعدا", "عيدا", "و"])
"""What a day may be declared to be."""
_COMMAS = frozenset("،,")
_MEETING = frozenset(["لقائه", "لقائها", "استقباله", "استقبالها", "اجتماعه", "اجتماعها", "زيارته", "زيارتها"])
"""Occasions with somebody, whose title may follow behind a comma."""
_ASIDE = (ADVERBIALS - {"من", "عن", "الي", "في", "حول", "بشان"}) | frozenset(
    ["كما", "حيث", "لكن", "لكنه", "لكنها", "اذ", "مما", "بهدف"]
)
"""What begins no object."""
_GOVERNED = frozenset(["عن", "علي"])
"""Prepositions by which a verb of speech may have its object within what begins like an aside."""
_WIDE = 14
"""Tokens that an aside between two commas has at most."""
_NAME = 4
"""Tokens of a medium's name behind its noun."""


def lead_in_end(tagged: Tagged, behind: int, end: int, actors: Sequence[ActorMatch]) -> int:
    """Return the token with which what is told begins.

    Parameters
    ----------
    tagged : Tagged
    behind : int
        The last token of what introduces the speaker and the act.
    end : int
        The token behind the last of what is told.
    actors : sequence of ActorMatch
        The known actors of the statement.

    Returns
    -------
    int
        The one behind `behind` where no lead-in stands, or where nothing but lead-ins stands.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> lead_in_end(tag("أعلن النادي، اليوم الخميس، تعاقده"), 1, 7, [])
    6
    >>> lead_in_end(tag("أعلن النادي تعاقده، اليوم الخميس"), 1, 6, [])
    2
    """
    first = behind + 1
    begins = first
    while (past := _past_one(tagged, begins, end, actors)) > begins:
        begins = past
    if begins >= end or not _may_be_told(tagged, begins):
        return first
    return begins


def _may_be_told(tagged: Tagged, k: int) -> bool:
    """Tell whether an object may begin here, and no further clause."""
    k += tagged.tokens[k].kind == "quote"
    norm = tagged.norm(k)
    if k >= len(tagged) or not tagged.content[k] or norm in _ASIDE or is_that(tagged, k):
        return False
    joined = (norm[0] == "و" and norm not in DEEDS | TITLES) or (norm[0] == "ف" and tagged.words[k].verb)
    participle = is_circumstance(tagged, k) or (norm[0] == "م" and norm[-1] == "ا" and len(norm) > 3)
    return not joined and not participle and norm not in _HOLIDAY


def _past_one(tagged: Tagged, k: int, end: int, actors: Sequence[ActorMatch]) -> int:
    """Return the token behind one lead-in that begins here, with the commas around it; or the token itself."""
    apart = k < end and tagged.norms[k] in PAUSES
    at = k + apart
    if at >= end or tagged.quoted[at]:
        return k
    medium = _medium(tagged, at, end, actors)
    if medium > at and (not apart or tagged.norm(medium) in PAUSES):
        return medium + (tagged.norm(medium) in PAUSES)
    timed = _time(tagged, at, end)
    if timed > at and (tagged.norm(timed) in PAUSES) >= apart:
        return timed + (tagged.norm(timed) in PAUSES)
    return _aside(tagged, at, end, apart) if _opens(tagged, at, apart) else k


def _aside(tagged: Tagged, at: int, end: int, apart: bool) -> int:
    """Return the token behind the comma that ends an aside; -1 where none does, or where an object may stand in it."""
    for k in range(at + 1, min(at + _WIDE, end - 1)):
        if tagged.norms[k] in _COMMAS:
            following = tagged.norm(k + 1)
            met = tagged.norms[at + 1] in _MEETING and (following in TITLES or is_definite(following))
            # the aside may go on behind the time, and whom the speaker met may have a title
            return -1 if met or _time(tagged, k + 1, end) > k + 1 else k + 1
        governed = k > at + 1 and (tagged.norms[k] in DEEDS or tagged.norms[k] in _GOVERNED)
        if governed and not apart:
            break
        if tagged.norms[k] == ":" or tagged.tokens[k].kind == "quote" or is_that(tagged, k):
            break
    return -1


def _opens(tagged: Tagged, k: int, apart: bool) -> bool:
    """Tell whether a phrase of the occasion or, between commas, of the manner begins here."""
    norm, following = tagged.norms[k], tagged.norm(k + 1)
    if norm in _ON:
        return norm != "علي" or following in _AT
    return (norm == "في" and following in _SPOKEN) or (apart and norm in _MANNER)


def _time(tagged: Tagged, k: int, end: int) -> int:
    """Return the token behind the words of time that begin here."""
    start = k
    k += tagged.norm(k) == "يوم" and tagged.norm(k + 1) in _DAYS
    while k < end and (tagged.norms[k] in TIMES or (k > start and tagged.norms[k] in _THIS | {"(", ")"})):
        k += 1
    if k == start or k >= end or tagged.norms[k] in PAUSES:
        return k
    # "the National Day": an adjective, or what is told
    return start if is_definite(tagged.norms[k]) and tagged.norms[k - 1] != "امس" else k


def _medium(tagged: Tagged, k: int, end: int, actors: Sequence[ActorMatch]) -> int:
    """Return the token behind the medium that is addressed here, where it is clear with which its name ends."""
    last, ended = medium_end(tagged, k, actors)
    if last < 0:
        return k
    if ended:
        return last + 1 if not is_definite(tagged.norm(last + 1)) else k
    k = last + 1
    while k < min(last + 1 + _NAME, end) and is_definite(tagged.norms[k]):
        k += 1
    clear = k < end and k > last + 1 and (tagged.norms[k] in DEEDS or tagged.norms[k] in PAUSES)
    return k if clear else last
