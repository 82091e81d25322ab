import csv
import unicodedata

import pytest
from hypothesis import given
from strategies import any_texts, arabic_words

from stance.text import normalize, tokenize, words
from stance.text.tokens import TOKEN


def golden(root_file):
    from conftest import ROOT

    with (ROOT / "tests" / "golden" / root_file).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("case", golden("normalization.tsv"), ids=lambda c: c["reason"])
def test_normalization_golden(case):
    assert normalize(case["input"]) == case["normal"], case["reason"]


@given(any_texts)
def test_normalize_is_idempotent(text):
    once = normalize(text)
    assert normalize(once) == once


@given(any_texts)
def test_canonically_equivalent_texts_are_equal(text):
    assert normalize(unicodedata.normalize("NFD", text)) == normalize(text)


def test_every_character_has_a_stable_normal_form():
    for code in range(0x110000):
        once = normalize(chr(code))
        assert normalize(once) == once, hex(code)


@given(any_texts)
def test_tokens_lie_in_order_inside_the_text(text):
    last = 0
    for token in tokenize(text):
        assert last <= token.start < token.end <= len(text)
        assert token.norm == normalize(text[token.start : token.end])
        last = token.end


@given(arabic_words)
def test_a_marked_word_is_one_token_with_its_marks(word):
    letters = [c for c in word if not unicodedata.combining(c) and c != "\u0640"]
    if word[0] in letters:
        [token] = tokenize(word)
        assert (token.start, token.end, token.kind) == (0, len(word), "word")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("نسبة 3.5% و١٢٫٥٪", [("نسبه", "word"), ("3.5%", "number"), ("و", "word"), ("12.5%", "number")]),
        ("في 12/3/2019", [("في", "word"), ("12/3/2019", "number")]),
        ('لـ"طشقند"', [("ل", "word"), ('"', "quote"), ("طشقند", "word"), ('"', "quote")]),
        ("«هدنة»،", [("«", "quote"), ("هدنه", "word"), ("»", "quote"), ("،", "punctuation")]),
        ("#وقف_إطلاق_النار الآن", [("#وقف_اطلاق_النار", "hashtag"), ("الان", "word")]),
        ("قال @user_1.", [("قال", "word"), ("@user_1", "mention"), (".", "punctuation")]),
        (
            "انظر https://example.com/a?b=1.",
            [("انظر", "word"), ("https://example.com/a?b=1", "url"), (".", "punctuation")],
        ),
        ("قناةCNNالعربية", [("قناه", "word"), ("cnn", "word"), ("العربيه", "word")]),
        ("", []),
        ("😀 🕊→", [("😀", "symbol"), ("🕊", "symbol"), ("→", "symbol")]),
    ],
)
def test_kinds(text, expected):
    assert [(t.norm, t.kind) for t in tokenize(text)] == expected


def test_words_leave_out_marks_of_punctuation():
    assert [w.norm for w in words("قال: «نعم».")] == ["قال", "نعم"]


@pytest.mark.parametrize("unit", ["ا", "\u064e", "\u200f", "«", "1.", "www.", "#", "http://", "ا\u200f", " "])
def test_tokens_of_long_runs_take_linear_time(unit):
    import time

    def seconds(n):
        started = time.perf_counter()
        TOKEN.findall(unit * n)
        return time.perf_counter() - started

    seconds(1000)
    small = min(seconds(20_000) for _ in range(3))
    large = min(seconds(160_000) for _ in range(3))
    assert large < 8 * 8 * small + 0.05  # quadratic time would be 64 times as long, and far over this
