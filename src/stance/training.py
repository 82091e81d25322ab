"""Training: rows in, a calibrated model and an honest report out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline

import stance
from stance.calibration import stance_probabilities
from stance.calibrators import best_threshold, platt_scaling
from stance.classifiers import SentimentClassifier, StanceClassifier, indicator
from stance.datasets import LabelledRow
from stance.errors import TrainingError
from stance.evaluation import Report, measure
from stance.features.vectorizer import StatementVectorizer
from stance.features.vectors import WordVectors
from stance.labels import SENTIMENTS, STANCES
from stance.lexicon import Lexicon
from stance.model import Model, ModelConfig
from stance.settings import TrainingConfig

__all__ = ["Trained", "train"]

Floats = NDArray[np.float64]
Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Trained:
    """The outcome of :func:`train`.

    Attributes
    ----------
    model : Model
    report : Report
        Of the cross-validation.
    stance_pipeline, sentiment_pipeline : sklearn.pipeline.Pipeline
        The fitted estimators that the model's arrays were taken from.
    out_of_fold : dict of str to ndarray
        ``probabilities`` (n_rows, n_stances), ``held``, ``sentiment``, for the rows of `rows`.
    """

    model: Model
    report: Report
    stance_pipeline: Pipeline
    sentiment_pipeline: Pipeline
    out_of_fold: dict[str, NDArray[Any]]


def train(
    rows: Sequence[LabelledRow],
    extra: Sequence[LabelledRow] = (),
    *,
    config: TrainingConfig | None = None,
    lexicon: Lexicon | None = None,
    vectors: WordVectors | None = None,
    folds: int = 5,
    seed: int = 0,
    jobs: int = 1,
    name: str = "model",
    about: dict[str, Any] | None = None,
    progress: Progress = lambda _: None,
) -> Trained:
    """Train, cross-validate and calibrate a model.

    Folds are grouped by document.  Sigmoids, temperature and thresholds of the final model are
    chosen on the out-of-fold scores of all rows; for the report those of a fold are chosen on the
    other folds.

    Parameters
    ----------
    rows : sequence of LabelledRow
        To learn from and to measure on.
    extra : sequence of LabelledRow
        To learn from only; they are in no test fold, and nothing is calibrated on them.
    config : TrainingConfig, optional
    lexicon : Lexicon, optional
        The installed one by default.
    vectors : WordVectors, optional
    folds, seed, jobs : int
        Number of folds, seed of their shuffle, processes.
    name : str
        Name of the model.
    about : dict, optional
        More to be written into the model's training record.
    progress : callable
        Called with a line of text before each stage.

    Returns
    -------
    Trained

    Raises
    ------
    TrainingError
        If there are too few documents for the folds, or a label is missing or alone.
    """
    config = config or TrainingConfig()
    lexicon = lexicon or Lexicon.default()
    _check(rows, folds)
    truth = indicator([r.stances for r in rows])
    feelings = np.array([r.sentiment for r in rows])
    fold = _folds(rows, folds, seed)
    vectorizer = _vectorizer(config, lexicon, vectors)
    progress(f"cross-validation: {folds} folds of {len(rows)} rows, with {len(extra)} extra rows")
    parts = Parallel(n_jobs=jobs)(
        delayed(_fit_fold)(vectorizer, config, rows, extra, fold == k) for k in range(folds)
    )
    scores, sentiment_scores = np.zeros(truth.shape), np.zeros((len(rows), len(SENTIMENTS)))
    for k, (stance_part, sentiment_part) in enumerate(parts):
        scores[fold == k], sentiment_scores[fold == k] = stance_part, sentiment_part
    report, out_of_fold = _report(scores, sentiment_scores, truth, feelings, fold)
    progress("final fit on all rows")
    X, stance_model, sentiment_model = _fit(vectorizer, config, [*rows, *extra])
    stance_model.calibrate(scores, truth)
    sentiment_model.calibrate(sentiment_scores, feelings)
    del X
    record = {
        "config": asdict(config),
        "folds": folds,
        "seed": seed,
        "rows": _digest(rows),
        "extra": _digest(extra),
        **(about or {}),
    }
    model = _to_model(vectorizer, stance_model, sentiment_model, name, record, report)
    return Trained(
        model,
        report,
        make_pipeline(vectorizer, stance_model),
        make_pipeline(vectorizer, sentiment_model),
        out_of_fold,
    )


def _check(rows: Sequence[LabelledRow], folds: int) -> None:
    documents = len({r.group for r in rows})
    if folds < 2:
        raise TrainingError(f"cross-validation wants at least 2 folds, got {folds}; pass --folds 5")
    if documents < folds:
        raise TrainingError(f"{folds} folds want at least {folds} documents, got {documents}; give more rows")
    for label in (*STANCES, *SENTIMENTS):
        with_it = {r.group for r in rows if label in r.stances or label == r.sentiment}
        if len(with_it) < folds or len(with_it) == documents == 1:
            raise TrainingError(
                f"{label!r} is found in {len(with_it)} documents; training with {folds} folds wants at least "
                f"{folds} with it: give more rows or fewer --folds"
            )


def _folds(rows: Sequence[LabelledRow], folds: int, seed: int) -> NDArray[np.int64]:
    fold = np.zeros(len(rows), np.int64)
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for k, (_, test) in enumerate(splitter.split(rows, groups=[r.group for r in rows])):
        fold[test] = k
    return fold


def _vectorizer(config: TrainingConfig, lexicon: Lexicon, vectors: WordVectors | None) -> StatementVectorizer:
    return StatementVectorizer(
        ngram_range=config.ngram_range,
        min_df=config.min_df,
        bigrams=config.bigrams,
        lexicon=lexicon,
        vectors=vectors,
        block_weights={
            "ngrams": config.ngram_weight,
            "bigrams": config.bigram_weight,
            "context": config.context_weight,
            "vectors": config.vector_weight,
            "scopes": config.scope_weight,
        },
    )


def _fit(
    vectorizer: StatementVectorizer, config: TrainingConfig, rows: Sequence[LabelledRow]
) -> tuple[Any, StanceClassifier, SentimentClassifier]:
    X = vectorizer.fit_transform([r.text for r in rows])
    stance_model = StanceClassifier(C=config.stance_c, balanced=config.balanced).fit(
        X, indicator([r.stances for r in rows])
    )
    sentiment_model = SentimentClassifier(C=config.sentiment_c).fit(X, [r.sentiment for r in rows])
    return X, stance_model, sentiment_model


def _fit_fold(
    vectorizer: StatementVectorizer,
    config: TrainingConfig,
    rows: Sequence[LabelledRow],
    extra: Sequence[LabelledRow],
    test: NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    learned = [r for r, held_out in zip(rows, test, strict=True) if not held_out]
    _, stance_model, sentiment_model = _fit(vectorizer, config, [*learned, *extra])
    X = vectorizer.transform([r.text for r, held_out in zip(rows, test, strict=True) if held_out])
    return stance_model.decision_function(X), sentiment_model.decision_function(X)


def _report(
    scores: Floats,
    sentiment_scores: Floats,
    truth: NDArray[np.int64],
    feelings: NDArray[np.str_],
    fold: NDArray[np.int64],
) -> tuple[Report, dict[str, NDArray[Any]]]:
    probabilities = np.zeros(scores.shape)
    held = np.zeros(truth.shape, np.int64)
    for k in np.unique(fold):
        test, rest = fold == k, fold != k
        for j in range(truth.shape[1]):
            sigmoid = [platt_scaling(scores[rest, j], truth[rest, j])]
            known = stance_probabilities(scores[rest, j, None], sigmoid)[:, 0]
            probabilities[test, j] = stance_probabilities(scores[test, j, None], sigmoid)[:, 0]
            held[test, j] = probabilities[test, j] >= best_threshold(known)
    sentiment = np.array(SENTIMENTS)[sentiment_scores.argmax(axis=1)]
    report = measure(truth, held, probabilities, feelings.tolist(), sentiment.tolist(), (STANCES, SENTIMENTS))
    return report, {"probabilities": probabilities, "held": held, "sentiment": sentiment}


def _digest(rows: Sequence[LabelledRow]) -> dict[str, Any]:
    content = "".join(f"{r.text}\t{'|'.join(r.stances)}\t{r.sentiment}\n" for r in rows)
    return {"n": len(rows), "sha256": sha256(content.encode("utf-8", "surrogatepass")).hexdigest()}


def _to_model(
    vectorizer: StatementVectorizer,
    stance_model: StanceClassifier,
    sentiment_model: SentimentClassifier,
    name: str,
    record: dict[str, Any],
    report: Report,
) -> Model:
    linear = vectorizer.fold(
        np.vstack([stance_model.coef_, sentiment_model.coef_]),
        np.concatenate([stance_model.intercept_, sentiment_model.intercept_]),
    )
    config = ModelConfig(
        stances=STANCES,
        sentiments=SENTIMENTS,
        thresholds=tuple(stance_model.thresholds_.tolist()),
        calibration=tuple((a, b) for a, b in stance_model.calibration_.tolist()),
        temperature=sentiment_model.temperature_,
        ngram_range=vectorizer.ngram_range,
        name=name,
        versions={
            "stance": stance.__version__,
            **{p: version(p) for p in ("numpy", "scipy", "scikit-learn", "camel-tools")},
        },
        training=record,
        metrics=report.to_dict(),
    )
    return Model(config, linear, vectorizer.lexicon_, "")
