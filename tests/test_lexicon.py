import csv
import time
from collections import Counter

import pytest
from hypothesis import given
from strategies import any_texts

from stance.errors import DataError
from stance.lexicon import Cue, Lexicon, parse_lexicon
from stance.text import normalize

REQUIRED = {
    "calling", "truce", "obligation", "warning", "alarm", "threat", "support_noun", "support_verb", "readiness",
    "cooperation", "negation", "refusal", "reporting", "condemnation", "asking", "praise", "condolence",
    "conditional", "hope", "first_person",
}  # fmt: skip


@pytest.fixture(scope="module")
def default():
    return Lexicon.default()


def classes(lexicon, text):
    return [m.cue_class for m in lexicon.find(text)]


def test_the_installed_lexicon_is_built_once():
    assert Lexicon.default() is Lexicon.default()


def test_installed_lexicon_has_the_classes_and_several_hundred_terms(default):
    assert set(default.classes) >= REQUIRED
    assert len(default.cues) >= 600
    assert all(c.note for c in default.cues)
    doubles = [k for k, n in Counter((c.cue_class, c.term) for c in default.cues).items() if n > 1]
    assert not doubles


def verb_cases():
    from conftest import ROOT

    with (ROOT / "tests" / "golden" / "conjugation.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("case", verb_cases(), ids=lambda c: f"{c['term']}-{c['text']}")
def test_inflection_golden(case):
    found = bool(classes(Lexicon([Cue("x", case["term"], "")]), case["text"]))
    assert found == (case["matches"] == "yes"), case["reason"]


def test_every_term_of_the_installed_lexicon_finds_itself(default):
    member = {"{" + c.cue_class + "}": c.term for c in reversed(default.cues) if " " not in c.term}
    for cue in default.cues:
        words = (member.get(w, w) for w in cue.term.split())
        plain = " ".join(w.split("/")[0].removeprefix("=") for w in words)
        assert cue.cue_class in classes(default, plain), cue


def test_the_lexicon_of_posts_finds_its_terms_and_none_is_of_two_minds():
    lexicon = Lexicon.installed("posts")
    assert lexicon.classes == ("approval", "contempt", "delight", "disapproval")
    assert len(lexicon.cues) >= 8000
    assert {c.note for c in lexicon.cues} == {"all", "msa", "egy", "lev", "glf", "mag"}
    assert len({normalize(c.term) for c in lexicon.cues}) == len(lexicon.cues)
    for cue in lexicon.cues:
        assert cue.cue_class in classes(lexicon, cue.term), cue


def test_a_lexicon_that_is_not_installed_is_refused():
    with pytest.raises(DataError, match=r"there is no lexicon 'post' \(did you mean 'posts'\?\)"):
        Lexicon.installed("post")


def test_a_class_in_braces_stands_for_any_of_its_one_word_terms():
    cues = [Cue("halt", "أوقف/يوقف", ""), Cue("halt", "وقف", ""), Cue("fight", "هجوم", "")]
    lexicon = Lexicon([*cues, Cue("truce", "{halt} {fight}", "")])
    assert classes(lexicon, "ويوقفون الهجمات") == ["halt"]
    assert set(classes(lexicon, "ويوقفون الهجوم")) == {"halt", "fight", "truce"}
    assert "truce" in classes(lexicon, "ووقف هجومه")
    with pytest.raises(DataError, match="no class 'fights'"):
        Lexicon([*cues, Cue("truce", "{halt} {fights}", "")])


def test_phrases_do_not_cross_punctuation_but_cross_quotation_marks(lexicon):
    assert classes(lexicon, "وقف «إطلاق النار»") == ["truce"]
    assert classes(lexicon, "وقف، إطلاق النار") == []


def test_spans_point_into_the_original(lexicon):
    text = "لقد دَعَــا إلى وقفٍ لإطلاقِ النار"
    assert [text[m.start : m.end] for m in lexicon.find(text)] == ["دَعَــا", "وقفٍ لإطلاقِ النار"]


@given(any_texts)
def test_find_gives_ordered_spans_inside_any_text(text):
    found = Lexicon([Cue("a", "دعا/يدعو", ""), Cue("b", "وقف إطلاق نار", "")]).find(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert [m.start for m in found] == sorted(m.start for m in found)


def test_matching_does_not_slow_down_as_the_lexicon_grows():
    letters = "بتثجحخدذرزسشصضطظعغفقكلمن"
    terms = [a + b + c for a in letters for b in letters for c in letters]
    text = "دعا الأمين العام إلى وقف إطلاق النار في المدينة المحاصرة " * 50

    def seconds(n):
        lexicon = Lexicon([Cue("x", t, "") for t in terms[:n]])
        best = float("inf")
        for _ in range(5):
            started = time.perf_counter()
            lexicon.find(text)
            best = min(best, time.perf_counter() - started)
        return best

    assert seconds(8000) < 3 * seconds(100)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no terms found"),
        ("a\tb\n", "the header must be"),
        ("class\tterm\tnote\nx\tهدنة\n", "line 2: three filled columns"),
        ("class\tterm\tnote\nx\tدعا/دعا\t\n", "a verb is written"),
        ("class\tterm\tnote\nx\ta b c d e f g\t\n", "at most 6 words"),
    ],
)
def test_malformed_lexicons_are_refused_with_the_line(content, message):
    with pytest.raises(DataError, match=message):
        parse_lexicon(content)
