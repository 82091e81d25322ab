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
from sklearn.pipeline import Pipeline

import stance
from stance.calibration import stance_probabilities
from stance.calibrators import best_threshold, platt_scaling
from stance.classifiers import indicator
from stance.datasets import LabelledRow
from stance.errors import TrainingError
from stance.evaluation import Report, measure
from stance.features.vectors import WordVectors
from stance.fitting import Estimators
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
    estimators = Estimators.from_config(config, lexicon, vectors, seed)
    progress(f"cross-validation: {folds} folds of {len(rows)} rows, with {len(extra)} extra rows")
    parts = Parallel(n_jobs=jobs)(
        delayed(_fit_fold)(estimators, rows, extra, fold == k) for k in range(folds)
    )
    scores, sentiment_scores = np.zeros(truth.shape), np.zeros((len(rows), len(SENTIMENTS)))
    for k, (stance_part, sentiment_part) in enumerate(parts):
        scores[fold == k], sentiment_scores[fold == k] = stance_part, sentiment_part
    report, out_of_fold = _report(scores, sentiment_scores, truth, feelings, fold)
    progress("final fit on all rows")
    fitted = _fit(estimators, [*rows, *extra])
    fitted.stance.calibrate(scores, truth)
    fitted.sentiment.calibrate(sentiment_scores, feelings)
    record = {
        "config": asdict(config),
        "folds": folds,
        "seed": seed,
        "rows": _digest(rows),
        "extra": _digest(extra),
        **(about or {}),
    }
    model = _to_model(fitted, name, record, report)
    return Trained(model, report, *fitted.pipelines(), out_of_fold)


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


def _fit(estimators: Estimators, rows: Sequence[LabelledRow]) -> Estimators:
    return estimators.copy().fit(
        [r.text for r in rows], [r.stances for r in rows], [r.sentiment for r in rows]
    )


def _fit_fold(
    estimators: Estimators,
    rows: Sequence[LabelledRow],
    extra: Sequence[LabelledRow],
    test: NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    learned = [r for r, held_out in zip(rows, test, strict=True) if not held_out]
    fitted = _fit(estimators, [*learned, *extra])
    return fitted.decision_function([r.text for r, held_out in zip(rows, test, strict=True) if held_out])


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
    fitted: Estimators,
    name: str,
    record: dict[str, Any],
    report: Report,
) -> Model:
    config = ModelConfig(
        stances=STANCES,
        sentiments=SENTIMENTS,
        thresholds=tuple(fitted.stance.thresholds_.tolist()),
        calibration=tuple((a, b) for a, b in fitted.stance.calibration_.tolist()),
        temperature=fitted.sentiment.temperature_,
        ngram_range=fitted.vectorizer.ngram_range,
        name=name,
        versions={
            "stance": stance.__version__,
            **{p: version(p) for p in ("numpy", "scipy", "scikit-learn", "camel-tools")},
        },
        training=record,
        metrics=report.to_dict(),
    )
    return Model(config, fitted.fold(), fitted.vectorizer.lexicon_, "")
