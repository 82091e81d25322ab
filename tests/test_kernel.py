"""The compiled kernel and the same in Python are equal but for the order in which a few numbers are summed."""

import ast
import inspect
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import any_texts

from stance.features import index
from stance.features.analysis import analyze
from stance.features.index import PythonIndex, new_index
from stance.features.product import product
from stance.features.scorer import Scorer
from stance.features.table import WordTable
from stance.features.word_scores import NgramScores
from stance.lexicon import Cue, Lexicon
from stance.statements import Reader, rankers
from stance.statements.rankers import scorer, scorer_of_both
from stance.text.tokens import LONGEST, TOKEN

pytestmark = pytest.mark.skipif(index.KERNEL is None, reason="the kernel was not built on this machine")

ODD = [
    "",
    "www. http:// https://a www.م.س/؟ http://x.y/ع_1-»",
    "@ # @\u200d #\u200dوقف\u200d_\u064b @a\u200f\u200f #\u0640ا",
    "م\u200d\u200dم م\u200d ٣٫٥٪ 3.5.6%% 1-2:3/4,, 5- ٪",
    "ـمحمد abcابجdef x\u0301y \u2469\U0001f100\U0001f600 \ud800 «\"'”",
    "hw whttp://a.b",
]


@given(st.lists(any_texts, max_size=5))
@example(ODD)
def test_the_index_cuts_and_numbers_as_python_does(texts):
    compiled, plain = new_index(), PythonIndex()
    assert type(compiled) is not type(plain)
    for batch in (texts, texts[::-1], [*texts, "كلمة جديدة"]):
        assert compiled.find(list(batch)) == plain.find(list(batch))
    assert compiled.add("هدنة") == plain.add("هدنة")


def test_words_of_every_length_and_width_are_told_apart():
    # keys hold 15 letters of 16 bits: beside them stand longer words, wider letters, and ones that differ in high bits only
    alphabets = ["ab", "سش", "\U0001e900\U0001e901", "\uf8ff\U0001f8ff", "e\U00010065"]
    words = [first * (n - 1) + last for first, last in alphabets for n in range(1, 40)]
    words += [last * n for _, last in alphabets for n in range(1, 40)]
    compiled, plain = new_index(), PythonIndex()
    for numbers in (compiled, plain):
        assert [numbers.add(word) for word in words] == [numbers.add(word) for word in words]
    assert [compiled.add(word) for word in words] == [plain.add(word) for word in words]
    assert compiled.find(words) == plain.find(words)


def test_every_character_is_cut_as_the_pattern_cuts_it():
    characters = [chr(i) for i in range(0x110000)]
    texts = ["".join(characters[i : i + 4096]) for i in range(0, len(characters), 4096)]
    texts += [f"ا{c}ب{c}1{c}2{c}a{c}{c}" for c in characters[:0x700] + characters[0x2000:0x2100]]
    ids, lengths, fresh = new_index().find(texts)
    first = 0
    numbers = np.frombuffer(ids, np.int32).tolist()
    for text, length in zip(texts, np.frombuffer(lengths, np.int64).tolist(), strict=True):
        assert [fresh[n] for n in numbers[first : first + length]] == [
            t[:LONGEST] for t in TOKEN.findall(text)
        ]
        first += length


@pytest.fixture(scope="module")
def both(trained):
    weights, lexicon = trained.model.weights, trained.model.lexicon
    return Scorer(weights, lexicon), Scorer(weights, lexicon, compiled=False)


def arabic(draw_words):
    return st.lists(st.sampled_from(draw_words), max_size=40).map(" ".join)


WORDS = [
    "لم",
    "لن",
    "لا",
    "ليس",
    "ليست",
    "لم",
    "تكن",
    "رفضت",
    "نفى",
    "ينف",
    "دعا",
    "دعوة",
    "إلى",
    "هدنة",
    "وقف",
    "إطلاق",
    "النار",
    "لإطلاق",
    "نار",
    "وحذر",
    "حذرت",
    "من",
    "كارثة",
    "إنسانية",
    "،",
    ".",
    "«",
    "»",
    '"',
    "هل",
    "إذا",
    "كان",
    "سيدعو",
    "المتوقع",
    "أن",
    "يدعم",
    "دعمها",
    "للحكومة",
    "ومساندة",
    "بل",
    "لكن",
    "وقال",
    "قال",
    "إنه",
    "أكد",
    "مستعد",
    "لتقديم",
    "المساعدة",
    "الفاشر",
    "#وقف_القتال",
    "3.5%",
    "@حساب",
]


@given(st.lists(st.one_of(any_texts, arabic(WORDS)), max_size=6))
@example(ODD)
def test_scores_are_equal(both, texts):
    compiled, plain = both
    assert compiled._sums is not None
    assert plain._sums is None
    np.testing.assert_allclose(compiled.scores(texts), plain.scores(texts), rtol=0, atol=1e-12)


@given(st.lists(arabic(WORDS), min_size=2, max_size=6))
def test_a_text_scores_the_same_whatever_stands_beside_it(both, texts):
    compiled, plain = both
    alone = np.concatenate([compiled.scores([text]) for text in texts])
    assert np.array_equal(compiled.scores(texts), alone)  # to the bit
    alone = np.concatenate([plain.scores([text]) for text in texts])
    np.testing.assert_allclose(plain.scores(texts), alone, rtol=0, atol=1e-12)


def test_the_shipped_model_scores_equally(model, some_rows):
    texts = [r.text for r in some_rows]
    compiled, plain = (
        Scorer(model.model.weights, model.model.lexicon, compiled=choice) for choice in (True, False)
    )
    np.testing.assert_allclose(compiled.scores(texts), plain.scores(texts), rtol=0, atol=1e-12)


@pytest.mark.parametrize("most", [0, 3])
def test_combinations_of_flags_are_forgotten_between_texts_only(model, some_rows, monkeypatch, most):
    texts = [r.text for r in some_rows[:20]]
    expected = Scorer(model.model.weights, model.model.lexicon).scores(texts)
    monkeypatch.setattr("stance.features.compiled._MAX_FLAGS", most)
    scorer = Scorer(model.model.weights, model.model.lexicon)
    for _ in range(2):
        assert np.array_equal(scorer.scores(texts), expected)
        assert scorer._sums._n_flags > most
    assert np.array_equal(scorer.scores(texts[:1]), expected[:1])
    assert scorer._sums._n_flags <= len(texts[0].split())  # those of one text: all before are forgotten


def test_a_lexicon_of_many_overlapping_phrases():
    words = ["سلام", "حرب", "نار"]
    cues = [
        Cue(f"c{i % 7}", " ".join(words[(i // 3**k) % 3] for k in range(1 + i % 6)), "") for i in range(300)
    ]
    lexicon = Lexicon(list(dict.fromkeys(cues)))
    tables = WordTable(lexicon), WordTable(lexicon, compiled=False)
    text = " ".join(words[i * i % 3] for i in range(50))
    first, second = (analyze([text], table) for table in tables)
    assert np.array_equal(first.cue_class, second.cue_class)
    assert len(first.cue_class) > 100


@given(st.lists(any_texts.filter(bool), min_size=1, max_size=5), st.integers(0, 6))
@example(["مبروووووك", "#لا_للحرب", "#", "#__", "__", "ااا", "a" * 64], 5)
def test_ngram_sums_are_equal(trained, words, longest):
    weights = trained.model.weights
    content = np.array([i % 2 == 0 for i in range(len(words))])
    compiled, plain = (NgramScores(weights, choice) for choice in (True, False))
    compiled._longest = plain._longest = longest
    assert np.array_equal(compiled.sums(words, content), plain.sums(words, content))


@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_products(n_rows, n_inner, n, seed):
    random = np.random.RandomState(seed)
    left, right = random.randn(n_rows, n_inner), random.randn(n_inner, n)
    found = product(left, right)
    np.testing.assert_allclose(found, left @ right, rtol=1e-10, atol=1e-12)
    assert np.array_equal(found[-1:], product(left[-1:], right))


@given(st.integers(0, 5), st.integers(0, 4), st.data())
def test_records(n_rows, n_columns, data):
    numbers = st.floats(allow_nan=False)
    values = np.array(data.draw(st.lists(numbers, min_size=20, max_size=20)))[: n_rows * n_columns]
    names = tuple("abcd"[:n_columns])
    rows = values.reshape(n_rows, n_columns)
    found = index.KERNEL.records(names, rows)
    assert found == [dict(zip(names, row, strict=True)) for row in rows.tolist()]
    assert all(list(record) == list(names) for record in found)
    assert len({*map(id, found)}) == n_rows


values = st.one_of(
    st.sampled_from(["", "قال", "قال إن", "وزير", "a", "\ud800", "\0", "\U0001e900"]), any_texts
)
tables = st.lists(st.dictionaries(values, st.floats(-9, 9)), min_size=3, max_size=3).map(tuple)


@given(tables, tables, st.lists(st.tuples(values, values, values), max_size=9))
def test_rankers_add_up_the_same(first, second, described):
    compiled = scorer(first), scorer_of_both(first, second)
    plain = scorer(first, compiled=False), scorer_of_both(first, second, compiled=False)
    known = [tuple(next(iter(table), "") for table in pair) for pair in (first, second)]
    for description in [*described, *known]:
        assert compiled[0](description) == plain[0](description)
        assert compiled[1](description) == plain[1](description)


def test_a_ranker_tells_many_values_apart():
    first = {f"{i} قال": i / 7 for i in range(40_000)}
    second = {f"{i} قال": -i / 3 for i in range(20_000, 60_000)}
    one, both = scorer((first,)), scorer_of_both((first,), (second,))
    for i in range(80_000):
        value = "".join([str(i), " قال"])
        assert one((value,)) == first.get(value, 0.0)
        assert both((value,)) == (first.get(value, 0.0), second.get(value, 0.0))


def test_a_ranker_refuses_what_does_not_fit():
    class Word(str):
        __slots__ = ()

    ranker = index.KERNEL.Ranker(({"قال": 1.0}, {}))
    for description in (
        (),
        ("قال",),
        ("قال", "", ""),
        ["قال", ""],
        "قا",
        ("قال", 3),
        ("قال", None),
        ("", Word("قال")),
    ):
        with pytest.raises((TypeError, ValueError), match=r"tuple of 2|is a str"):
            ranker.score(description)
    assert ranker.scores(("قال", "وزير")) == (1.0, 0.0)
    for arguments in (
        ([{}],), ({},), ((None,),), (([],),), (({1: 1.0},),), (({Word("قال"): 1.0},),), (({"قال": 1},),), (({"قال": "1"},),),
        (({},), ()), (({},), ({}, {})), (({},), (1,)), (({},), [{}]), ((({}),) * 129,), (),
    ):  # fmt: skip
        with pytest.raises((TypeError, ValueError)):
            index.KERNEL.Ranker(*arguments)
    assert index.KERNEL.Ranker(({},) * 128).score(("قال",) * 128) == 0.0
    assert index.KERNEL.Ranker(()).score(()) == 0.0


def test_reading_finds_the_same_without_the_kernel(monkeypatch, root):
    texts = [path.read_text(encoding="utf-8") for path in sorted((root / "examples").glob("*.txt"))]
    read = [Reader().read(text) for text in texts]
    monkeypatch.setattr(rankers, "KERNEL", None)
    assert [Reader().read(text) for text in texts] == read


def test_what_does_not_fit_is_refused(both):
    compiled = both[0]
    sums, table = compiled._sums, compiled._table
    ids, lengths = table.number(["دعا إلى هدنة"])
    columns = sums._columns(table)
    for wrong in (ids + 10**6, ids - 10**6):
        with pytest.raises(ValueError, match="do not fit"):
            sums._sums.scores(wrong.astype(np.int32).tobytes(), lengths.tobytes(), columns)
    with pytest.raises(ValueError, match="lengths"):
        sums._sums.scores(ids.tobytes(), (lengths + 1).tobytes(), columns)
    for i in range(len(columns)):
        shorter = (*columns[:i], columns[i][:1], *columns[i + 1 :])
        if len(columns[i]) > 1 and i not in (2, 5):  # those by cue and pattern
            with pytest.raises(ValueError, match="do not fit"):
                sums._sums.scores(ids.tobytes(), lengths.tobytes(), shorter)
        with pytest.raises(TypeError):
            sums._sums.scores(
                ids.tobytes(), lengths.tobytes(), (*columns[:i], columns[i].astype("c16"), *columns[i + 1 :])
            )
    arrays = sums._arguments[0]
    for i, array in enumerate(arrays[:1] + arrays[6:7]):
        with pytest.raises(ValueError, match="do not fit"):
            index.KERNEL.Scoring((*arrays[: 6 * i], array[:-1], *arrays[6 * i + 1 :]), *sums._arguments[1:])
    with pytest.raises(TypeError):
        new_index().find(["نص", 3])
    with pytest.raises(ValueError, match="shapes"):
        index.KERNEL.product(np.zeros((2, 3)), np.zeros((2, 3)))
    for names, rows in ((("a", "b"), np.zeros((2, 3))), (("a",), np.zeros(3))):
        with pytest.raises(ValueError, match="names"):
            index.KERNEL.records(names, rows)
    for names, rows in (
        (["a"], np.zeros((2, 1))),
        (("a",), np.zeros((2, 1), np.float32)),
        (([],), np.zeros((2, 1))),
    ):
        with pytest.raises(TypeError):
            index.KERNEL.records(names, rows)


def test_the_stub_says_what_the_kernel_takes():
    def taken(owner):
        public = {name: value for name, value in vars(owner).items() if not name.startswith("_")}
        return {name: list(inspect.signature(value).parameters) for name, value in public.items()}

    def said(body):
        functions = [node for node in body if isinstance(node, ast.FunctionDef)]
        return {f.name: [a.arg for a in f.args.args if a.arg != "self"] for f in functions}

    stub = ast.parse(Path(index.__file__).with_name("_kernel.pyi").read_text(encoding="utf-8")).body
    found = said(stub)
    for node in stub:
        if isinstance(node, ast.ClassDef):
            methods = said(node.body)
            found[node.name] = methods.pop("__init__")
            assert methods == taken(getattr(index.KERNEL, node.name)), node.name
    assert found == taken(index.KERNEL)


def test_without_the_kernel_everything_works():
    code = (
        "import stance; from stance.features.index import KERNEL; print(KERNEL);"
        "print(stance.load().predict(['دعت الأمم المتحدة أطراف النزاع إلى وقف فوري لإطلاق النار'])[0].stance)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "STANCE_KERNEL": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["None", "calling_for_ceasefire"]
