"""The word by which a speaker is said to speak: before or behind the name, or with none."""

from __future__ import annotations

from stance.statements.attribution import WORDS_OF, attributes
from stance.statements.cutting import NameSpan
from stance.statements.media import OCCASIONS, OWN_OCCASIONS, medium_end
from stance.statements.participles import NO_CUES, is_circumstance, opens_with_participle, spoken_behind
from stance.statements.speech_acts import BY_SAYING
from stance.statements.tagging import Tagged, bare
from stance.statements.that import is_that
from stance.statements.words import PAUSES, RELAYS, THAT

__all__ = ["cue_of"]

_EXPRESSED = frozenset(["عن", "في", "فيه", "فيها", "خلال", "ايضا", "كذلك"])
"""What may stand behind "expressed", which is written like "through"."""
_BACK, _AHEAD = 5, 8
"""Tokens before and behind a name in which the word that introduces the speech is looked for."""
_OPENING = 3
"""Tokens before a name behind which a word that is not known to be one of speech may be one."""
_PHRASE = 10
"""Tokens before a name that a phrase and the verb before it have at most."""
_AUXILIARIES = frozenset(
    ["كان", "كانت", "كانوا", "كانا", "يكون", "تكون", "قد", "لقد", "سبق", "مازال", "مازالت", "ليس", "ليست"]
)
"""Verbs and particles that stand before the verb of speech."""
_TOLD_BY = frozenset(
    [
        "نقل", "نقلت", "ينقل", "تنقل", "نقلوا", "جاء", "جاءت", "ورد", "وردت", "نسب", "نسبت", "قيل", "يقال", "يعتقد",
        "يزعم", "يذكر", "تردد", "قوله", "قولها", "قولهم",
    ]
)  # fmt: skip
"""Words that introduce what others said, and belong to no class of the lexicon by themselves."""
_REPLYING = frozenset(
    ["هدد", "هددت", "هددوا", "يهدد", "تهدد", "يهددون", "اجاب", "اجابت", "اجابوا", "يجيب", "تجيب", "يجيبون", "اردف", "اردفت", "علق",
     "علقت", "ردت", "ردوا", "تذمر", "تذمرت", "تذمروا", "اشتكي", "اشتكت", "اشتكوا", "يشتكي", "تشتكي", "شكا", "شكت", "غرد", "غردت"]
)  # fmt: skip
"""Verbs of speech without a class of their own: dangers threaten, too, and the others are no acts."""
_ISSUING = frozenset(["رد", "ردت", "اذاع", "اذاعت", "نشر", "نشرت", "بث", "بثت"])
"""Before a statement "in which she said": the one who broadcasts it speaks by that."""
_DOING = frozenset(
    [
        "سعي", "سعت", "يسعي", "تسعي", "سارع", "سارعت", "دافع", "دافعت", "يدافع", "تدافع", "قاطع", "قاطعه", "قاطعها", "قاطعت", "قاطعته",
        "قاطعتها", "وقف", "وقفت",
    ]
)  # fmt: skip
"""Deeds that belong to a class of speech: who interrupted somebody, asking, speaks by the question."""
_LIGHT = frozenset(
    ["سارع", "سارعت", "بادر", "بادرت", "اكتفي", "اكتفت", "عجل", "عجلت", "عاد", "عادت", "عمد", "عمدت", "لجا", "لجات"]
)  # fmt: skip
"""Verbs that only say how an act is done which a noun behind them names: "hastened to announce"."""
_ACTS = frozenset(
    ["ابداء", "اعلان", "تاكيد", "نفي", "قول", "ادانه", "تنديد", "تحذير", "ترحيب", "دعوه", "مطالبه", "اشاره", "تذكير", "تعبير", "اعراب",
     "استنكار", "تهديد", "اشاده", "كشف", "اعتراف"]
)  # fmt: skip
"""Such nouns."""
_TO_WHOM = frozenset(
    prep + person
    for prep in ("علي", "ل", "الي", "في", "من", "عن", "ب")
    for person in ("ه", "ها", "هم", "هما", "هن", "نا", "ك", "كم")
)
"""Pronouns that may stand between a verb and its subject: "answered him"."""
_AS_FOR = frozenset(["اما", "واما"])
_WORDS_OF = WORDS_OF | {"قول", "تعبير", "وصف"}
"""Nouns behind "to the extent of"."""
_OFFICES = frozenset(
    ["رئيس", "رئيسه", "مدير", "مديره", "نائب", "عضو", "امين", "قائد", "سفير", "مستشار", "مساعد", "وكيل", "محافظ", "زعيم", "لاعب",
     "مدرب", "حارس", "نجم", "اداره", "مجلس", "جمهور"]
)  # fmt: skip
"""Whose title wants a noun behind it, "the head of a club", which may be written like a verb."""

_LIKE_VERBS = frozenset(["نادي", "دعم", "عرض", "تعاون", "قبول"])
"""Such nouns: "club", "support", "supply"."""


def cue_of(sentence: str, tagged: Tagged, name: NameSpan | None) -> int:
    """Return the token of the word that introduces the speech.

    Parameters
    ----------
    sentence : str
    tagged : Tagged
        Its tokens.
    name : NameSpan, optional
        The speaker's name, if it has one.

    Returns
    -------
    int
        -1 if there is none.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> text = "وأكد الوزير أن الوضع صعب"
    >>> cue_of(text, Tagger(Lexicon.default(), {}).tag(text), NameSpan(1, 1))
    0
    """
    if name is None:
        return _without_name(sentence, tagged)
    j, own = tagged.before[name.first], name.last + 1
    joined = name.first and name.skip and tagged.norms[name.first][0] == "و"
    if joined and own < len(tagged) and tagged.words[own].verb:
        return own  # "Moscow threatens Kyiv and Berlin warns": what stands before is another's
    if j > 0 and tagged.norms[j] in _TO_WHOM:
        j -= 1
    if j >= 0 and tagged.norms[j] in _AS_FOR:
        k = _answer(tagged, name.last + 1)
        return max(k, _act_of(tagged, k, k + 1))
    verb = _before_phrase(sentence, tagged, j)
    if verb >= 0:
        return verb
    source = j > 0 and attributes(tagged.norms[j - 1]) and tagged.norms[j - 1][-2:] != "ما"
    if source and not tagged.words[j].verb:
        return j - 1  # "according to estimates of the bank"
    act = _act_of(tagged, j, name.last + 1)
    if act >= 0:
        return act
    if j >= 0 and bare(tagged.norms[j]) in _DOING:
        said = spoken_behind(tagged, name)
        goes_on = (k for k in range(name.last + 2, len(tagged)) if is_circumstance(tagged, k))
        return said if said >= 0 else next(goes_on, j)
    return _beside(sentence, tagged, name, j)


def _act_of(tagged: Tagged, verb: int, start: int) -> int:
    """Return the noun of speech that stands at a token or behind the one after it, as the act of a light verb; else -1."""
    if verb < 0 or bare(tagged.norms[verb]) not in _LIGHT:
        return -1
    for k in range(start, min(start + 2, len(tagged))):
        norm = tagged.norms[k]
        bound = norm.startswith("ب") and norm[1:].removeprefix("ال") in _ACTS
        if bound or (
            k > start and tagged.norms[k - 1] in ("الي", "علي") and norm.removeprefix("ال") in _ACTS
        ):
            return k
    return -1


def _beside(sentence: str, tagged: Tagged, name: NameSpan, j: int) -> int:
    """Return the word of speech before a name, which `j` stands in front of, or behind it; -1 if there is none."""
    if j >= 0 and (_introduces(sentence, tagged, j) or attributes(tagged.norms[j])):
        return j
    for k in range(j, max(j - _BACK, -1), -1):
        if _introduces(sentence, tagged, k) and not tagged.quoted[k]:
            return k
    relay = _relay(tagged, j)
    if relay >= 0:
        return relay
    opens = j if j >= 0 and tagged.content[j] and name.first <= _OPENING else -1
    behind = _behind(sentence, tagged, name)
    if behind < 0 and opens >= 0 and bare(tagged.norms[opens]) in _AUXILIARIES:
        return _main_verb(tagged, name, opens)
    if behind >= 0:
        issued = opens >= 0 and tagged.norm(behind + 1) in ("فيه", "فيها")
        return opens if issued and bare(tagged.norms[opens]) in _ISSUING else behind
    said = spoken_behind(tagged, name) if opens >= 0 else -1
    if said >= 0:
        return said
    if name.first > 2 and opens_with_participle(tagged):
        return 0
    return opens if name.first <= 2 else -1


def _relay(tagged: Tagged, j: int) -> int:
    """Return the verb by which a medium quotes somebody, some words and marks before "from"; else -1."""
    if j < 0 or tagged.norms[j] != "عن":
        return -1
    for k in range(j - _BACK, max(j - _BACK - 2, -1), -1):
        if bare(tagged.norms[k]) in RELAYS and not PAUSES.intersection(tagged.norms[k:j]):
            return k
    return -1


def _main_verb(tagged: Tagged, name: NameSpan, auxiliary: int) -> int:
    """Return the verb that follows an auxiliary and its subject, "the paper had published", or the auxiliary."""
    k = name.last + 1 + (tagged.norm(name.last + 1) in PAUSES)
    had = tagged.norm(k) == "قد"
    k += had
    follows = k < len(tagged) and tagged.content[k] and not tagged.quoted[k]
    return k if follows and (had or tagged.words[k].verb) else auxiliary


def _answer(tagged: Tagged, start: int) -> int:
    """Return the verb that answers "as for" by its first letter, or behind "has"; -1 where none does."""
    for k in range(start, len(tagged) - 1):
        norm = tagged.norms[k]
        if norm[:1] == "ف" and not tagged.quoted[k]:
            if norm == "فقد":
                return k + 1
            if tagged.words[k].verb or (k <= start + 1 and len(norm) > 3):
                return k
    return -1


def _before_phrase(sentence: str, tagged: Tagged, j: int) -> int:
    """Return the verb before a phrase of addressee or occasion that a name stands behind; else -1."""
    end = -1 if j < 0 or tagged.words[j].verb or tagged.norms[j] in THAT else j
    for k in range(end - 1, max(end - _PHRASE, -1), -1):
        if tagged.norms[k] in THAT or tagged.norms[k] in PAUSES or tagged.norms[k] == ":":
            return -1
        if tagged.words[k].verb and not tagged.quoted[k] and _introduces(sentence, tagged, k):
            occasion = tagged.norm(k + 2) in OCCASIONS or tagged.norm(k + 2) in OWN_OCCASIONS
            phrase = occasion if tagged.norms[k + 1] == "في" else medium_end(tagged, k + 1, ())[0] > k
            return k if phrase else -1
    return -1


def _without_name(sentence: str, tagged: Tagged) -> int:
    """Return the first verb that introduces the speech, or another word that does; before a "that" if there is one."""
    end = _first_that(tagged, 0)
    found = [k for k in range(end) if _introduces(sentence, tagged, k) and not tagged.quoted[k]]
    found = [k for k in found if tagged.words[k].classes or bare(tagged.norms[k]) in _TOLD_BY] or found
    return next((k for k in found if tagged.words[k].verb), found[0] if found else -1)


def _introduces(sentence: str, tagged: Tagged, k: int) -> bool:
    """Tell whether a token is a word of speech, and none that only looks like one."""
    norm = bare(tagged.norms[k])
    if norm in _TOLD_BY or norm in _REPLYING or (norm in _WORDS_OF and tagged.norm(k - 1) == "حد"):
        return True
    if not tagged.words[k].classes or norm in _AUXILIARIES or norm in NO_CUES or norm in THAT:
        return False
    if _is_noun(sentence, tagged, k):
        return False
    if not tagged.words[k].verb:
        return norm[:2] != "ال"
    return sentence[tagged.tokens[k].end - 1] != "ة"  # which ends nouns, and no verb


def _is_noun(sentence: str, tagged: Tagged, k: int) -> bool:
    """Tell whether a word that is written like a verb is "between", or the noun behind a title or a participle."""
    norm, before = tagged.norms[k], tagged.norm(k - 1)
    if norm == "بين":  # "made clear" begins a sentence, opens a clause, or has its doubled letter marked
        token = tagged.tokens[k]
        clear = tagged.norm(k + 1) in THAT or "\u0651" in sentence[token.start : token.end]
        return k > 0 and tagged.content[k - 1] and not clear
    if is_circumstance(tagged, k - 1) or (k == 1 and opens_with_participle(tagged)):
        return True
    behind_title = before in _OFFICES or (before[:1] in ("ل", "ب") and before[1:] in _OFFICES)
    return behind_title and norm in _LIKE_VERBS


def _is_through(tagged: Tagged, k: int) -> bool:
    """Tell whether a word behind a name is "through", which is written like "expressed": a noun stands behind it."""
    if tagged.norms[k] != "عبر" or k + 1 >= len(tagged):
        return False
    return tagged.content[k + 1] and tagged.norms[k + 1] not in _EXPRESSED


def _first_that(tagged: Tagged, start: int) -> int:
    """Return the token of the first "that" outside quotes, or the number of tokens."""
    return next((k for k in range(start, len(tagged)) if is_that(tagged, k)), len(tagged))


def _behind(sentence: str, tagged: Tagged, name: NameSpan) -> int:
    """Return a verb of speech near behind a name, or a participle behind a comma, before any "that"; else -1."""
    end = _first_that(tagged, name.last + 1)
    for k in range(name.last + 1, min(name.last + 1 + _AHEAD, end)):
        if tagged.norms[k] in BY_SAYING and k == name.last + 1:
            return k
        speaks = tagged.words[k].verb and _introduces(sentence, tagged, k) and not tagged.quoted[k]
        if speaks and not _is_through(tagged, k):
            return k
    found = [k for k in range(name.last + 2, end) if is_circumstance(tagged, k)]
    if not found or not tagged.content[min(found[0] + 1, end - 1)]:
        return found[0] if found else -1
    return next((k for k in found if k + 2 >= end), found[0])
