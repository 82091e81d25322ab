"""scikit-learn's contract: its own checks, the same on texts, and the examples of docs/sklearn.md."""

import pickle
import re
import subprocess
import sys
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import NotFittedError
from sklearn.feature_selection import SelectKBest
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline, make_union
from sklearn.utils import estimator_html_repr, get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator
from sklearn.utils.validation import check_is_fitted

from stance.classifiers import SentimentClassifier, StanceClassifier, indicator
from stance.errors import TrainingError
from stance.features.vectorizer import StatementVectorizer
from stance.labels import SENTIMENTS, STANCES
from stance.predictor import Predictor


def checks():
    with warnings.catch_warnings():  # of texts it says that they cannot be tested; the rest of this file does
        warnings.filterwarnings("ignore", message="Can't test estimator")
        for made in (StanceClassifier(stances=None), SentimentClassifier(), StatementVectorizer(min_df=1)):
            for estimator, check in estimator_checks_generator(made):
                yield pytest.param(estimator, check, id=f"{type(made).__name__}-{check.func.__name__}")


CHECKS = list(checks())


@pytest.fixture(scope="module")
def data(some_rows):
    rows = some_rows[:150]
    return [r.text for r in rows], indicator([r.stances for r in rows]), np.array([r.sentiment for r in rows])


@pytest.fixture(scope="module")
def ready(trained):
    return Predictor(trained.model).to_sklearn()


@pytest.mark.parametrize(("estimator", "check"), CHECKS)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.DataConversionWarning")
def test_own_checks(estimator, check):
    check(estimator)


def test_the_checks_are_there():
    names = [p.values[1].func.__name__ for p in CHECKS]
    assert len(names) > 120
    assert {"check_classifier_multioutput", "check_estimator_sparse_matrix"} <= set(names)


def test_tags(ready):
    for takes_texts in (StatementVectorizer(), *ready.values()):
        tags = get_tags(takes_texts).input_tags
        assert (tags.string, tags.one_d_array, tags.two_d_array, tags.sparse) == (True, True, False, False)
    assert get_tags(StatementVectorizer()).transformer_tags.preserves_dtype == []
    assert not get_tags(StatementVectorizer()).target_tags.required
    for multilabel in (StanceClassifier(), ready["stance"]):
        tags = get_tags(multilabel)
        assert (tags.classifier_tags.multi_label, tags.classifier_tags.multi_class) == (True, False)
        assert tags.target_tags.multi_output
        assert is_classifier(multilabel)
    assert get_tags(StanceClassifier()).input_tags.sparse
    assert get_tags(StanceClassifier()).target_tags.required
    assert not get_tags(ready["stance"]).requires_fit


def test_nothing_but_weights_is_metadata(ready):
    assert not StatementVectorizer().get_metadata_routing().fit.requests
    assert not ready["sentiment"].get_metadata_routing().fit.requests
    assert set(StanceClassifier().get_metadata_routing().fit.requests) == {"sample_weight"}


def test_vectorizer_keeps_the_contract_on_texts(data):
    texts = data[0]
    vectorizer = StatementVectorizer()
    assert vectorizer.fit(texts) is vectorizer
    X = vectorizer.transform(texts).toarray()
    before = {k: v for k, v in vars(vectorizer).items() if not k.endswith("_")}
    assert (clone(vectorizer).fit_transform(texts).toarray() == X).all()
    copy = pickle.loads(pickle.dumps(vectorizer))  # noqa: S301  # our own bytes
    assert (copy.transform(texts).toarray() == X).all()
    order = np.random.default_rng(0).permutation(len(texts))
    assert (vectorizer.transform([texts[i] for i in order]).toarray() == X[order]).all()
    assert (vectorizer.transform(texts[:7]).toarray() == X[:7]).all()
    for column in (pd.Series(texts), np.array(texts), np.array(texts, object), iter(texts)):
        assert (vectorizer.transform(column).toarray() == X).all()
    assert before == {k: v for k, v in vars(vectorizer).items() if not k.endswith("_")}
    assert vectorizer.set_params(min_df=9).get_params()["min_df"] == 9
    with pytest.raises(ValueError, match="Invalid parameter 'min_tf'"):
        vectorizer.set_params(min_tf=9)
    with pytest.raises(NotFittedError):
        clone(vectorizer).transform(texts)
    with pytest.raises(NotFittedError):
        clone(vectorizer).get_feature_names_out()


@pytest.mark.parametrize("kind", ["frame", "array"])
def test_a_table_is_not_taken_for_texts(data, kind, ready):
    frame = pd.DataFrame({"text": data[0], "id": "a"})
    table = frame if kind == "frame" else np.array(frame)
    for method in (StatementVectorizer().fit, ready["stance"].predict):
        with pytest.raises(TypeError, match="2 dimensions; pass its column of texts"):
            method(table)


def test_tables_of_features(data):
    texts = data[0]
    vectorizer = StatementVectorizer(min_df=20, sparse_output=False)
    X = vectorizer.fit_transform(texts)
    assert isinstance(X, np.ndarray)
    assert (StatementVectorizer(min_df=20).fit_transform(texts).toarray() == X).all()
    table = vectorizer.set_output(transform="pandas").fit_transform(texts)
    assert list(table.columns) == list(vectorizer.get_feature_names_out())
    assert (table.to_numpy() == X).all()
    assert isinstance(clone(vectorizer).fit(texts).transform(texts), pd.DataFrame)
    piped = make_pipeline(vectorizer, SelectKBest(k=5)).set_output(transform="pandas")
    assert piped.fit_transform(texts, data[2]).shape == (len(texts), 5)


def test_a_sparse_matrix_fits_into_no_table(data):
    for transform in ("pandas", "polars"):
        with pytest.raises(ValueError, match=r"StatementVectorizer\(sparse_output=False\)"):
            StatementVectorizer().set_output(transform=transform)
    vectorizer = StatementVectorizer().set_output(transform="default").set_output(transform=None)
    assert sparse.issparse(vectorizer.fit_transform(data[0]))


def test_feature_union_names_its_columns(data):
    union = make_union(StatementVectorizer(min_df=20), StatementVectorizer(min_df=30))
    assert union.fit_transform(data[0]).shape[1] == len(union.get_feature_names_out())
    assert "StatementVectorizer" in estimator_html_repr(union)


@pytest.mark.parametrize("jobs", [1, 2])
def test_search_over_the_vectorizer(data, jobs):
    pipeline = make_pipeline(StatementVectorizer(ngram_range=(3, 3)), StanceClassifier(C=0.1))
    search = GridSearchCV(
        pipeline, {"statementvectorizer__min_df": [2, 40]}, scoring="f1_macro", cv=2, n_jobs=jobs
    )
    search.fit(data[0], data[1])
    assert search.best_params_ == {"statementvectorizer__min_df": 2}
    assert search.classes_.tolist() == list(STANCES)
    assert 0 <= search.score(data[0], data[1]) <= 1


def test_multilabel_predictions_out_of_fold(data):
    texts, Y, sentiments = data
    stances = make_pipeline(StatementVectorizer(ngram_range=(3, 3)), StanceClassifier(C=0.1))
    p = cross_val_predict(stances, texts, Y, cv=2, method="predict_proba")
    scores = cross_val_predict(stances, texts, Y, cv=2, method="decision_function")
    held = cross_val_predict(stances, texts, Y, cv=2)
    assert p.shape == scores.shape == held.shape == Y.shape
    assert ((p >= 0.5) == held).all()
    feelings = make_pipeline(StatementVectorizer(ngram_range=(3, 3)), SentimentClassifier())
    q = cross_val_predict(feelings, texts, sentiments, cv=2, method="predict_proba")
    found = cross_val_predict(feelings, texts, sentiments, cv=2)
    assert (np.array(SENTIMENTS)[q.argmax(axis=1)] == found).all()
    assert get_scorer("roc_auc_ovr")(feelings.fit(texts, sentiments), texts, sentiments) > 0.5


def test_one_stance_is_a_binary_classifier(data):
    texts, Y, _ = data
    features = StatementVectorizer(ngram_range=(3, 3))
    one = make_pipeline(features, StanceClassifier(C=0.1, stances=None)).fit(texts, Y[:, 1])
    all_three = make_pipeline(features, StanceClassifier(C=0.1)).fit(texts, Y)
    assert one.classes_.tolist() == [0, 1]
    assert (one.predict_proba(texts)[:, 1] == all_three.predict_proba(texts)[:, 1]).all()
    assert (one.predict(texts) == all_three.predict(texts)[:, 1]).all()
    scores = one.decision_function(texts)
    one[-1].calibrate(scores, Y[:, 1])
    all_three[-1].calibrate(all_three.decision_function(texts), Y)
    assert one[-1].thresholds_.tolist() == all_three[-1].thresholds_.tolist()[1:2]
    named = make_pipeline(features, StanceClassifier(stances=None)).fit(texts, np.where(Y[:, 1], "yes", "no"))
    assert set(named.predict(texts)) == {"yes", "no"}
    assert get_scorer("roc_auc")(one, texts, Y[:, 1]) > 0.9
    calibrated = CalibratedClassifierCV(clone(one), cv=2, ensemble=False).fit(texts, Y[:, 1])
    assert calibrated.predict_proba(texts).shape == (len(texts), 2)


def test_targets_that_do_not_fit_are_refused():
    X = np.eye(6)
    with pytest.raises(ValueError, match="use SentimentClassifier"):
        StanceClassifier(stances=None).fit(X, list("abcabc"))
    with pytest.raises(TrainingError, match="one class, 1"):
        StanceClassifier(stances=None).fit(X, [1] * 6)
    with pytest.raises(TrainingError, match="one class, 'a'"):
        SentimentClassifier().fit(X, ["a"] * 6)
    with pytest.raises(ValueError, match="0 and 1"):
        StanceClassifier(stances=("a", "b")).fit(X, [[1, 2], [2, 1]] * 3)
    for names in ([["a"], []] * 3, [{"a"}, {"b"}] * 3, [[], ("a", "b")] * 3):
        with pytest.raises(ValueError, match=r"y holds names; .* stance\.classifiers\.indicator\(y\)"):
            StanceClassifier(stances=("a", "b")).fit(X, names)
    with pytest.raises(TrainingError, match="y holds numbers, as cross_val_predict makes them"):
        SentimentClassifier(sentiments=("bad", "good")).fit(X, [0, 1] * 3)


def test_a_frame_of_targets_has_the_stances_in_their_order():
    """As MultiLabelBinarizer sorts them, every column would be learned under another name."""
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    X = np.eye(6)
    right = pd.DataFrame([[1, 0], [0, 1]] * 3, columns=["b", "a"])
    assert StanceClassifier(stances=("b", "a")).fit(X, right).classes_.tolist() == ["b", "a"]
    with pytest.raises(ValueError, match=r"must be b, a in this order, got a, b; pass y\[list\(stances\)\]"):
        StanceClassifier(stances=("b", "a")).fit(X, right[["a", "b"]])
    right.columns = [0, 1]  # no names: by place
    StanceClassifier(stances=("b", "a")).fit(X, right)
    with pytest.raises(ValueError, match="y holds names"):
        StanceClassifier(stances=("b", "a")).fit(X, pd.Series([["a"], ["b"]] * 3))


@pytest.mark.parametrize("min_df", [0, -1, 0.01, "2"])
def test_min_df_is_a_number_of_texts(data, min_df):
    with pytest.raises(TrainingError, match="min_df must be a number of texts, an int from 1 on, got"):
        StatementVectorizer(min_df=min_df).fit(data[0][:20])


def test_two_sentiments_have_one_score():
    X, y = np.random.default_rng(0).normal(size=(40, 3)), np.array(["bad", "good"] * 20)
    fitted = SentimentClassifier(C=1.0).fit(X, y)
    scores = fitted.decision_function(X)
    assert scores.shape == (40,)
    assert ((scores > 0) == (fitted.predict(X) == "good")).all()
    by_columns = clone(fitted).fit(X, y).calibrate(fitted.scores(X), y)
    assert fitted.calibrate(scores, y).temperature_ == pytest.approx(by_columns.temperature_, rel=1e-6)


def test_pretrained_labels_as_the_predictor_does(trained, ready, data):
    texts, model = data[0], Predictor(trained.model)
    predictions = model.predict(texts)
    assert ready["stance"].classes_.tolist() == list(STANCES)
    assert (ready["stance"].predict(texts) == indicator([p.stances for p in predictions])).all()
    assert (ready["stance"].predict_proba(texts) == model.predict_proba(texts)).all()
    assert ready["sentiment"].classes_.tolist() == list(SENTIMENTS)
    assert ready["sentiment"].predict(texts).tolist() == [p.sentiment for p in predictions]
    assert (ready["sentiment"].predict_proba(texts) == model.predict_sentiment_proba(texts)).all()


def test_pretrained_for_one_stance(ready, data):
    texts = data[0]
    one = clone(ready["stance"]).set_params(stance="warning")
    assert ready["stance"].stance is None
    assert one.classes_.tolist() == [0, 1]
    assert (one.predict(texts) == ready["stance"].predict(texts)[:, 1]).all()
    assert (one.predict_proba(texts)[:, 1] == ready["stance"].predict_proba(texts)[:, 1]).all()
    assert not get_tags(one).classifier_tags.multi_label
    with pytest.raises(ValueError, match="got 'waring'"):
        clone(one).set_params(stance="waring").predict(texts)


def test_pretrained_is_fitted_for_good(ready, data, tmp_path):
    texts, Y, sentiments = data
    for estimator, y in ((ready["stance"], Y), (ready["sentiment"], sentiments)):
        check_is_fitted(estimator)
        assert estimator.fit(texts[:2], y[:2]) is estimator
        assert clone(estimator).predictor is estimator.predictor
        p = cross_val_predict(estimator, texts, y, cv=2, method="predict_proba", n_jobs=2)
        assert (p == estimator.predict_proba(texts)).all()
        assert 0 < estimator.score(texts, y) <= 1
        joblib.dump(estimator, tmp_path / "a.joblib")
        assert (joblib.load(tmp_path / "a.joblib").predict(texts) == estimator.predict(texts)).all()
        assert "small" in repr(estimator)


def test_loading_a_model_imports_no_scikit_learn():
    code = (
        "import sys, stance; m = stance.load(); assert 'sklearn' not in sys.modules; "
        "m.to_sklearn(); assert 'sklearn' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_examples_of_the_page(root, monkeypatch):
    pytest.importorskip("matplotlib").use("agg")
    monkeypatch.chdir(root)
    blocks = re.findall(r"```python\n(.*?)```", (root / "docs" / "sklearn.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 9
    names = {}
    for block in blocks:
        exec(block, names)  # noqa: S102  # the page's own code
    assert (names["pipeline"][-1].thresholds_ != 0.5).all()
    assert names["p"].shape == names["Y"].shape
    assert names["search"].best_score_ > 0.3
    held = names["ready"]["stance"].set_params(stance=None).predict(names["texts"])
    assert (held == indicator([p.stances for p in names["model"].predict(names["texts"])])).all()
    assert names["table"].filter(like="cue=").shape[1] > 5
