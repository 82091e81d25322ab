import re
import threading
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_texts

import stance
from stance.calibration import best_sentiment
from stance.features.scorer import Scorer
from stance.predictions import Prediction
from stance.predictor import Predictor


@pytest.fixture(scope="module")
def small(small_model):
    return stance.load(small_model)


def test_loaded_folder_equals_the_fitted_pipeline_on_every_training_text(small, trained, some_rows):
    texts = [r.text for r in some_rows]
    np.testing.assert_allclose(
        small.predict_proba(texts), trained.pipelines["stance"].predict_proba(texts), atol=1e-6
    )
    np.testing.assert_allclose(
        small.predict_sentiment_proba(texts), trained.pipelines["sentiment"].predict_proba(texts), atol=1e-6
    )


def test_loaded_folder_equals_the_fitted_pipeline_on_random_text(small, trained):
    @given(st.lists(any_texts, max_size=5))
    @settings(max_examples=100, deadline=None)
    def check(texts):
        expected = trained.pipelines["stance"].predict_proba(texts)
        np.testing.assert_allclose(small.predict_proba(texts), expected, atol=1e-6)
        expected = trained.pipelines["sentiment"].predict_proba(texts)
        np.testing.assert_allclose(small.predict_sentiment_proba(texts), expected, atol=1e-6)

    check()


def test_equality_holds_without_word_vectors_too(some_rows, tmp_path):
    from conftest import SMALL

    from stance.model import write_model
    from stance.training import train

    texts = [r.text for r in some_rows]
    plain = train(some_rows, config=SMALL, folds=3)
    write_model(plain.model, tmp_path / "m")
    loaded = stance.load(tmp_path / "m")
    np.testing.assert_allclose(
        loaded.predict_proba(texts), plain.pipelines["stance"].predict_proba(texts), atol=1e-6
    )


def test_predictions_and_probabilities_agree(model):
    texts = ["دعت الأمم المتحدة الأطراف إلى وقف إطلاق النار", "التقى الوزير نظيره في العاصمة", ""]
    p, q = model.predict_proba(texts), model.predict_sentiment_proba(texts)
    assert p.shape == (3, 3)
    np.testing.assert_allclose(q.sum(axis=1), 1)
    feelings = best_sentiment(q, model.config.offsets[0])
    for prediction, row, feeling in zip(model.predict(texts), p, feelings, strict=True):
        assert list(prediction.probabilities) == list(model.stances)
        np.testing.assert_allclose(list(prediction.probabilities.values()), row)
        held = {s for s, x in prediction.probabilities.items() if x >= model.thresholds[s]}
        assert prediction.stances == held
        assert prediction.stance in (held or {"none"})
        assert prediction.sentiment == model.sentiments[feeling]


def test_empty_list(model):
    assert model.predict([]) == []
    assert model.predict_proba([]).shape == (0, 3)
    assert model.predict_sentiment_proba([]).shape == (0, 3)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_sentiment_proba"])
def test_a_bare_str_names_the_fix(model, method):
    with pytest.raises(TypeError, match=r"pass \[text\]"):
        getattr(model, method)("نص")


def test_generator(model):
    assert len(model.predict(t for t in ["نص", "آخر"])) == 2


def test_explain_wants_one_text(model):
    with pytest.raises(TypeError, match="one text"):
        model.explain(["نص"])


@given(any_texts)
@settings(max_examples=100, deadline=None)
def test_explanations_are_exact_and_in_place(text):
    model = _shipped()
    found = model.explain(text)
    [p], [q] = model.predict_proba([text]), model.predict_sentiment_proba([text])
    # what is scored is summed in single precision, what is explained in double
    np.testing.assert_allclose(list(found.probabilities.values()), [*p, *q], rtol=0, atol=1e-7)
    for label in found.labels:
        words = sum(w.shares[label] for w in found.words)
        features = sum(f.shares[label] for f in found.features)
        assert found.bias[label] + words == pytest.approx(found.log_odds[label], abs=1e-9)
        assert words == pytest.approx(features, abs=1e-9)
    for word in found.words:
        assert text[word.start : word.end] == word.text


def _shipped(cache=[]):  # noqa: B006  # loaded once for all examples
    if not cache:
        cache.append(stance.load())
    return cache[0]


def test_a_batch_equals_its_texts_one_by_one(model, some_rows):
    texts = [r.text for r in some_rows]
    one_by_one = np.vstack([model.predict_proba([t]) for t in texts])
    np.testing.assert_allclose(model.predict_proba(texts), one_by_one, atol=1e-12)


def test_the_word_table_is_bounded_and_its_restart_changes_nothing(small, some_rows):
    texts = [r.text for r in some_rows][:60]
    bounded = Scorer(small.model.weights, small.model.lexicon, max_words=50)
    expected = Scorer(small.model.weights, small.model.lexicon).scores(texts)
    got = np.vstack([bounded.scores([t]) for t in texts])
    np.testing.assert_allclose(got, expected, atol=1e-12)
    assert len(bounded._table) < 50 + 200


def test_threads_agree_with_serial_work(small_model, some_rows):
    texts = [r.text for r in some_rows]
    expected = stance.load(small_model).predict_proba(texts)
    shared = stance.load(small_model)
    results = {}

    def work(k):
        results[k] = np.vstack([shared.predict_proba(texts[i : i + 7]) for i in range(0, len(texts), 7)])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for k in range(8):
        np.testing.assert_allclose(results[k], expected, atol=1e-12)


def test_repr_names_the_stances(model):
    assert isinstance(model, Predictor)
    assert "calling_for_ceasefire" in repr(model)


def test_reprs_are_one_line(model):
    """A list of predictions is what a notebook shows first."""
    both, none = model.predict(
        ["حذر الوزير من انهيار الهدنة ودعا الطرفين إلى وقف القتال", "بحث الوزيران الخطط"]
    )
    shown = r"<Prediction: warning [01]\.\d\d, calling_for_ceasefire [01]\.\d\d; negative [01]\.\d\d>"
    assert re.fullmatch(shown, repr(both))
    assert repr(none).startswith("<Prediction: none; neutral ")
    assert repr(model.predict(["نص"], abstain=1.0)[0]).startswith("<Prediction: unsure; ")
    assert repr(Prediction(frozenset(), "none", {}, "a", {"a": 0.9, "b": 0.1})) == "<Prediction: a 0.90>"
    article = stance.read("حذرت ألمانيا إيران من إغلاق المضيق. " + "وهطل المطر " * 9)
    assert repr(article).endswith("…': 2 statements, 1 with a stance>")
    assert repr(article[0]).endswith("; speaker 'ألمانيا'; recipient 'إيران'>")
    assert "speaker" not in repr(article[1])
    assert repr(model.explain("نص")).startswith("<Explanation of 'نص': supportive 0.")


def test_predictions_are_what_their_class_makes_of_the_same_values(small):
    for found in small.predict(["حذر الوزير من حرب", "", "دعا إلى هدنة"]):
        values = {f.name: getattr(found, f.name) for f in fields(Prediction)}
        assert found == Prediction(**values)
        assert all(
            type(p) is float for p in (*found.probabilities.values(), *found.sentiment_probabilities.values())
        )
        with pytest.raises(FrozenInstanceError):
            found.stance = "none"
