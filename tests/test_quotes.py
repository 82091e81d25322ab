import time

import pytest
from hypothesis import given
from strategies import any_texts

from stance.statements import quotations

CASES = [
    (["«نعم»"], "قال: «نعم» وسكت.", "guillemets"),
    (["“نعم”"], "قال: “نعم” وسكت.", "curly marks"),
    (['"نعم"', '"لا"'], 'قال: "نعم" ثم "لا".', "straight marks, twice"),
    (['“نعم وألف نعم"'], 'قال: “نعم وألف نعم" وسكت.', "opened curly, closed straight"),
    (['«نعم "الآن" أبدا»'], 'قال: «نعم "الآن" أبدا» وسكت.', "nested, mixed"),
    (["«نعم «الآن» أبدا»"], "قال: «نعم «الآن» أبدا» وسكت.", "nested, alike"),
    (["«نعم. ثم لا»"], "قال: «نعم. ثم لا». وسكت.", "over two sentences"),
    (["«نعم.\nثم لا»"], "قال: «نعم.\nثم لا».\nوسكت.", "over two paragraphs, closed in the second"),
    (["«نعم.\n«ثم لا»"], "قال: «نعم.\n«ثم لا».\nوسكت.", "the mark repeated at the second paragraph"),
    (["«نعم"], "قال: «نعم\nوسكت. «ثم» عاد.".replace(" «ثم»", ""), "never closed: it ends with its paragraph"),
    (["«نعم", "«لا»"], "قال: «نعم\nثم قال: «لا» وسكت.", "never closed, and another in the next paragraph"),
    ([], "قال نعم» وسكت.", "closed and never opened"),
    ([], "قالت O'Neill ذلك.", "an apostrophe inside a word"),
    (['"طشقند"'], 'مساعدة لـ"طشقند" اليوم', "an opening mark at a letter"),
    (["“بخير“"], "قال: “بخير“. وسكت.", "an opening mark in the place of a closing one"),
    (["«بخير«", "«لا«"], "قال: «بخير« ثم «لا«.", "guillemets likewise, twice"),
    (["“نعم.“"], "قال: “نعم.“ وسكت.", "likewise behind a stop"),
    (["“نعم.\nثم لا“"], "قال: “نعم.\nثم لا“.\nوسكت.", "likewise in the next paragraph"),
    (["“نعم “الآن” أبدا”"], "قال: “نعم “الآن” أبدا” وسكت.", "a nested one opens all the same"),
    (["« نعم « الآن » أبدا »"], "قال: « نعم « الآن » أبدا » وسكت.", "blanks inside the marks"),
    (["»بخير»", "”لا”"], "قال: »بخير» ثم قال:”لا”.", "a closing mark in the place of an opening one"),
    (["»بخير«"], "قال: »بخير« وسكت.", "the two exchanged"),
    (['"نعم.\nثم لا"'], 'قال: "نعم.\nثم لا". وسكت.', "straight marks over two paragraphs"),
    (['"نعم', '"لا"'], 'قال: "نعم\nثم قال: "لا". وسكت.', "never closed, and another in the next, straight"),
    ([], 'كانت المحادثات مثمرة". ثم عاد.', "a straight mark that closes nothing"),
    ([], 'كانت المحادثات مثمرة"، ثم عاد.', "likewise before a comma"),
    ([], 'كانت المحادثات مثمرة""\nثم عاد.', "likewise, written twice, before the end"),
    (['"مبكرا"'], 'كانت المحادثات مثمرة" ثم عاد "مبكرا" أمس.', "likewise before a quotation"),
    ([], 'قال إن الأمر مؤسف جدًّا وشكرًا". ثم عاد.', "likewise behind a vowel sign"),
    ([], 'بين شاشة قياسها 12" وأخرى قياسها 15" فرق كبير.', "inches"),
    (['" نعم "'], 'قال" نعم " وسكت.', "blanks inside straight marks, none before"),
    (
        ['"زرنا مقرا لـ"سبق" اليوم"'],
        'قال: "زرنا مقرا لـ"سبق" اليوم" وسكت.',
        "nested behind a letter drawn out",
    ),
    ([], "", "nothing"),
]


@pytest.mark.parametrize(("expected", "text", "reason"), CASES, ids=[c[2] for c in CASES])
def test_quotations_golden(expected, text, reason):
    assert [text[q.start : q.end] for q in quotations(text)] == expected, reason


@given(any_texts)
def test_quotations_are_inside_ordered_and_apart(text):
    last = 0
    for quote in quotations(text):
        assert last <= quote.start < quote.end <= len(text)
        last = quote.end


@pytest.mark.parametrize(
    "unit", ['"', "«", "»", "“", "'", " «", '" ', "«ا» ", "«\n", '"\n', "ا'", "ا“ ", " »ا", 'ا" ', 'ا""']
)
def test_quotations_take_linear_time(unit):
    def seconds(n):
        started = time.perf_counter()
        quotations(unit * n)
        return time.perf_counter() - started

    seconds(1000)
    small = min(seconds(20_000) for _ in range(3))
    large = min(seconds(160_000) for _ in range(3))
    assert large < 8 * 8 * small / 2 + 0.05  # quadratic time would be 64 times as long
