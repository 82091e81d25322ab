"""Names of people that are spelled like what belongs to a country: surnames ("the Egyptian"), given names ("Turki")."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["is_name", "is_nisba"]

_GIVEN = frozenset(
    clitic + word
    for clitic in ("", "و", "ف", "ل", "ب")
    for word in (
        "محمد", "احمد", "محمود", "مصطفي", "حسن", "حسين", "خالد", "وليد", "عمر", "عثمان", "يوسف", "ابراهيم", "اسماعيل", "موسي",
        "عيسي", "يحيي", "زكريا", "سليمان", "سلمان", "سلطان", "طارق", "زياد", "سامر", "سامي", "بسام", "فادي", "رامي", "هاني",
        "ايمن", "ماجد", "عماد", "علاء", "صلاح", "كمال", "جمال", "جلال", "حسام", "هشام", "سعيد", "سعد", "فهد", "فيصل",
        "راشد", "ناصر", "ياسر", "نبيل", "مروان", "غسان", "اسامه", "حمزه", "حمد", "بلال", "منصور", "كريم", "عادل", "شياع",
        "نور", "سيف", "عز", "فاطمه", "مريم", "زينب", "عائشه", "خديجه", "ساره", "ليلي", "رانيا", "ناديه", "سميره", "سعاد",
    )
)  # fmt: skip
"""Frequent given names, normalised; without those that are mostly other words ("in favour of", "in the name of")."""
_TITLES = frozenset(
    clitic + "ال" + word
    for clitic in ("", "و", "ف", "ب", "ك")
    for word in (
        "امير", "دكتور", "استاذ", "مهندس", "شيخ", "سيد", "لواء", "عميد", "عقيد", "مقدم", "رائد", "نقيب", "مستشار", "كاتب", "شاعر", "فنان",
        "زميل", "حاج", "سفير", "وزير", "بروفيسور", "محامي", "قاضي", "فريق",
    )
)  # fmt: skip
"""Titles with the article, normalised: a word behind them that lacks it is no adjective, but a given name."""
_FOREIGN = frozenset(
    clitic + word
    for clitic in ("", "و", "ف", "ل", "ب")
    for word in (
        "جون", "جان", "جورج", "جوزيف", "جيمس", "روبرت", "روبرتو", "مايكل", "ديفيد", "دوغلاس", "بيتر", "بول", "باولو", "ماركو", "ماريو",
        "ماريا", "لويجي", "لويس", "سيرجيو", "كارلو", "كارلوس", "فرانكو", "انطونيو", "انتونيو", "جوليا", "فالنتينو", "تيم", "توم",
        "روبن", "ادوارد", "تيد", "باتريك", "ويليام", "وليام", "ستيفن", "ستيفان", "الكسندر", "نيكولا", "ايزابيلا", "باولا", "انا",
    )
)  # fmt: skip
"""Frequent given names of other languages, normalised."""
_GIVEN_ALONE = _GIVEN - frozenset(
    clitic + word
    for clitic in ("", "و", "ف", "ل", "ب")
    for word in (
        "جمال",
        "جلال",
        "كمال",
        "سعد",
        "سعيد",
        "كريم",
        "عادل",
        "ناصر",
        "نور",
        "سيف",
        "عز",
        "سلطان",
        "راشد",
        "ماجد",
        "طارق",
        "عماد",
    )
)
"""Those that no adjective stands behind: they are no common words."""
_FATHER = ("ابو", "ابي", "ابا", "وابو", "لابي")
_SERVANT = ("عبد", "وعبد", "فعبد", "لعبد", "بعبد")
"""What begins a given name of two words, which some write as one."""
_SERVANT_OF = tuple(word + "ال" for word in _SERVANT)
_SECOND = frozenset(["علي", "الدين"])
"""What is part of a name behind a given name only: elsewhere they are "on" and "religion"."""


def is_nisba(norm: str) -> bool:
    """Tell whether a country's word is an adjective with the article.

    Parameters
    ----------
    norm : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_nisba("الكنديه"), is_nisba("كندا")
    (True, False)
    """
    return norm.startswith("ال") and norm.endswith(("ي", "يه"))


def is_name(norms: Sequence[str], k: int) -> bool:
    """Tell whether a country's word is somebody's name: "the Egyptian" behind a given name is no Egyptian.

    Nor is "Turkish" without the article a Turk where an adjective could not stand: behind "the prince", behind a given name.

    Parameters
    ----------
    norms : sequence of str
        Normalised words.
    k : int
        Not the first of them.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_name(["الامير", "تركي"], 1), is_name(["وفد", "تركي"], 1), is_name(["خالد", "المصري"], 1)
    (True, False, True)
    """
    if not norms[k].endswith("ي"):
        return False
    before = norms[k - 1]
    if not is_nisba(norms[k]):
        return before in _TITLES or before in _FATHER or before in _FOREIGN or before in _GIVEN_ALONE
    if before in _GIVEN or before.startswith(_SERVANT_OF):
        return True
    return k > 1 and (norms[k - 2] in _SERVANT or (before in _SECOND and norms[k - 2] in _GIVEN))
