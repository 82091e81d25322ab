import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from stance.calibration import sentiment_probabilities, stance_probabilities
from stance.calibrators import best_threshold, platt_scaling, temperature_scaling
from stance.classifiers import SentimentClassifier, StanceClassifier, indicator
from stance.errors import TrainingError
from stance.labels import SENTIMENTS, STANCES

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 8))
Y = (X[:, :3] + RNG.normal(size=(300, 3)) > 0.5).astype(int)
S = np.array(SENTIMENTS)[X[:, 3:6].argmax(axis=1)]


def test_stances_are_independent_columns_in_label_order():
    fitted = StanceClassifier(C=1.0).fit(X, Y)
    assert fitted.classes_.tolist() == list(STANCES)
    assert fitted.coef_.shape == (3, 8)
    assert all(abs(fitted.coef_[j]).argmax() == j for j in range(3))
    p = fitted.predict_proba(X)
    assert p.shape == (300, 3)
    assert ((p >= fitted.thresholds_) == fitted.predict(X)).all()


def test_coefficients_are_float32_values():
    for fitted in (StanceClassifier(C=1.0).fit(X, Y), SentimentClassifier(C=1.0).fit(X, S)):
        assert (fitted.coef_ == fitted.coef_.astype(np.float32)).all()


@pytest.mark.parametrize("estimator", [StanceClassifier(C=2.0), SentimentClassifier(C=2.0)])
def test_clone_and_not_fitted(estimator):
    assert clone(estimator).get_params() == estimator.get_params()
    with pytest.raises(NotFittedError):
        clone(estimator).predict_proba(X)


def test_same_seed_same_bits():
    a, b = (StanceClassifier(random_state=1).fit(X, Y) for _ in range(2))
    assert (a.coef_ == b.coef_).all()


@pytest.mark.parametrize("value", [0, 1])
def test_a_stance_that_never_or_always_holds_is_named(value):
    y = Y.copy()
    y[:, 1] = value
    with pytest.raises(TrainingError, match="'warning' holds for"):
        StanceClassifier().fit(X, y)


def test_a_missing_sentiment_is_named():
    with pytest.raises(TrainingError, match="'positive' holds for no row"):
        SentimentClassifier(sentiments=SENTIMENTS).fit(X, np.where(S == "positive", "neutral", S))


def test_wrong_shape_of_y():
    with pytest.raises(ValueError, match="indicator"):
        StanceClassifier().fit(X, Y[:, 0])


def test_calibration_makes_probabilities_true_and_keeps_the_order():
    p_true = RNG.uniform(0.02, 0.6, size=4000)
    truth = (RNG.uniform(size=4000) < p_true).astype(int)
    scores = 3 * np.log(p_true / (1 - p_true)) + 2  # over-confident and shifted
    p = stance_probabilities(scores[:, None], [platt_scaling(scores, truth)])[:, 0]
    assert abs(p - p_true).mean() < 0.02
    assert (np.argsort(p) == np.argsort(scores)).all()


def test_temperature_softens_overconfident_scores():
    logits = RNG.normal(size=(3000, 3))
    codes = np.array([RNG.choice(3, p=p) for p in sentiment_probabilities(logits, 1)])
    assert temperature_scaling(4 * logits, codes) == pytest.approx(4, rel=0.15)


def test_few_rows_without_an_error_do_not_make_a_model_certain():
    codes = np.arange(60) % 3
    scores = np.eye(3)[codes]
    p = sentiment_probabilities(scores, temperature_scaling(scores, codes))
    assert p[np.arange(60), codes] == pytest.approx(61 / 63, abs=1e-3)  # as Platt's targets


@given(st.lists(st.integers(1, 20), min_size=1, max_size=40))
def test_best_threshold_has_the_best_expected_f1(values):
    p = np.array(values) / 20

    def expected_f1(threshold):
        held = p >= threshold
        return 2 * p[held].sum() / (held.sum() + p.sum())

    assert expected_f1(best_threshold(p)) == pytest.approx(max(expected_f1(t) for t in p))


def test_probabilities_do_not_overflow():
    p = stance_probabilities(np.array([[1e308, -1e308, 0.0]]), [(1, 0)] * 3)
    assert p.tolist() == [[1.0, 0.0, 0.5]]
    assert sentiment_probabilities(np.array([[1e6, 0, -1e6]]), 0.5).tolist() == [[1.0, 0.0, 0.0]]


def test_indicator_of_nothing_has_columns():
    assert indicator([]).shape == (0, 3)


def test_indicator_takes_lists_of_known_names():
    assert indicator([["none"], {"warning"}, [""]]).tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    with pytest.raises(ValueError, match=r"'Warning' is unknown \(did you mean 'warning'\?\)"):
        indicator([["Warning"]])
    for texts in ("warning", ["supportive|warning"]):
        with pytest.raises(TypeError, match="each row wants a list of names"):
            indicator(texts)
