import pytest
from hypothesis import given
from strategies import any_texts

import stance
from stance.statements import segment

SEGMENTS = [
    (
        ["عنوان بلا نقطة", "قال الوزير كذا.", "وأضاف كذا."],
        "عنوان بلا نقطة\nقال الوزير كذا. وأضاف كذا.",
        "a title has its own line",
    ),
    (["أولا.", "ثانيا!", "ثالثا؟", "رابعا۔"], "أولا. ثانيا! ثالثا؟ رابعا۔", "Arabic and Latin ends"),
    (["كيف ذلك؟!", "لا أحد يدري."], "كيف ذلك؟! لا أحد يدري.", "several marks at once"),
    (["قال د. سالم و أ. مريم كذا."], "قال د. سالم و أ. مريم كذا.", "titles of persons"),
    (["نقلت (أ. ف. ب) عن المصدر كذا."], "نقلت (أ. ف. ب) عن المصدر كذا.", "initials with blanks"),
    (["نقلت أ.ف.ب عن المصدر كذا."], "نقلت أ.ف.ب عن المصدر كذا.", "initials without blanks"),
    (["بلغت النسبة 3.5 في المئة.", "ثم هبطت."], "بلغت النسبة 3.5 في المئة. ثم هبطت.", "a decimal"),
    (["في 12.3.2019 انتهى الأمر."], "في 12.3.2019 انتهى الأمر.", "a date"),
    (["حدث ذلك عام 2015.", "ثم انتهى."], "حدث ذلك عام 2015. ثم انتهى.", "a year ends a sentence"),
    (["سنة 1440 هـ.", "ثم انتهى."], "سنة 1440 هـ. ثم انتهى.", "an era after a year ends one too"),
    (["1. البند الأول كذا."], "1. البند الأول كذا.", "a numbered item"),
    (
        ["قال: «انتهى الأمر.", "لن نعود».", "ثم خرج."],
        "قال: «انتهى الأمر. لن نعود». ثم خرج.",
        "a quotation over two sentences",
    ),
    (["قال: «انتهى!».", "ثم خرج."], "قال: «انتهى!». ثم خرج.", "a full stop behind the closing mark"),
    (['قال: "انتهى."', "ثم خرج."], 'قال: "انتهى." ثم خرج.', "the closing mark belongs to what it closes"),
    (['قال: "انتهى. "', "ثم خرج."], 'قال: "انتهى. " ثم خرج.', "a closing mark after a blank"),
    (['قال: “انتهى الأمر".', "ثم خرج."], 'قال: “انتهى الأمر". ثم خرج.', "mixed marks"),
    (["قال: «انتهى الأمر.", "ثم خرج."], "قال: «انتهى الأمر. ثم خرج.", "an unclosed mark"),
    (["في العيد.. يجب أن تصمت المدافع."], "في العيد.. يجب أن تصمت المدافع.", "two dots are a pause"),
    (["وقال... ثم سكت."], "وقال... ثم سكت.", "three dots within a line"),
    (["انتهى الاجتماع.", "وقال الوزير كذا."], "انتهى الاجتماع.وقال الوزير كذا.", "no blank after the dot"),
    (["انتهى الاجتماع .", "وقال كذا ."], "انتهى الاجتماع .وقال كذا .", "a blank before the dot"),
    (
        ["قال خبير في بنك «جي.بي.كيه» إن العملة تراجعت.", "ثم سكت."],
        "قال خبير في بنك «جي.بي.كيه» إن العملة تراجعت. ثم سكت.",
        "an acronym spelled by the names of its letters",
    ),
    (["وبثت السي.تي.في حوارا.", "وانتهى."], "وبثت السي.تي.في حوارا.وانتهى.", "likewise with the article"),
    (["انتهى بث إم تي في.", "وقال المذيع كذا."], "انتهى بث إم تي في.وقال المذيع كذا.", "no letter behind it"),
    (["زار الوفد دبي.", "أي أنه وصل."], "زار الوفد دبي.أي أنه وصل.", "no letter before it"),
    (["زوروا example.com اليوم."], "زوروا example.com اليوم.", "a domain"),
    (
        ["فقرة أولى.", "فقرة ثانية."],
        "\r\n  فقرة أولى.\r\n\r\n\u200fفقرة ثانية.\u200f  \n",
        "blank lines, marks at the edges",
    ),
    (
        ["«هل نقبل؟»، قال النائب.", "ثم خرج."],
        "«هل نقبل؟»، قال النائب. ثم خرج.",
        "a comma behind the closing mark",
    ),
    (["قال: «هل نقبل؟ » ، ثم خرج."], "قال: «هل نقبل؟ » ، ثم خرج.", "likewise with blanks"),
    (["«هل نقبل؟».، قال النائب."], "«هل نقبل؟».، قال النائب.", "likewise behind a full stop"),
    (["سأل (هل نقبل؟)، ثم خرج."], "سأل (هل نقبل؟)، ثم خرج.", "a comma behind a bracket"),
    (["«لن نرحل!» صرخ المختار.", "ثم خرج."], "«لن نرحل!» صرخ المختار. ثم خرج.", "a verb of saying behind it"),
    (['"لن نرحل." قال المختار.'], '"لن نرحل." قال المختار.', "likewise, straight marks"),
    (["“لن نرحل.“ قال المختار."], "“لن نرحل.“ قال المختار.", "likewise, marks of one shape"),
    (
        ["«بردنا.", "لن نرحل!» صرخ المختار."],
        "«بردنا. لن نرحل!» صرخ المختار.",
        "a quotation of several sentences",
    ),
    (["«بردنا.", "لن نرحل!» صرخ المختار."], "«بردنا.\nلن نرحل!» صرخ المختار.", "over two paragraphs"),
    (
        ["«لن نرحل عن هنا». قال المختار."],
        "«لن نرحل عن هنا». قال المختار.",
        "a stop between, and nothing else to say",
    ),
    (
        ["«لن نرحل عن هنا!». بحسب المختار."],
        "«لن نرحل عن هنا!». بحسب المختار.",
        "likewise, according to somebody",
    ),
    (
        ["«لن نرحل!»", "قال المختار إن الأمر انتهى."],
        "«لن نرحل!» قال المختار إن الأمر انتهى.",
        "a clause of its own",
    ),
    (["«لن نرحل!»", "قال المختار: «أبدا»."], "«لن نرحل!» قال المختار: «أبدا».", "words of its own"),
    (
        ["«لن نرحل عن هنا».", "قال د. سالم إنه يعلم."],
        "«لن نرحل عن هنا». قال د. سالم إنه يعلم.",
        "a title's dot",
    ),
    (
        ["«لن نرحل عن هنا».", "تابع الوزير المباراة."],
        "«لن نرحل عن هنا». تابع الوزير المباراة.",
        "a verb that says more",
    ),
    (["«لن نرحل عن هنا!»", "عقب اللقاء غادر."], "«لن نرحل عن هنا!» عقب اللقاء غادر.", "after, not commented"),
    (
        ["قال سالم: «لن نرحل!»", "صرخ فادي."],
        "قال سالم: «لن نرحل!» صرخ فادي.",
        "a quotation that has its speaker",
    ),
    (["ورد في «الحياة».", "قال الوزير."], "ورد في «الحياة». قال الوزير.", "a newspaper"),
    (["«الشرق الأوسط».", "قال الوزير."], "«الشرق الأوسط». قال الوزير.", "a newspaper alone"),
    (["قال: «لا.»", "وأضاف كذا."], "قال: «لا.» وأضاف كذا.", "a verb of saying with a conjunction"),
    (["قال: “بخير.“", "وسكت."], "قال: “بخير.“ وسكت.", "an opening mark in the place of a closing one"),
    (["انتهى.", "« نعم » قال."], "انتهى.« نعم » قال.", "none is open"),
    ([], "", "nothing"),
    ([], " \n\u200f\n", "blanks"),
]


@pytest.mark.parametrize(("expected", "text", "reason"), SEGMENTS, ids=[s[2] for s in SEGMENTS])
def test_segment_golden(expected, text, reason):
    assert [text[s.start : s.end] for s in segment(text)] == expected, reason


@given(any_texts)
def test_spans_are_ordered_inside_and_lose_no_letter(text):
    last = 0
    kept = []
    for span in segment(text):
        assert last <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end] != ""
        kept.append(text[span.start : span.end])
        last = span.end
    letters = [c for c in text if c.isalnum()]
    assert [c for c in "".join(kept) if c.isalnum()] == letters


def test_paragraphs_are_numbered():
    text = "قال: «أولا. ثانيا. ثالثا». رابعا.\nخامسا."
    assert [s.paragraph for s in segment(text)] == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    "unit",
    [".", '"', "«", " ", "ا", "ا. ", "ا.", "«.", '." ', "؟", "\n", "\u064e", "«ا!» قال ", "! ", "«ا». قال "],
)
def test_segment_takes_linear_time(unit):
    import time

    def seconds(n):
        started = time.perf_counter()
        segment(unit * n)
        return time.perf_counter() - started

    seconds(1000)
    small = min(seconds(5_000) for _ in range(3))
    large = min(seconds(40_000) for _ in range(3))
    assert large < 8 * 8 * small / 2 + 0.1  # quadratic time would be 64 times as long


def test_article_is_a_sequence_of_statements(model):
    article = stance.read("عنوان\nحذر الوزير من كارثة وشيكة. ثم انصرف.", model)
    assert len(article) == 3
    assert article[1].text == "حذر الوزير من كارثة وشيكة."
    assert [s.text for s in article] == [s.text for s in article.statements]
    assert set(article[1].to_dict()) >= {"start", "end", "stances", "sentiment", "speaker", "text"}


def test_read_wants_a_str():
    with pytest.raises(TypeError, match="an article is a str"):
        stance.read(["نص"])
