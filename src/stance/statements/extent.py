"""How far a speaker's own words reach: another speaker's clause, and the occasion they were said on, end them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.gender import gender_of_noun, gender_of_verb, is_present
from stance.statements.media import OCCASIONS, OWN_OCCASIONS
from stance.statements.people import CRITICISED, DEEDS, TO_PEOPLE
from stance.statements.speech_acts import SPOKEN
from stance.statements.tagging import Tagged, bare
from stance.statements.tails import ADVERBIALS, SAYING
from stance.statements.that import is_that
from stance.statements.words import PARTICLES, PAUSES, THAT, TITLES

__all__ = ["is_another", "own_end"]

_WHILE = frozenset(["بينما", "فيما", "وبينما"])
_AS_FOR = frozenset(["اما", "واما"])
_SUBJECT = 4
"""Tokens of a clause in which its subject's country is looked for."""
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
_DONE = SPOKEN | {"refusal", "agreement", "pledge"}
"""Classes of verbs by which somebody takes a stance of its own."""
_NOUNS = frozenset(
    ["رفض", "نفي", "دعم", "طلب", "حث", "شكر", "وصف", "نقل", "رد", "وعد", "كشف", "عبر", "لوم", "شجب", "ذكر", "نعي", "عرض", "تعهد", "زعم",
     "امر", "اشاد", "اتهام", "تبني", "تحفظ", "علم", "قبل", "قول", "اعتذر"]
)  # fmt: skip
"""Masculine past forms that are written like nouns: what is said may go on by those."""
_BUT = frozenset(["لكن", "ولكن"])
_BUT_THAT = frozenset(["غير", "الا", "بيد"])
"""Connectives of an objection; the latter with a "that"."""
_WHICH = frozenset(["وهو", "وهي"])
_DENIED = frozenset(
    start + verb + "ه" for start, verb in (("", "نفا"), ("", "نفت"), ("ي", "نفي"), ("ت", "نفي"), ("", "كذب"), ("", "كذبت"), ("ي", "كذب"),
                                            ("ت", "كذب"), ("", "انكر"), ("", "انكرت"), ("ي", "نكر"), ("ت", "نكر"))
)  # fmt: skip
"""Behind "which": verbs by which nobody but the reporter confronts what is said with another's word."""
_TAKEN_UP = frozenset(
    past + ending + "ه" for past in ("اكد", "رفض", "استنكر", "انتقد", "ادان", "ايد") for ending in ("", "ت")
)  # fmt: skip
"""Behind "which" likewise where an act is told, and not what somebody argues."""


def own_end(
    tagged: Tagged, behind: int, known: Collection[int] = (), cue: int = -1, feminine: bool | None = None
) -> int:
    """Return the token behind the last that a speaker may have said.

    Parameters
    ----------
    tagged : Tagged
    behind : int
        The last token of what introduces the speaker and the speech.
    known : collection of int, optional
        Tokens at which the names of known actors begin.
    cue : int, optional
        The word of speech, -1 for none.
    feminine : bool, optional
        The speaker's gender, as far as it shows.

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
    >>> own_end(tag("رحب الوزير بالهدنة، وأدانت اللجنة خرقها"), 1, (), 0, False)
    4
    """
    norms = tagged.norms
    lead = {bare(norm).removeprefix("ال") for norm in norms[: behind + 1]}
    told = cue >= 0 and tagged.words[cue].stem not in SAYING  # an act, of which nobody's words are given yet
    for k in range(behind + 1, len(tagged) - 2):
        if tagged.quoted[k]:
            continue
        if is_that(tagged, k) or norms[k] == ":":
            told = False  # the speaker may tell of others
        if k == behind + 1:
            continue
        if norms[k] in _OPENERS and (_another_speaks(tagged, k) or _tells_occasion(tagged, k)):
            return k
        if norms[k - 1] in PAUSES and norms[k][:1] == "و" and _another_says(tagged, k, known):
            return k
        if _is_objected_to(tagged, k, known, lead) or _is_taken_up(tagged, k, told):
            return k
        if told and _another_acts(tagged, k, known, lead, feminine):
            return k
    return len(tagged)


def is_another(tagged: Tagged, end: int, behind: int, actors: Sequence[ActorMatch]) -> bool:
    """Tell whether a clause is of somebody else than the speaker, not of the speaker under another name.

    Parameters
    ----------
    tagged : Tagged
    end : int
        The verb of the clause, or the connective before it, as :func:`own_end` gives it.
    behind : int
        The last token of what introduces the speaker and the speech.
    actors : sequence of ActorMatch
        The known actors of the statement.

    Returns
    -------
    bool
        False for "the envoy to ..., and the envoy said", and for a country and its ministry.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> is_another(tag("زار سفير ليما القرية، وقال السفير إنه"), 5, 2, [])
    False
    """
    lead = {bare(norm).removeprefix("ال") for norm in tagged.norms[: behind + 1]}
    subject = tagged.norm(end + 1)
    if subject in _SAME or subject.removeprefix("ال") in lead:
        return False
    own = {m.actor.country for m in actors if m.first <= behind and m.actor.country}
    return own.isdisjoint(m.actor.country for m in actors if end < m.first <= end + _SUBJECT)


def _another_acts(
    tagged: Tagged, k: int, known: Collection[int], lead: Collection[str], feminine: bool | None
) -> bool:
    """Tell whether a clause begins here in which somebody who is known or titled takes a stance of its own."""
    norms, joined = tagged.norms, False
    if norms[k] in _WHILE or (norms[k] in ("في", "وفي") and norms[k + 1] == "حين"):
        verb = k + 1 + (norms[k][-2:] == "في")
        if norms[k] == "فيما" and tagged.content[k - 1]:
            return False  # it may be "in what"
    elif norms[k - 1] in PAUSES and norms[k][:1] == "و":
        verb, joined = k, True
    else:
        return False
    noun = verb + 1
    if noun >= len(tagged) or tagged.quoted[verb] or not _acts_in_the_past(tagged, verb, joined):
        return False
    stem = tagged.words[verb].stem
    gender = gender_of_verb(stem)
    if stem in TO_PEOPLE | CRITICISED and (joined or norms[k] == "فيما") and feminine in (gender, None):
        return False  # the speaker may do it to whom stands behind
    return _is_somebody(tagged, noun, known, lead) and gender_of_noun(tagged.norms[noun]) in (gender, None)


def _acts_in_the_past(tagged: Tagged, verb: int, joined: bool) -> bool:
    """Tell whether a verb stands here by which somebody took a stance, and no noun that is written like it."""
    word = tagged.words[verb]
    past = (word.verb and not is_present(word.stem) and tagged.norms[verb][-1] != "ا") or word.stem == "دعا"
    return past and not (joined and word.stem in _NOUNS) and not _DONE.isdisjoint(word.classes.split("|"))


def _is_somebody(tagged: Tagged, k: int, known: Collection[int], lead: Collection[str]) -> bool:
    """Tell whether the name of a known actor or a title begins here, but for one by which the speaker is called."""
    norm = tagged.norms[k]
    if norm in _SAME or not (norm in TITLES or (k in known and norm[:2] != "لل")):
        return False
    if norm.removeprefix("ال") not in lead:
        return True
    return norm in TITLES and norm[:2] != "ال" and tagged.norm(k + 1).removeprefix("ال") not in lead


def _is_objected_to(tagged: Tagged, k: int, known: Collection[int], lead: Collection[str]) -> bool:
    """Tell whether a clause begins here by which somebody else denies what is said: "but Kyiv denied that"."""
    norms = tagged.norms
    that = norms[k] in _BUT_THAT and norms[k + 1] == "ان"
    if not that and norms[k] not in _BUT:
        return False
    first = k + 1 + that
    if first + 1 < len(tagged) and _denies(tagged, first):
        return _is_somebody(tagged, first + 1, known, lead)
    if first >= len(tagged) or not _is_somebody(tagged, first, known, lead):
        return False
    for verb in range(first + 1, min(first + _TOPIC, len(tagged))):
        if not tagged.content[verb] or tagged.norms[verb] in THAT:
            return False
        if _denies(tagged, verb):
            return True
    return False


def _denies(tagged: Tagged, k: int) -> bool:
    word = tagged.words[k]
    return word.verb and "denial" in word.classes.split("|") and tagged.norms[k][:2] != "ال"


def _is_taken_up(tagged: Tagged, k: int, told: bool) -> bool:
    """Tell whether "which somebody denied" begins here; behind an act that is told, "which somebody affirmed", too."""
    norms = tagged.norms
    if norms[k] in _WHICH:
        verb = k + 2 if norms[k + 1] in ("ما", "امر") else k + 3
        begins = verb == k + 2 or (norms[k + 1] == "الامر" and norms[k + 2] == "الذي")
    else:
        verb, begins = k + 2, norms[k] == "الامر" and norms[k + 1] == "الذي" and norms[k - 1] in PAUSES
    if not begins or verb + 1 >= len(tagged):
        return False
    mocked = told and norms[verb] in ("سخر", "سخرت") and norms[verb + 1] == "منه"
    if mocked:
        verb += 1
    elif norms[verb] not in _DENIED and not (told and norms[verb] in _TAKEN_UP):
        return False
    who = tagged.norm(verb + 1)
    return verb + 1 < len(tagged) and tagged.content[verb + 1] and who not in ADVERBIALS and who[:1] != "ب"


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
