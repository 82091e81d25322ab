"""Number of speakers and of verbs: "and both said" is said by two.

Verbs before their subject are singular whatever its number, those of somebody left out agree with it (K. C. Ryding, *A
Reference Grammar of Modern Standard Arabic*, 2005, chapter 4); bodies and groups may have the plural, too.
"""

from __future__ import annotations

from stance.statements.cutting import NameSpan
from stance.statements.tagging import Tagged

__all__ = ["DUAL", "PLURAL", "SINGULAR", "is_person", "number_of_verb", "numbers", "verb_of_left_out"]

SINGULAR, DUAL, PLURAL = "s", "d", "p"
_ANY = SINGULAR + DUAL + PLURAL
_OFFICES = frozenset(
    [
        "رئيس", "وزير", "نائب", "مدير", "امين", "متحدث", "ناطق", "شيخ", "دكتور", "سيد", "امير", "ملك", "سفير", "مستشار",
        "قائد", "مسؤول", "مصدر", "وكيل", "محافظ", "عميد", "لواء", "عقيد", "مهندس", "استاذ", "زعيم", "مساعد", "مبعوث", "جنرال",
        "سيناتور", "خبير", "محلل", "كاتب", "عاهل", "مفوض", "مندوب", "ممثل", "موفد", "منسق", "عمده", "حاكم", "قاضي", "مدعي",
        "محامي", "مدرب", "لاعب", "شاهد", "طبيب", "ناشط", "مرشح", "بابا", "مفتي", "سكرتير", "نظير", "دبلوماسي", "باحث",
    ]
)  # fmt: skip
"""Titles and callings of one person."""
_PAIRS = frozenset(["جانب", "طرف", "بلد", "دوله", "حكومه", "حركه", "حزب", "وزاره", "فريق", "جيش", "منظمه"])
"""Other nouns of which two speak."""
_PAST_IN_A = frozenset(
    ["دعا", "رجا", "شكا", "حيا", "تلا", "عزا", "هنا", "شكرا", "اصفا", "عدا", "رفضا", "بدا"]
)
"""Singular past forms that end as the dual does, and what is no verb."""
_OPENERS = frozenset(["كما", "وقد", "قد", "فقد", "ثم", "لكن", "حيث"])
"""What may stand before the verb that a sentence begins with."""
_MARKS = frozenset("،,:-–")
_LIKE_PLURALS = frozenset(["تهاون", "تعاون"])
_OF_WORDS = frozenset(["ورد", "وردت", "جاء", "جاءت", "تضمن", "تضمنت"])
"""Verbs whose subject is what is said, where "in" stands behind them."""


def is_person(norm: str) -> bool:
    """Tell whether a word is the title of one person, a woman's or with the article perhaps.

    Parameters
    ----------
    norm : str
        Normalised.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_person("الوزيره"), is_person("سفير"), is_person("الوزيران"), is_person("وزاره")
    (True, True, False, False)
    """
    noun = norm.removeprefix("ال")
    return noun in _OFFICES or (noun[-1:] == "ه" and noun[:-1] in _OFFICES)


def number_of_verb(stem: str) -> str:
    """Return the number of a verb in the third person.

    Parameters
    ----------
    stem : str
        Normalised, without "and".

    Returns
    -------
    str

    Examples
    --------
    >>> [number_of_verb(stem) for stem in ("اكد", "دعا", "اكدا", "يؤكدان", "اكدوا", "يؤكدون")]
    ['s', 's', 'd', 'd', 'p', 'p']
    """
    if stem.endswith("نا"):
        return _ANY  # "we", too
    if stem.endswith(("ها", "هما")):
        return SINGULAR  # an object
    present = stem[:1] in "يت" and stem not in _LIKE_PLURALS
    if stem.endswith("وا") or (present and stem.endswith("ون")):
        return PLURAL
    if (stem.endswith("ا") and stem not in _PAST_IN_A) or (present and len(stem) > 5 and stem.endswith("ان")):
        return DUAL
    return SINGULAR


def numbers(tagged: Tagged, name: NameSpan | None) -> str:
    """Return the numbers that a verb may have whose subject a speaker is.

    Parameters
    ----------
    tagged : Tagged
    name : NameSpan, optional
        The speaker's name; None where it is left out.

    Returns
    -------
    str
        Where it is left out, the number of its verb; all of them if it has none.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagger = Tagger(Lexicon.default(), {})
    >>> names = ("الرئيسان المصري والفرنسي", "وزيرا خارجية البلدين", "متظاهرون", "وزير النفط", "الشرطة")
    >>> [numbers(tagger.tag(name), NameSpan(0, 0)) for name in names]
    ['d', 'd', 'sp', 's', 'sp']
    >>> numbers(tagger.tag("وأكدا أن"), None)
    'd'
    """
    if name is None:
        verb = verb_of_left_out(tagged)
        opens = verb >= 0 and (tagged.norm(verb - 1) in _MARKS or _OPENERS.issuperset(tagged.norms[:verb]))
        if not opens:
            return _ANY  # it may be somebody else's
        number = number_of_verb(tagged.words[verb].stem)
        bare = tagged.words[verb].stem == tagged.norms[verb]
        return _ANY if number == DUAL and bare else number  # without "and" a participle, perhaps
    norms = tagged.norms
    head = norms[name.first][name.skip :]
    noun = head.removeprefix("ال")
    if noun in _OFFICES or is_person(head):
        return _ANY if any(map(_joins_person, norms[name.first + 1 : name.last + 1])) else SINGULAR
    for ending in ("ان", "ا", "ين"):
        if noun.endswith(ending) and _is_of_pairs(noun.removesuffix(ending)):
            return _ANY if ending == "ين" else DUAL
    return (
        _ANY if any(norm[:1] == "و" for norm in norms[name.first + 1 : name.last + 1]) else SINGULAR + PLURAL
    )


def _joins_person(norm: str) -> bool:
    return norm[:1] == "و" and is_person(norm[1:])


def verb_of_left_out(tagged: Tagged) -> int:
    """Return the verb of speech that somebody left out speaks by.

    Parameters
    ----------
    tagged : Tagged

    Returns
    -------
    int
        Its token; -1 where there is none.
    """
    verb = next((k for k, word in enumerate(tagged.words) if word.verb and word.classes), -1)
    return -1 if verb < 0 or tagged.quoted[verb] or _is_of_words(tagged, verb) else verb


def _is_of_words(tagged: Tagged, k: int) -> bool:
    forms = (tagged.norms[k], tagged.norms[k][1:])
    return tagged.norm(k + 1) == "في" and not _OF_WORDS.isdisjoint(forms)


def _is_of_pairs(noun: str) -> bool:
    single = noun[:-1] + "ه" if noun[-1:] == "ت" else noun
    return single in _OFFICES or single in _PAIRS or (noun[-1:] == "ت" and noun[:-1] in _OFFICES)
