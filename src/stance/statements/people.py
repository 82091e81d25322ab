"""Verbs that have people as their objects, and nouns for many people: closed lists, normalised."""

from __future__ import annotations

__all__ = ["BODIES", "GREETING", "MANY", "PEOPLE", "TO_PEOPLE", "TO_THINGS"]


def _forms(*stems: str) -> frozenset[str]:
    """Return third persons, past and present, of verbs given by their past and present stems, normalised."""
    found: set[str] = set()
    for pair in stems:
        past, present = pair.split("/")
        short = past[:-1] if past[-1] == "ي" or past in ("دعا", "حيا") else past
        found |= {past, short + "ت", "ي" + present, "ت" + present}
    return frozenset(found | {"و" + form for form in found})


GREETING = _forms(
    "هنا/هني", "هنا/هنئ", "شكر/شكر", "عزي/عزي", "نعي/نعي", "بارك/بارك", "واسي/واسي", "حيا/حيي"
) - {"يحيي", "تحيي", "ويحيي", "وتحيي"}  # which commemorate, too

"""Acts by which somebody is greeted, thanked, mourned or consoled; the verb has an object."""
TO_PEOPLE = GREETING | _forms(
    "حذر/حذر",
    "دعا/دعو",
    "حث/حث",
    "ناشد/ناشد",
    "طالب/طالب",
    "اتهم/تهم",
    "هدد/هدد",
    "امر/امر",
    "ابلغ/بلغ",
    "دعم/دعم",
)
TO_THINGS = _forms(
    "زار/زور", "التقي/لتقي", "استقبل/ستقبل", "هاجم/هاجم", "انتقد/نتقد", "ادان/دين", "رفض/رفض", "نفي/نفي", "اعلن/علن",
    "بحث/بحث", "ناقش/ناقش", "رفع/رفع", "خفض/خفض", "تسلم/تسلم", "افتتح/فتتح", "ايد/ؤيد", "استنكر/ستنكر", "غادر/غادر",
    "اجل/ؤجل", "علق/علق", "تفقد/تفقد", "خاطب/خاطب", "كذب/كذب", "اقر/قر", "حمل/حمل",
)  # fmt: skip
"""Verbs that have places, deeds and announcements as objects, and people as often."""
MANY = frozenset(
    [
        "عمال", "سكان", "اهالي", "اسر", "عائلات", "عائله", "ضحايا", "جنود", "قاده", "زعماء", "مواطني", "دول", "حركه", "جماعه", "جبهه",
        "حزب", "تنظيم", "قوات", "ابناء", "شعب", "شعوب", "اعضاء", "نواب", "طلاب", "طلبه", "لاعبي", "مسلحي", "متمردي", "رجال", "نساء",
        "اطراف", "طرفي", "جميع", "كافه", "كل", "كلا", "مليشيات", "ميليشيات", "فصائل", "سلطات", "شركات", "سائقي", "مزارعي", "صيادي",
        "مقاتلي", "جيش", "حكومه", "موظفي", "معلمي", "اطباء", "مستخدمي", "محتجي", "انصار", "افراد", "عناصر", "كتائب", "منتخب", "فريق",
    ]
)  # fmt: skip
"""Nouns for people and bodies that stand before another noun."""
PEOPLE = frozenset(
    [
        "الشعب", "الجنود", "العمال", "الطلاب", "الطلبه", "الاطراف", "الفصائل", "السكان", "الاهالي", "القاده", "الدول", "المجتمع",
        "الناس", "الشباب", "النواب", "القوات", "الضحايا", "الاسر", "العائلات", "الجماعات", "المليشيات", "الميليشيات", "الجماهير",
        "الجمهور", "الاطباء", "الناخبون", "الاحزاب", "القبائل", "الشركات", "الحكومات", "السلطات", "الشرطيين", "النساء", "الاطفال",
    ]
)  # fmt: skip
"""Nouns with the article for many people: no adjective and no person's name."""
BODIES = frozenset(
    [
        "شركه", "منظمه", "جمعيه", "مؤسسه", "صحيفه", "وكاله", "وزاره", "هيئه", "رابطه", "نقابه",
        "مركز", "معهد", "جامعه",
    ]
)  # fmt: skip
"""Bodies whose own name stands behind the noun."""
