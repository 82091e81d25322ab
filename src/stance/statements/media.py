"""Media and occasions: to and at which somebody speaks; media tell by a headline what others do, too."""

from __future__ import annotations

from collections.abc import Sequence

from stance.actors.gazetteer import ActorMatch
from stance.statements.tagging import Tagged

__all__ = ["OCCASIONS", "OWN_OCCASIONS", "SPOKEN_ON", "is_addressed", "is_medium", "medium_end"]

_MEDIA = frozenset(
    ["وكاله", "قناه", "صحيفه", "جريده", "مجله", "موقع", "اذاعه", "تلفزيون", "شبكه", "برنامج", "راديو", "فضائيه", "القناه", "الصحيفه",
     "الوكاله", "المجله", "الجريده", "الاذاعه", "التلفزيون", "وسائل", "مراسل", "مراسله", "صحف", "الصحف", "اعلام", "الاعلام"]
)  # fmt: skip
"""Nouns for media, normalised."""
OCCASIONS = frozenset(
    ["بيان", "تصريح", "تصريحات", "كلمه", "مؤتمر", "حديث", "مقابله", "لقاء", "خطاب", "حوار", "مداخله", "اتصال", "رساله", "تغريده",
     "المؤتمر", "البيان"]
)  # fmt: skip
"""Occasions of speech, normalised."""
OWN_OCCASIONS = frozenset(
    word + ending
    for word in ("بيان", "تصريح", "تصريحات", "كلمت", "حديث", "مقابلت", "خطاب", "مداخلت", "رسالت", "تغريدت")
    for ending in ("ه", "ها")
)
"""Occasions of speech with their owner: no genitive follows them."""
SPOKEN_ON = OCCASIONS | OWN_OCCASIONS | {"تعليق", "تعليقه", "تعليقها", "بلاغ", "رد"}
"""Occasions of speech, and what else a speech may be called."""
_PRESS = frozenset(["للصحفيين", "للصحافيين", "للاعلاميين", "للصحافه", "للاعلام", "للمراسلين"])
"""The press as whom somebody addresses."""
_CHANNELS = frozenset(["للجزيره", "للعربيه", "للحدث", "للميادين", "للمنار", "للاناضول", "للشرق"])
"""Media whose names are common words."""
_FRENCH = frozenset(
    [
        "لوموند",
        "لوفيغارو",
        "لوفيجارو",
        "لو",
        "لوباريزيان",
        "لوبوان",
        "ليبراسيون",
        "ليبيراسيون",
        "ليكيب",
        "لوتون",
    ]
)
"""Papers whose names begin with an article that is written like "to"."""
_PRINTED = frozenset(["قناه", "صحيفه", "جريده", "مجله", "اذاعه", "تلفزيون", "راديو", "فضائيه"])
"""Nouns for media that are hardly anything else, whatever their name."""
_WATERWAYS = frozenset(["السويس", "بنما", "كييل"])
"""What canals, which are spelled like channels, are called by."""
_OF_MEDIA = frozenset(
    ["المدير", "الرئيس", "المنسق", "المتحدث", "الناطق", "المراسل", "المحرر", "المالك", "المؤسس", "العضو", "المشرف", "المفوض", "المقر",
     "الموقع", "الحساب", "الصفحه", "النسخه", "التابع", "التابعه", "المملوك", "التحرير", "الاخبار", "البرامج", "مراسل", "مراسله",
     "محرر", "صحفي", "صحافي", "مذيع", "مقدم", "متحدث", "ناطق", "مصور", "كاتب", "تقرير", "تقريرا", "استطلاع", "تحليل", "مسح",
     "مقابله", "مسؤول", "العام", "التنفيذي", "الاقليمي", "الرسمي"]
)  # fmt: skip
"""Offices, pages and papers that media have: behind them "to" is "of"."""
_NEAR = 2
"""Words before "of" within which they stand."""


def is_medium(norm: str) -> bool:
    """Tell whether a word is a noun for a medium.

    Parameters
    ----------
    norm : str
        Normalised.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_medium("قناه"), is_medium("قناعه")
    (True, False)
    """
    return norm in _MEDIA


def medium_end(tagged: Tagged, i: int, actors: Sequence[ActorMatch]) -> tuple[int, bool]:
    """Return the last token known to belong to the medium that is addressed at a token.

    Parameters
    ----------
    tagged : Tagged
    i : int
        The token with the "to" written to it.
    actors : sequence of ActorMatch
        The known actors of the sentence.

    Returns
    -------
    (int, bool)
        -1 where no medium is addressed; whether the name ends there, or more of it may follow.

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tagged = Tagger(Lexicon.default(), {}).tag("قال للصحفيين لصحيفة للوزير")
    >>> [medium_end(tagged, i, []) for i in range(1, 4)]
    [(1, True), (2, False), (-1, False)]
    """
    norm = tagged.norm(i)
    if norm[:1] != "ل" or not tagged.content[i] or norm in _FRENCH:
        return -1, False
    if norm in _PRESS or norm in _CHANNELS:
        return i, True
    noun = norm[1:] in _MEDIA or "ال" + norm[2:] in _MEDIA
    following = i + 1 + (i + 1 in tagged.quotes)
    medium = next((m for m in actors if m.first == i or (noun and m.first == following)), None)
    if medium and medium.actor.role == "MED" and medium.actor.name:
        return medium.last, True
    return (i, False) if noun else (-1, False)


def is_addressed(tagged: Tagged, i: int, actors: Sequence[ActorMatch]) -> bool:
    """Tell whether behind a subject a medium is addressed: "said the coach to the channel", not "the director of the channel".

    Parameters
    ----------
    tagged : Tagged
    i : int
        The token with the "to" written to it.
    actors : sequence of ActorMatch
        The known actors of the sentence.

    Returns
    -------
    bool

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> tag = Tagger(Lexicon.default(), {}).tag
    >>> is_addressed(tag("قال المدرب لقناة الوادي"), 2, []), is_addressed(tag("قال المدير العام لقناة الوادي"), 3, [])
    (True, False)
    """
    norm = tagged.norms[i]
    end, closed = medium_end(tagged, i, actors)
    if end < 0 or norm[:2] == "لل" or not _OF_MEDIA.isdisjoint(tagged.norms[max(0, i - _NEAR) : i]):
        return False
    return closed or (norm[1:] in _PRINTED and tagged.norm(i + 1) not in _WATERWAYS)
