"""Closed lists of words and marks that the reader looks for, normalised."""

from __future__ import annotations

__all__ = [
    "ATTRIBUTION",
    "CIRCUMSTANCES",
    "FIRST_PERSON",
    "INFORMANTS",
    "LETTERS",
    "MANNERS",
    "NAMED_BODIES",
    "NAMED_THINGS",
    "PARTICLES",
    "PAUSES",
    "RELATIVES",
    "RELAYS",
    "SO",
    "SOURCES",
    "STOPS",
    "THAT",
    "TIMES",
    "TITLES",
    "past_forms",
]

THAT = frozenset(
    [
        "ان", "انه", "انها", "انهم", "انهن", "انهما", "اننا", "انني", "اني", "بان", "بانه", "بانها", "بانهم", "بانهما",
        "باننا", "بانني", "بانهن", "انك", "انكم", "بانك", "بانكم",
    ]
)  # fmt: skip
"""Forms of "that" that open reported speech, normalised."""
SO = frozenset(["فان", "فانه", "فانها", "فانهم", "فاننا"])
"""How a clause may open behind its source: "according to her, ..."."""
PAUSES = frozenset("،,؛;-–—")
"""Marks that part clauses."""
STOPS = frozenset(".؟!?")
"""Marks that end a sentence."""
PARTICLES = frozenset(["في", "من", "علي", "الي", "عن", "مع", "خلال", "بعد"])
"""Prepositions that end a name or a phrase."""
TIMES = frozenset(
    [
        "اليوم",
        "امس",
        "الاول",
        "السبت",
        "الاحد",
        "الاثنين",
        "الثلاثاء",
        "الاربعاء",
        "الخميس",
        "الجمعه",
        "مساء",
        "صباح",
        "فجر",
        "الليله",
        "ليل",
    ]
)
"""Days and times of day, which are no names."""
TITLES = frozenset(
    [
        "رئيس",
        "وزير",
        "نائب",
        "مدير",
        "امين",
        "المتحدث",
        "الرئيس",
        "الوزير",
        "الشيخ",
        "الدكتور",
        "السيد",
        "امير",
        "الامير",
        "الملك",
        "ملك",
        "سفير",
        "السفير",
        "مستشار",
        "المستشار",
        "عضو",
        "قائد",
        "القائد",
        "الناطق",
        "مسؤول",
        "مسؤولون",
        "مصدر",
        "مصادر",
        "وكيل",
        "محافظ",
        "العميد",
        "اللواء",
        "الفريق",
        "العقيد",
        "المهندس",
        "الاستاذ",
        "زعيم",
        "رئيسه",
        "وزيره",
        "المستشاره",
        "مساعد",
        "مبعوث",
        "المبعوث",
        "الجنرال",
        "البابا",
        "النائب",
        "السيناتور",
        "خبير",
        "محلل",
        "كاتب",
        "الكاتب",
        "صحيفه",
        "الصحيفه",
        "وزاره",
        "الوزاره",
        "وزراء",
        "منظمه",
        "المنظمه",
        "بيان",
        "البيان",
        "حركه",
        "الحركه",
        "جماعه",
        "حزب",
        "الحزب",
        "الحكومه",
        "حكومه",
        "الخارجيه",
        "الشرطه",
        "الجيش",
        "وكاله",
        "الوكاله",
        "لجنه",
        "اللجنه",
        "مجلس",
        "المجلس",
        "هيئه",
        "اتحاد",
        "الاتحاد",
    ]
)
"""Offices, titles and bodies that names begin with."""
FIRST_PERSON = frozenset(
    ["انا", "نحن", "لدينا", "اننا", "انني", "اني", "علينا", "لنا", "عندنا", "لي", "عندي", "لقد", "اود"]
)
"""Words by which a speaker speaks of itself."""
SOURCES = frozenset(
    [
        "بحسب",
        "وفق",
        "حسب",
        "وفقا",
        "حسبما",
        "بيان",
        "تصريح",
        "تصريحات",
        "قوله",
        "قولها",
        "قائلا",
        "مصدر",
        "مصادر",
        "قول",
        "نقلا",
        "تقرير",
    ]
)
"""Words that name a source or introduce one."""
ATTRIBUTION = frozenset(["بحسب", "وفق", "حسب", "وفقا", "طبقا", "حسبما", "نقلا", "لسان"])
"""Words of "according to", behind which a source is named."""
RELAYS = frozenset(["نقل", "نقلت", "ينقل", "تنقل"])
"""Verbs by which a medium quotes somebody, normalised."""
RELATIVES = frozenset(["الذي", "التي", "الذين", "اللذين", "اللذان", "اللتين", "اللتان", "اللواتي", "اللاتي"])
"""Relative pronouns."""
INFORMANTS = frozenset(
    [
        "شهود", "سكان", "ناجين", "شاهد", "شاهده", "مركز", "منظمه", "منظمات", "خبير", "خبيره", "خبراء", "مسؤول", "مسؤوله", "مسؤولين",
        "مصدر", "مصدرين", "مصادر", "نقابي", "صحيفه", "شركه", "جمعيه", "طبيب", "اطباء", "عامل", "تاجر", "تجار", "صيادين", "مزارع",
        "ناشط", "ناشطين", "ناشطه", "محلل", "محللين", "باحث", "باحثين", "باحثه", "موظف", "موظفين", "دبلوماسي", "دبلوماسيين", "ضابط",
        "معهد", "مؤسسه", "وكاله", "هيئه", "اهالي", "مراسل", "صحفي", "صحافي", "متحدث", "متحدثه", "ناطق", "محام", "محامي", "قائد",
        "لاجئ", "لاجئه", "لاجئين", "مهندس", "معلم", "نائب", "عضو", "مدير", "مديره", "جامعه", "بعثه", "نقابه", "رابطه", "مرصد",
    ]
)  # fmt: skip
"""Sources that are not said to be certain ones, normalised."""
LETTERS = frozenset(
    ["اي", "ايه", "بي", "سي", "دي", "اف", "جي", "جيه", "اتش", "ايتش", "كي", "كيه", "ال", "ام", "ان", "او", "كيو", "ار", "اس", "تي",
     "يو", "في", "دبليو", "دابليو", "اكس", "واي", "زد", "زي"]
)  # fmt: skip
"""Names of Latin letters, as acronyms spell them with dots between: "B.B.C."."""
CIRCUMSTANCES = frozenset(
    form + ending
    for form in (
        "مؤكد", "معلن", "مجدد", "مضيف", "مشير", "موضح", "مبين", "لافت", "منوه", "مشدد", "محذر", "معرب", "معبر", "متوقع", "معتبر", "كاشف",
        "مطالب", "متابع", "مستدرك", "مستطرد", "مرجح", "زاعم", "مقر", "متعهد", "مهدد", "متهم", "قائل", "متسائل", "معلل", "مبرر", "منبه",
        "متوعد", "ملمح", "متمسك", "مستنكر", "مندد", "مرحب", "مردف",
    )
    for ending in ("ا", "ه", "ين", "ات")
) | frozenset(
    form + ending
    for form in ("ناف", "مبد", "داع", "مدع")  # their last letter is lost before the plural's
    for ending in ("يا", "يه", "ين", "يات")
)  # fmt: skip
"""Participles that go on with what somebody says or does: "pointing out that", masculine, feminine, and their plurals."""
MANNERS = frozenset(
    stem + ending
    for stem in ("باكي", "ضاحك", "مبتسم", "متاثر", "غاضب", "ساخر", "مازح", "هازئ", "متهكم", "منفعل", "صارخ", "متلعثم")
    for ending in ("ا", "ه", "ين")
)  # fmt: skip
"""How somebody speaks: "she said in tears"."""
NAMED_BODIES = frozenset(
    [
        "حركه", "حزب", "تنظيم", "جماعه", "كتائب", "كتيبه", "لواء", "فصيل", "جبهه", "تيار", "ائتلاف", "تحالف", "قائمه", "منظمه", "جمعيه",
        "مؤسسه", "هيئه", "رابطه", "نقابه", "مبادره", "حمله", "شركه", "مجموعه", "مصرف", "بنك", "صحيفه", "جريده", "مجله", "قناه", "اذاعه",
        "محطه", "موقع", "وكاله", "شبكه", "منصه", "تطبيق", "مركز", "معهد", "مدرسه", "جامعه", "مستشفي", "نادي", "فريق", "فرقه", "دار",
    ]
)  # fmt: skip
"""Bodies whose name stands behind them in quotation marks; with the article they may speak what is quoted."""
NAMED_THINGS = frozenset(
    [
        "سفينه", "ناقله", "مدمره", "فرقاطه", "غواصه", "باخره", "قارب", "يخت", "طائره", "مروحيه", "صاروخ", "مركبه", "مسبار", "قمر",
        "فيلم", "مسلسل", "مسرحيه", "اغنيه", "البوم", "كتاب", "روايه", "ديوان", "قصيده", "برنامج", "معرض", "مهرجان", "جائزه", "مسابقه",
        "عمليه", "عاصفه", "اعصار", "لعبه", "متحور", "فندق", "مطعم", "مقهي", "ملعب", "شعار", "عنوان", "اسم", "لقب", "هاشتاغ", "وسم",
    ]
)  # fmt: skip
"""Things whose name, title or motto stands behind them in quotation marks."""


def past_forms(*stems: str) -> list[str]:
    """Return the third persons singular of past verbs: he, she.

    Parameters
    ----------
    *stems : str
        The masculine forms, normalised.

    Returns
    -------
    list of str

    Examples
    --------
    >>> past_forms("قال", "التقي")
    ['قال', 'قالت', 'التقي', 'التقت']
    """
    return [form for stem in stems for form in (stem, stem.removesuffix("ي") + "ت")]
