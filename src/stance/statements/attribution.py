"""Attribution: "according to", "as he said", and whether what stands before it was said."""

from __future__ import annotations

from stance.statements.cutting import NameSpan
from stance.statements.tagging import Tagged, bare
from stance.statements.words import ATTRIBUTION, PARTICLES, PAUSES, SO

__all__ = [
    "OF_ONES_OWN",
    "WORDS_OF",
    "attributes",
    "attribution_before",
    "goes_on_behind",
    "is_attributed",
    "put_behind",
]

_SAYING = frozenset(["كما", "تبعا"])
"""Words before "said" by which what stands before it is attributed."""
WORDS_OF = frozenset(
    noun + owner
    for noun in ("قول", "تعبير", "وصف", "زعم", "كلام", "تصريح", "تصريحات")
    for owner in ("ه", "ها", "هم", "هما")
)
"""Behind "according to": "as he put it"."""
OF_ONES_OWN = WORDS_OF | {"له", "لها", "لهم", "لهما"}
"""What names nobody there: "according to him", too."""
_WHEN = frozenset(["قبل", "عقب", "منذ", "اثناء", "عند", "لدي", "قبيل", "بعيد", "فور", "اثر", "وسط"])
"""Words that open an adverbial, besides prepositions that end names."""
_SHORT = 4
"""Words of an adverbial before a verb; more may be a sentence that has no verb."""

_WHERE = frozenset(
    [
        "في",
        "من",
        "الي",
        "علي",
        "عن",
        "بين",
        "بينهم",
        "بينها",
        "بينهن",
        "بعد",
        "قبل",
        "منذ",
        "حتي",
        "نحو",
        "اكثر",
        "اقل",
        "داخل",
    ]
)
"""What an attributed clause may go on with behind its source; no noun, which may be the source's title."""
_GOVERNED = frozenset(["عن", "الي", "علي"])
"""Prepositions that a verb before the attribution may want, where no comma stands on either side."""
_THEREUPON = frozenset(["وقت", "حين", "اشاره", "بيان", "تصريح", "تصريحات", "كلمه", "حديث", "مقابله", "مؤتمر", "تقرير", "تغريده", "ان", "منشور", "جانبه",
                        "جانبها", "جهته", "جهتها"])  # fmt: skip
"""Behind such a preposition: when and where the source spoke, or what somebody else did meanwhile."""


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

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> attribution_before(Tagger(Lexicon.default(), {}).tag("الطريق مفتوح كما قال الوزير"), 3)
    2
    """
    if cue >= 0:
        for k in range(cue, max(cue - 4, -1), -1):
            norm = bare(tagged.norms[k])
            according = norm == "علي" and tagged.norm(k + 1) in ("ما", "حد")
            saying = norm in _SAYING and (k > 0 or not SO.isdisjoint(tagged.norms))  # else it is "also"
            if attributes(tagged.norms[k]) or (k < cue and (saying or according)):
                return k
            if tagged.norms[k] in PAUSES:
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

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> is_attributed(tag("الطريق مفتوح، قال الوزير"), 3, NameSpan(4, 4))
    True
    >>> is_attributed(tag("في الرياض، قال الوزير"), 3, NameSpan(4, 4))
    False
    """
    first = attribution_before(tagged, cue)
    his = cue >= 0 and tagged.norm(cue + 1) in OF_ONES_OWN  # "according to his words"
    if first < cue or ((name or his) and attributes(tagged.norms[cue])):
        return True
    if name is None or _is_adverbial(tagged, cue):
        return False
    ends = not any(tagged.content[k] for k in range(name.last + 1, len(tagged)))
    apart = cue > 0 and tagged.norms[cue - 1] in PAUSES
    return ends and apart and name.first > cue and "reporting" in tagged.words[cue].classes.split("|")


def goes_on_behind(tagged: Tagged, cue: int, name: NameSpan | None) -> int:
    """Return the token with which an attributed clause goes on behind its source: "killed, according to her, 12 men".

    Parameters
    ----------
    tagged : Tagged
    cue : int
        The token of the cue.
    name : NameSpan, optional
        The source.

    Returns
    -------
    int
        -1 where it does not, or where it may be the source's title or a new clause that follows.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> goes_on_behind(tag("قتل، وفق مصادر طبية، 12 شخصا"), 2, NameSpan(3, 4))
    6
    >>> goes_on_behind(tag("قتل 12 شخصا، وفق سعد، طبيب الحي"), 4, NameSpan(5, 5))
    -1
    >>> goes_on_behind(tag("ارتفع العدد بحسب الوزارة إلى خمسين"), 2, NameSpan(3, 3))
    4
    """
    if name is None or name.last < cue:
        return -1
    first, k = attribution_before(tagged, cue), name.last + 2
    if not attributes(tagged.norms[first]):
        return -1
    if tagged.norm(k - 1) in _GOVERNED and first > 1 and tagged.content[first - 1]:
        return k - 1 if tagged.content[min(k, len(tagged) - 1)] and tagged.norm(k) not in _THEREUPON else -1
    if k >= len(tagged) or tagged.norms[k - 1] not in ("،", ","):
        return -1
    norm = tagged.norms[k]
    if tagged.tokens[k].kind == "number" or (norm[0] == "ي" and len(norm) > 3):
        return k
    if norm in _WHERE:
        return k if tagged.norm(k + 1) not in _THEREUPON else -1
    # an accusative is no title of a source, which stands in the genitive
    accusative = norm[-1] == "ا" and len(norm) > 3 and norm[0] not in "وفم"
    return k if accusative and tagged.content[k] else -1


def _is_adverbial(tagged: Tagged, end: int) -> bool:
    """Tell whether a few words before a token only say when, where or by what: "after the elections, ..."."""
    opens = tagged.norms[0] in _WHEN or tagged.norms[0] in PARTICLES or attributes(tagged.norms[0])
    few = sum(tagged.content[:end]) <= _SHORT
    return opens and few and not any(word.verb for word in tagged.words[:end])


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
    if k < 3 or tagged.norms[k] not in WORDS_OF:
        return -1
    if attributes(tagged.norms[k - 1]):
        return k - 1
    return k - 2 if tagged.norms[k - 1] == "حد" and bare(tagged.norms[k - 2]) == "علي" else -1
