"""Shared hypothesis strategies; new features join them."""

from hypothesis import strategies as st

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىة"
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640\u0654"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202b\u202c\u2067\u2069\ufeff\u00ad"
QUOTES = "«»“”\"'‘’"
PUNCTUATION = ".,;:!?،؛؟…-()\n"
PIECES = [
    "وقف إطلاق النار", "دعا", "حذّرت", "رحّب", "الأمين العام", "لن", "هدنة", "د.", "أ. ف. ب.", "3.5", "١٢٫٥٪",
    "12/3/2019", "#وقف_إطلاق_النار", "@user_1", "https://example.com/a?b=1", "NATO", "قال:", "مؤكدا أن", "ﷺ", "ﻻ",
]  # fmt: skip

arabic_words = st.text(st.sampled_from(LETTERS + MARKS), min_size=1, max_size=12)
arabic_texts = st.lists(
    st.one_of(
        arabic_words,
        st.sampled_from(PIECES),
        st.sampled_from(list(QUOTES + PUNCTUATION + INVISIBLE + "  ")),
        st.text(max_size=3),
    ),
    max_size=30,
).map(" ".join)
any_texts = st.one_of(
    arabic_texts,
    st.text(max_size=80),
    st.text(st.sampled_from(LETTERS + MARKS + QUOTES + PUNCTUATION + " "), max_size=80),
)
