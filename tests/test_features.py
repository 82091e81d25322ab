"""scikit-learn's own estimator checks skip estimators of text, so this is a contract suite of our own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils.extmath import randomized_svd
from strategies import any_texts
from threadpoolctl import threadpool_info, threadpool_limits

from stance.features.context import feature_key, feature_name
from stance.features.vectorizer import StatementVectorizer
from stance.features.vectors import VECTOR_STEP, WordVectors, train_vectors

TEXTS = [
    "دعا الأمين العام إلى هدنة فورية في المدينة",
    "لم يدع الأمين العام إلى هدنة",
    "رحب الوزير بالهدنة، وقال: «لم تنته الحرب»",
    "حذر الوزير من كارثة إنسانية في المدينة",
    "",
    "NATO 3.5% #هدنة @x https://a.b/c",
]


@pytest.fixture
def vectorizer():
    return StatementVectorizer(min_df=1)


def same(a, b):
    return (abs(a - b) > 1e-12).nnz == 0


def test_init_only_stores_its_parameters(vectorizer):
    parameters = vectorizer.get_params()
    copy = StatementVectorizer(**parameters)
    assert all(getattr(copy, k) is v for k, v in parameters.items())


def test_clone_is_unfitted_and_has_the_same_parameters(vectorizer):
    vectorizer.fit(TEXTS)
    copy = clone(vectorizer)
    assert copy.get_params() == vectorizer.get_params()
    with pytest.raises(NotFittedError):
        copy.transform(TEXTS)
    with pytest.raises(NotFittedError):
        copy.get_feature_names_out()


@pytest.mark.parametrize("method", ["fit", "fit_transform", "transform"])
def test_a_bare_str_is_refused_with_the_way_out(vectorizer, method):
    vectorizer.fit(TEXTS)
    with pytest.raises(TypeError, match=r"pass \[text\]"):
        getattr(vectorizer, method)("نص")


@pytest.mark.parametrize("bad", [None, 3, [None], ["نص", 3], [b"x"]])
def test_what_is_not_text_is_refused(vectorizer, bad):
    with pytest.raises(TypeError):
        vectorizer.fit(bad)


@pytest.mark.parametrize("empty", [[], [""], ["", "..."]])
def test_nothing_to_learn_is_an_error(vectorizer, empty):
    with pytest.raises(ValueError, match="give more texts"):
        vectorizer.fit(empty)


def test_empty_list_transforms_to_no_rows(vectorizer):
    names = vectorizer.fit(TEXTS).get_feature_names_out()
    assert vectorizer.transform([]).shape == (0, len(names))


def test_generator_and_array_give_the_same_as_a_list(vectorizer):
    X = vectorizer.fit_transform(TEXTS)
    assert same(X, vectorizer.transform(t for t in TEXTS))
    assert same(X, vectorizer.transform(np.array(TEXTS, dtype=object)))


def test_fit_transform_equals_fit_then_transform(vectorizer):
    X = vectorizer.fit_transform(TEXTS)
    assert X.format == "csr"
    assert X.dtype == np.float64
    assert same(X, StatementVectorizer(min_df=1).fit(TEXTS).transform(TEXTS))


def test_names_fit_the_columns_and_are_unique(vectorizer):
    X = vectorizer.fit_transform(TEXTS)
    names = vectorizer.get_feature_names_out()
    assert len(names) == X.shape[1] == len(set(names))


@given(st.lists(any_texts, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_rows_depend_on_their_text_alone(texts, random):
    fitted = _fitted()
    X = fitted.transform(texts).toarray()
    order = list(range(len(texts)))
    random.shuffle(order)
    np.testing.assert_allclose(fitted.transform([texts[i] for i in order]).toarray(), X[order], atol=1e-12)
    for i, text in enumerate(texts):
        np.testing.assert_allclose(fitted.transform([text]).toarray()[0], X[i], atol=1e-12)


def _fitted(cache=[]):  # noqa: B006  # fitted once for all examples
    if not cache:
        cache.append(StatementVectorizer(min_df=1).fit(TEXTS))
    return cache[0]


def test_same_input_gives_the_same_bits():
    a, b = (StatementVectorizer(min_df=1).fit_transform(TEXTS) for _ in range(2))
    assert (a.indptr == b.indptr).all()
    assert (a.indices == b.indices).all()
    assert (a.data == b.data).all()


def test_column_order_does_not_depend_on_the_order_of_texts():
    a = StatementVectorizer(min_df=1).fit(TEXTS).get_feature_names_out()
    b = StatementVectorizer(min_df=1).fit(TEXTS[::-1]).get_feature_names_out()
    assert a.tolist() == b.tolist()


def row(text):
    """The features of one text that look at several words, by name."""
    vectorizer = StatementVectorizer(min_df=1)
    X = vectorizer.fit_transform([text]).toarray()[0]
    return {
        n: v
        for n, v in zip(vectorizer.get_feature_names_out(), X, strict=True)
        if n.startswith(("cue=", "b="))
    }


def test_cue_pairs_are_ordered_and_measured():
    found = row("دعا الأمين العام إلى هدنة")
    assert "cue=calling>truce|near" in found
    assert "cue=truce>calling|near" not in found
    far = row("دعا " + "كذا " * 10 + "هدنة")
    assert "cue=calling>truce|far" in far
    assert "cue=calling>truce|far" not in row("دعا " + "كذا " * 20 + "هدنة")


def test_negation_has_a_scope():
    assert "cue=warning|negated" in row("غادر دون أن يحذر من شيء")
    assert "cue=warning|negated" not in row("لم يذهب، حذر الوزير")
    assert "cue=warning|negated" not in row("حذر الوزير ولم يذهب")


def test_quotation_state():
    assert "cue=truce|quoted" in row("قال «نريد هدنة»")
    assert "cue=truce|quoted" in row('قال "نريد هدنة" اليوم')
    assert "cue=truce|quoted" not in row("قال «نعم» ثم هدنة")


def test_position():
    assert "cue=calling|start" in row("دعا الوزير")
    assert "cue=calling|start" not in row("كذا كذا كذا كذا دعا الوزير")
    assert "cue=calling|early" in row("كذا كذا كذا كذا دعا الوزير")


@pytest.mark.parametrize("word", ["\ufdfa", "\u0640", "\u064b", "\ufdfa\u0640"])
def test_bigrams_are_of_two_words_whatever_a_letter_stands_for(word):
    names = [n for n in row(f"قال {word} نعم {word}") if n.startswith("b=")]
    assert names
    assert all(len(n.split(" ")) == 2 and all(n.removeprefix("b=").split(" ")) for n in names)


def test_bigrams_stop_at_punctuation():
    assert "b=قال الوزير" in row("قال الوزير")
    assert not any(n.startswith("b=") for n in row("قال، الوزير"))


@given(st.integers(0, 7), st.integers(0, 2), st.integers(0, 2))
def test_context_names_have_a_way_back(kind, first, second):
    classes = ["alarm", "negation", "truce"]
    key = (kind * 1024 + first) * 1024 + (second if kind > 4 else 0)
    assert feature_key(feature_name(key, classes), classes) == key


def test_vectors_enter_as_sums_over_the_words_of_scopes():
    vectors = WordVectors(("الوزير", "هدنه"), np.array([[64, 0], [0, 127]], np.int8))
    weights = {"vectors": 2.0, "scopes": 3.0}
    texts = ["دعا الوزير الوزير إلى هدنة", "قال الوزير", "هدنة"]
    fitted = StatementVectorizer(min_df=1, vectors=vectors, block_weights=weights).fit(texts)
    names = fitted.get_feature_names_out().tolist()
    X = fitted.transform(["دعا الوزير الوزير إلى هدنة. الوزير"]).toarray()[0]
    idf = dict(zip(fitted.names_["ngrams"], fitted.factors_["ngrams"], strict=True))
    # seven tokens in the text, the four behind the verb up to the full stop in the scope of calling
    assert X[names.index("v@text=0")] == pytest.approx(2 * 3 * 64 / 127 * idf["w=الوزير"] / 7**0.5)
    assert X[names.index("v@text=1")] == pytest.approx(2 * idf["w=هدنه"] / 7**0.5)
    assert X[names.index("v@calling=0")] == pytest.approx(3 * 2 * 64 / 127 * idf["w=الوزير"] / 4**0.5)
    assert X[names.index("v@calling=1")] == pytest.approx(3 * idf["w=هدنه"] / 4**0.5)
    assert X[names.index("v@praise=0")] == 0


def test_vectors_do_not_depend_on_the_number_of_threads(monkeypatch):
    used = []

    def watched(*args, **kwargs):
        used.extend(pool["num_threads"] for pool in threadpool_info())
        return randomized_svd(*args, **kwargs)

    monkeypatch.setattr("stance.features.vectors.randomized_svd", watched)
    with threadpool_limits(2):
        train_vectors(["حذر الوزير من كارثة وشيكة"] * 9, n_dimensions=2, min_count=2)
        assert {pool["num_threads"] for pool in threadpool_info()} == {2}
    assert set(used) == {1}


def test_train_vectors_brings_words_of_one_context_together_and_repeats_itself():
    texts = [f"{verb} الوزير من {noun} كبيرة" for verb in ("حذر", "انذر") for noun in ("كارثه", "ازمه")] * 10
    texts += [f"شرب {who} قهوة صباح {day}" for who in ("احمد", "سعيد") for day in ("السبت", "الاحد")] * 10
    a, b = (train_vectors(texts, n_dimensions=4, min_count=2, seed=1) for _ in range(2))
    assert a.words == b.words == tuple(sorted(a.words))
    assert (a.vectors == b.vectors).all()
    v = dict(zip(a.words, a.vectors * VECTOR_STEP, strict=True))
    assert v["حذر"] @ v["انذر"] > v["حذر"] @ v["قهوه"] + 0.5


def test_too_little_text_for_vectors_is_an_error():
    with pytest.raises(ValueError, match="give more text"):
        train_vectors(["حذر الوزير"], n_dimensions=10)


def test_works_in_a_pipeline():
    model = make_pipeline(StatementVectorizer(min_df=1), LogisticRegression())
    assert model.fit(TEXTS[:4], [1, 0, 0, 0]).predict(TEXTS[:4]).shape == (4,)
