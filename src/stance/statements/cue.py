"""The word by which a speaker is said to speak: before or behind the name, or with none."""

from __future__ import annotations

from stance.statements.cutting import NameSpan
from stance.statements.media import OCCASIONS, OWN_OCCASIONS, medium_end
from stance.statements.tagging import Tagged, bare
from stance.statements.words import ATTRIBUTION, CIRCUMSTANCES, THAT

__all__ = [
    "attributes",
    "attribution_before",
    "cue_of",
    "is_attributed",
    "is_circumstance",
    "opens_with_participle",
    "put_behind",
]

_BACK, _AHEAD = 5, 8
"""Tokens before and behind a name in which the word that introduces the speech is looked for."""
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
_NO_CUES = frozenset(["ايران", "هناك", "ابدا"])
"""Words that are written like forms of verbs of speech."""
_SAYING = frozenset(["كما", "تبعا"])
"""Words before "said" by which what stands before it is attributed."""
_COMMAS = frozenset("،,؛;-–—")
_WORDS_OF = frozenset(["قول", "تعبير", "وصف", "قوله", "قولها", "قولهم", "تعبيره", "تعبيرها", "وصفه", "وصفها"])
"""Nouns behind "to the extent of": "as he put it"."""
_OFFICES = frozenset(
    ["رئيس", "رئيسه", "مدير", "مديره", "نائب", "عضو", "امين", "قائد", "سفير", "مستشار", "مساعد", "وكيل", "محافظ", "زعيم", "لاعب",
     "مدرب", "حارس", "نجم", "اداره", "مجلس", "جمهور"]
)  # fmt: skip
"""Whose title wants a noun behind it, "the head of a club", which may be written like a verb."""

_LIKE_VERBS = frozenset(["نادي", "دعم", "عرض", "تعاون", "قبول"])
"""Such nouns: "club", "support", "supply"."""


def attributes(norm: str) -> bool:
    """Tell whether a word is "according to", with or without an "and" written to it.

    Parameters
    ----------
    norm : str
        Normalised.

    Returns
    -------
    bool

    Examples
    --------
    >>> attributes("وفقا"), attributes("ووفقا"), attributes("وبحسب"), attributes("وقف")
    (True, True, True, False)
    """
    return norm in ATTRIBUTION or bare(norm) in ATTRIBUTION


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
    """
    if name is None:
        return _without_name(sentence, tagged)
    j = tagged.before[name.first]
    verb = _before_phrase(sentence, tagged, j)
    if verb >= 0:
        return verb
    source = j > 0 and attributes(tagged.norms[j - 1]) and tagged.norms[j - 1][-2:] != "ما"
    if source and not tagged.words[j].verb:
        return j - 1  # "according to estimates of the bank"
    if j >= 0 and (_introduces(sentence, tagged, j) or attributes(tagged.norms[j])):
        return j
    for k in range(j, max(j - _BACK, -1), -1):
        if _introduces(sentence, tagged, k) and not tagged.quoted[k]:
            return k
    behind = _behind(sentence, tagged, name)
    if behind >= 0:
        return behind
    if name.first > 2 and opens_with_participle(tagged):
        return 0
    return j if j >= 0 and tagged.content[j] and name.first <= 2 else -1


def _before_phrase(sentence: str, tagged: Tagged, j: int) -> int:
    """Return the verb before a phrase of addressee or occasion that a name stands behind; else -1."""
    end = -1 if j < 0 or tagged.words[j].verb or tagged.norms[j] in THAT else j
    for k in range(end - 1, max(end - _PHRASE, -1), -1):
        if tagged.norms[k] in THAT or tagged.norms[k] in _COMMAS or tagged.norms[k] == ":":
            return -1
        if tagged.words[k].verb and not tagged.quoted[k] and _introduces(sentence, tagged, k):
            occasion = tagged.norm(k + 2) in OCCASIONS or tagged.norm(k + 2) in OWN_OCCASIONS
            phrase = occasion if tagged.norms[k + 1] == "في" else medium_end(tagged, k + 1, ())[0] > k
            return k if phrase else -1
    return -1


def opens_with_participle(tagged: Tagged) -> bool:
    """Tell whether a sentence begins with a participle of speech: "stressing unity, the king received ...".

    Parameters
    ----------
    tagged : Tagged
        Of a token at least.

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> opens_with_participle(tag("مؤكدا دعمه")), opens_with_participle(tag("أكد دعمه"))
    (True, False)
    """
    word, norm = tagged.words[0], tagged.norms[0]
    shaped = bare(norm)[:1] in ("م", "د") and norm[-1:] in ("ا", "ه")
    return shaped and bool(word.classes) and not word.verb and not tagged.quoted[0]


def _without_name(sentence: str, tagged: Tagged) -> int:
    """Return the first verb that introduces the speech, or another word that does; before a "that" if there is one."""
    end = _first_that(tagged, 0)
    found = [k for k in range(end) if _introduces(sentence, tagged, k) and not tagged.quoted[k]]
    return next((k for k in found if tagged.words[k].verb), found[0] if found else -1)


def _introduces(sentence: str, tagged: Tagged, k: int) -> bool:
    """Tell whether a token is a word of speech, and none that only looks like one."""
    norm = bare(tagged.norms[k])
    if norm in _TOLD_BY or (norm in _WORDS_OF and tagged.norm(k - 1) == "حد"):
        return True
    if not tagged.words[k].classes or norm in _AUXILIARIES or norm in _NO_CUES:
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
    if is_circumstance(tagged, k - 1):
        return True
    behind_title = before in _OFFICES or (before[:1] in ("ل", "ب") and before[1:] in _OFFICES)
    return behind_title and norm in _LIKE_VERBS


def _first_that(tagged: Tagged, start: int) -> int:
    """Return the token of the first "that" outside quotes, or the number of tokens."""
    return next(
        (k for k in range(start, len(tagged)) if tagged.norms[k] in THAT and not tagged.quoted[k]),
        len(tagged),
    )


def _behind(sentence: str, tagged: Tagged, name: NameSpan) -> int:
    """Return a verb of speech near behind a name, or a participle behind a comma, before any "that"; else -1."""
    end = _first_that(tagged, name.last + 1)
    for k in range(name.last + 1, min(name.last + 1 + _AHEAD, end)):
        if tagged.words[k].verb and _introduces(sentence, tagged, k) and not tagged.quoted[k]:
            return k
    found = [k for k in range(name.last + 2, end) if is_circumstance(tagged, k)]
    if not found or not tagged.content[min(found[0] + 1, end - 1)]:
        return found[0] if found else -1
    return next((k for k in found if k + 2 >= end), found[0])


def is_circumstance(tagged: Tagged, k: int) -> bool:
    """Tell whether a participle by which somebody goes on to speak stands behind a comma or a quotation.

    Parameters
    ----------
    tagged : Tagged
    k : int
        The token.

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("زار المخيم، مؤكدا دعم بلاده")
    >>> is_circumstance(tagged, 3), is_circumstance(tagged, 4)
    (True, False)
    """
    if k < 1 or tagged.quoted[k]:
        return False
    norm, word, comma = bare(tagged.norms[k]), tagged.words[k], tagged.norms[k - 1] in _COMMAS
    if norm in CIRCUMSTANCES:
        return comma or tagged.tokens[k - 1].kind == "quote"
    ends = norm[-1:] in ("ا", "ه") and norm[:2] != "ال"
    return comma and ends and bool(word.classes) and not word.verb and norm not in _NO_CUES


def attribution_before(tagged: Tagged, cue: int) -> int:
    """Return the first token of an attribution that a cue ends: "as he said", "according to what was announced".

    Parameters
    ----------
    tagged : Tagged
    cue : int
        The token of the cue.

    Returns
    -------
    int
        The cue itself where no other word belongs to it.
    """
    if cue >= 0:
        for k in range(cue, max(cue - 4, -1), -1):
            norm = bare(tagged.norms[k])
            according = norm == "علي" and tagged.norm(k + 1) in ("ما", "حد")
            if attributes(tagged.norms[k]) or (k < cue and (norm in _SAYING or according)):
                return k
            if tagged.norms[k] in _COMMAS:
                break
    return cue


def is_attributed(tagged: Tagged, cue: int, name: NameSpan | None) -> bool:
    """Tell whether what stands before a cue is what its speaker says.

    Parameters
    ----------
    tagged : Tagged
    cue : int
        The token of the cue.
    name : NameSpan, optional
        The speaker's name, if it has one.

    Returns
    -------
    bool
        For "according to" and its like, and for a verb of saying whose subject ends the sentence.
    """
    first = attribution_before(tagged, cue)
    if first < cue or (name and attributes(tagged.norms[cue])):
        return True
    if name is None:
        return False
    ends = not any(tagged.content[k] for k in range(name.last + 1, len(tagged)))
    apart = cue > 0 and tagged.norms[cue - 1] in _COMMAS
    return ends and apart and name.first > cue and "reporting" in tagged.words[cue].classes.split("|")


def put_behind(tagged: Tagged) -> int:
    """Return the first token of "as he put it" at the end of a sentence: it is the reporter's, not the speaker's.

    Parameters
    ----------
    tagged : Tagged

    Returns
    -------
    int
        -1 where a sentence does not end so.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> put_behind(Tagger(Lexicon.default(), {}).tag("قال إنها خدعة على حد تعبيره."))
    3
    """
    k = len(tagged) - 1
    while k > 0 and not tagged.content[k]:
        k -= 1
    put = k > 2 and tagged.norms[k] in _WORDS_OF and tagged.norms[k - 1] == "حد"
    return k - 2 if put and bare(tagged.norms[k - 2]) == "علي" else -1
