"""Training: rows in, a calibrated model and an honest report out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

import stance
from stance.calibration import sentiment_probabilities
from stance.datasets import LabelledRow, digest_of
from stance.errors import TrainingError
from stance.evaluation import Report
from stance.features.pairs import PairVectorizer
from stance.features.vectors import WordVectors
from stance.fitting import Estimators
from stance.labels import OWN_LABELS, Labels
from stance.lexicon import Lexicon
from stance.model import Model, ModelConfig
from stance.row_checks import check_rows
from stance.settings import PRESETS, TrainingConfig
from stance.timing import Stopwatch
from stance.validation import CrossValidation, LabelArrays, cross_validate

__all__ = ["Trained", "search", "train"]

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
    metric : float
        What the cross-validation gave by the metric asked for.
    pipelines : dict of str to sklearn.pipeline.Pipeline
        The fitted estimators that the model's arrays were taken from: ``stance``, ``sentiment``.
    out_of_fold : dict of str to ndarray
        ``probabilities`` (n_rows, n_stances), ``held``, ``sentiment``, ``sentiment_probabilities``
        (n_rows, n_sentiments), for the rows of `rows`.
    documents : int
        Learned from in the cross-validation, in the mean of the folds.
    """

    model: Model
    report: Report
    metric: float
    pipelines: dict[str, Pipeline]
    out_of_fold: dict[str, NDArray[Any]]
    documents: int


def train(
    rows: Sequence[LabelledRow],
    extra: Sequence[LabelledRow] = (),
    *,
    config: TrainingConfig | None = None,
    lexicon: Lexicon | None = None,
    vectors: WordVectors | None = None,
    labels: Labels = OWN_LABELS,
    metric: str = "macro-f1",
    folds: int = 5,
    seed: int = 0,
    jobs: int = 1,
    name: str = "model",
    about: dict[str, Any] | None = None,
    progress: Progress = lambda _: None,
) -> Trained:
    """Train, cross-validate and calibrate a model.

    Folds are grouped by document.  Sigmoids, temperature, thresholds and offsets of the final model
    are chosen on the out-of-fold scores of all rows; for the report those of a fold are chosen on
    the other folds.

    Parameters
    ----------
    rows : sequence of LabelledRow
        To learn from and to measure on; either all of them have targets or none.
    extra : sequence of LabelledRow
        To learn from only; they are in no test fold, and nothing is calibrated on them.
    config : TrainingConfig, optional
    lexicon : Lexicon, optional
        The installed one that the settings name by default.
    vectors : WordVectors, optional
    labels : Labels
        Those of this project by default; see :func:`stance.datasets.find_labels`.
    metric : str
        As :func:`stance.evaluation.parse_metric` reads it; about the stances, or the sentiments where
        there are no stances.  Offsets of the sentiments are chosen by it, or by macro-F1.
    folds, seed, jobs : int
        Number of folds, seed of their shuffle, processes.
    name : str
        Name of the model.
    about : dict, optional
        More to be written into the model's training record.
    progress : callable
        Called with a line of text about each stage: what it was, and how long it took.

    Returns
    -------
    Trained

    Raises
    ------
    TrainingError
        If there are too few documents for the folds, or a label is missing or alone; or if rows are for the
        attention network alone and none is trained.
    DataError
        If the metric is unknown.
    """
    config = config or TrainingConfig()
    found = LabelArrays(rows, labels, metric)
    check_rows(rows, labels, folds)
    estimators = Estimators.from_config(config, lexicon, vectors, labels, rows[0].target is not None, seed)
    if estimators.network is None and any(r.attention_only for r in extra):
        raise TrainingError(
            "some extra rows are for the attention network alone and these settings train none; give unlabelled "
            "text (--unlabelled), rows without targets and an attention_weight above 0, or leave these rows out"
        )
    progress(f"cross-validation: {folds} folds of {len(rows)} rows, with {len(extra)} extra rows")
    validated = cross_validate(estimators, found, extra, folds, seed, jobs, whole=True, progress=progress)
    fitted = validated.fitted
    assert fitted is not None  # noqa: S101  # for the type checker
    n = len(labels.stances)
    if fitted.stance is not None:
        fitted.stance.calibrate(validated.scores[:, :n], found.truth)
    if fitted.sentiment is not None:
        fitted.sentiment.calibrate(validated.scores[:, n:], [r.sentiment for r in rows])
    record = {
        "config": asdict(config),
        "folds": folds,
        "seed": seed,
        "metric": {"name": metric, "value": round(validated.metric, 4)},
        "rows": digest_of(rows),
        "extra": digest_of(extra),
        **(about or {}),
    }
    model = _to_model(fitted, found, validated, name, record)
    return Trained(
        model,
        validated.report,
        validated.metric,
        fitted.pipelines(),
        validated.out_of_fold,
        validated.documents,
    )


def search(
    rows: Sequence[LabelledRow],
    extra: Sequence[LabelledRow] = (),
    *,
    presets: Mapping[str, TrainingConfig] = PRESETS,
    lexicon: Lexicon | None = None,
    vectors: WordVectors | None = None,
    labels: Labels = OWN_LABELS,
    metric: str = "macro-f1",
    folds: int = 5,
    seed: int = 0,
    jobs: int = 1,
    progress: Progress = lambda _: None,
) -> tuple[str, TrainingConfig]:
    """Compare named settings by cross-validation.

    What is reported for the best of several is a little too good; measure on other rows.

    Parameters
    ----------
    rows, extra, lexicon, vectors, labels, metric, folds, seed, jobs, progress
        As :func:`train`.
    presets : mapping of str to TrainingConfig

    Returns
    -------
    name : str
        Of the settings with the best metric; the first of equals.
    config : TrainingConfig

    Raises
    ------
    TrainingError, DataError
        As :func:`train`.
    """
    found = LabelArrays(rows, labels, metric)
    check_rows(rows, labels, folds)
    paired = rows[0].target is not None
    values = {}
    for name, config in presets.items():
        if not found.targets and config.target_weight != 1:
            continue  # differs from another in the weight of targets only
        estimators = Estimators.from_config(config, lexicon, vectors, labels, paired, seed)
        watch = Stopwatch()
        with watch.stage("total"):
            values[name] = cross_validate(estimators, found, extra, folds, seed, jobs).metric
        progress(f"{name}: {metric} {values[name]:.4f} in {watch.total:.1f} s")
    best = max(values, key=values.__getitem__)
    return best, presets[best]


def _to_model(
    fitted: Estimators, found: LabelArrays, validated: CrossValidation, name: str, record: dict[str, Any]
) -> Model:
    labels, n = found.labels, len(found.labels.stances)
    thresholds: list[float] = []
    calibration: list[list[float]] = []
    temperature, offsets = 1.0, np.zeros((0, 0))
    if fitted.stance is not None:
        thresholds, calibration = fitted.stance.thresholds_.tolist(), fitted.stance.calibration_.tolist()
    if fitted.sentiment is not None:
        temperature = fitted.sentiment.temperature_
        p = sentiment_probabilities(validated.scores[:, n:], temperature)
        offsets = found.offsets(p, np.ones(len(p), np.bool_))
    vectorizer = fitted.vectorizer
    paired = isinstance(vectorizer, PairVectorizer)
    statement = vectorizer.vectorizer_ if isinstance(vectorizer, PairVectorizer) else vectorizer
    config = ModelConfig(
        stances=labels.stances,
        sentiments=labels.sentiments,
        thresholds=tuple(thresholds),
        calibration=tuple((a, b) for a, b in calibration),
        temperature=temperature,
        offsets=tuple(map(tuple, offsets.tolist())),
        ngram_range=statement.ngram_range,
        length_norm=statement.length_norm,
        clause_weight=fitted.clause_weight,
        analyzer=statement.analyzer,
        paired=paired,
        targets=found.targets,
        name=name,
        versions={
            "stance": stance.__version__,
            **{p: version(p) for p in ("numpy", "scipy", "scikit-learn", "camel-tools")},
        },
        training=record,
        metrics=validated.report.to_dict(places=6),  # which are rounded once more in tables
    )
    return Model(config, fitted.fold(), statement.lexicon_, "")
