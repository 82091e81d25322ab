"""Cross-validation: scores of rows by estimators that never saw their documents, and decisions from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from stance.calibration import best_sentiment, sentiment_probabilities, stance_probabilities
from stance.calibrators import best_offsets, best_threshold, platt_scaling, temperature_scaling
from stance.classifiers import indicator
from stance.datasets import LabelledRow
from stance.errors import TrainingError
from stance.evaluation import Metric, Report, measure, parse_metric
from stance.features.pairs import MAX_CLOSED
from stance.fitting import Estimators
from stance.labels import Labels

__all__ = ["CrossValidation", "LabelArrays", "check_rows", "cross_validate", "decide", "folds_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Scores of rows by estimators that were not fitted on their documents.

    Attributes
    ----------
    scores : ndarray of float64, shape (n_rows, n_labels)
        The stances, then the sentiments; not calibrated.
    fold : ndarray of int64, shape (n_rows,)
    report : Report
    metric : float
    out_of_fold : dict of str to ndarray
        As in :class:`stance.training.Trained`.
    """

    scores: Floats
    fold: NDArray[np.int64]
    report: Report
    metric: float
    out_of_fold: dict[str, NDArray[Any]]


class LabelArrays:
    """Rows with their labels as arrays, and how decisions about them are scored."""

    def __init__(self, rows: Sequence[LabelledRow], labels: Labels, metric: str) -> None:
        self.rows = rows
        self.labels = labels
        self.truth = indicator([r.stances for r in rows], labels.stances)
        self.chosen = indicator([(r.sentiment,) for r in rows], labels.sentiments)
        distinct = sorted({r.target for r in rows if r.target is not None})
        self.targets = tuple(distinct) if len(distinct) <= MAX_CLOSED else ()
        self.target = np.array([r.target for r in rows], object) if self.targets else None
        self.metric = parse_metric(metric, labels.stances or labels.sentiments)
        own = metric if not labels.stances else "macro-f1"
        self.sentiment_metric: Metric | None = (
            parse_metric(own, labels.sentiments) if labels.sentiments else None
        )

    def score(self, held: NDArray[np.int64], sentiment: NDArray[np.int64]) -> float:
        """Measure decisions about all rows by the metric."""
        if self.labels.stances:
            return self.metric.score(self.truth, held, self.target)
        return self.metric.score(
            self.chosen, np.eye(len(self.labels.sentiments), dtype=np.int64)[sentiment], self.target
        )

    def offsets(self, probabilities: Floats, among: NDArray[np.bool_]) -> Floats:
        """Choose the offsets of the sentiments on some rows; shape (n_targets or 1, n_sentiments)."""
        metric, unit = self.sentiment_metric, np.eye(len(self.labels.sentiments), dtype=np.int64)
        assert metric is not None  # noqa: S101  # for the type checker
        parts = [among] if self.target is None else [among & (self.target == t) for t in self.targets]
        return np.array(
            [
                best_offsets(probabilities[p], lambda found, p=p: metric.score(self.chosen[p], unit[found]))  # type: ignore[misc]  # the default binds the part
                for p in parts
            ]
        )

    def offsets_of(self, offsets: Floats) -> Floats:
        """Return the offsets of each row, shape (n_rows, n_sentiments)."""
        if self.target is None:
            return np.repeat(offsets, len(self.rows), axis=0)
        return offsets[[self.targets.index(t) for t in self.target]]


def check_rows(rows: Sequence[LabelledRow], labels: Labels, folds: int) -> None:
    """Refuse rows that cannot be cross-validated.

    Parameters
    ----------
    rows : sequence of LabelledRow
    labels : Labels
    folds : int

    Raises
    ------
    TrainingError
        If there are too few documents for the folds, or a label is missing or alone.
    """
    documents = len({r.group for r in rows})
    if folds < 2:
        raise TrainingError(f"cross-validation wants at least 2 folds, got {folds}; pass --folds 5")
    if documents < folds:
        raise TrainingError(f"{folds} folds want at least {folds} documents, got {documents}; give more rows")
    if len(labels.sentiments) == 1:
        raise TrainingError(
            f"every row has the label {labels.sentiments[0]!r}; training wants rows of at least two labels"
        )
    for label in (*labels.stances, *labels.sentiments):
        with_it = {r.group for r in rows if label in r.stances or label == r.sentiment}
        if len(with_it) < folds or len(with_it) == documents == 1:
            raise TrainingError(
                f"{label!r} is found in {len(with_it)} documents; training with {folds} folds wants at least "
                f"{folds} with it: give more rows or fewer --folds"
            )


def folds_of(rows: Sequence[LabelledRow], folds: int, seed: int) -> NDArray[np.int64]:
    """Return the fold of each row, shape (n_rows,); rows of one document share theirs."""
    fold = np.zeros(len(rows), np.int64)
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for k, (_, test) in enumerate(splitter.split(rows, groups=[r.group for r in rows])):
        fold[test] = k
    return fold


def cross_validate(
    estimators: Estimators, found: LabelArrays, extra: Sequence[LabelledRow], folds: int, seed: int, jobs: int
) -> CrossValidation:
    """Score every row by estimators fitted on the other folds, and decide by what those teach.

    Parameters
    ----------
    estimators : Estimators
        Unfitted.
    found : LabelArrays
    extra : sequence of LabelledRow
        To learn from in every fold but that which holds a row of the same document.
    folds, seed, jobs : int

    Returns
    -------
    CrossValidation
    """
    rows, labels = found.rows, found.labels
    fold = folds_of(rows, folds, seed)
    parts = Parallel(n_jobs=jobs)(
        delayed(_fit_fold)(estimators, rows, extra, fold == k) for k in range(folds)
    )
    scores = np.zeros((len(rows), len(labels.stances) + len(labels.sentiments)))
    for k, part in enumerate(parts):
        scores[fold == k] = part
    probabilities, held, sentiment = decide(scores, found, fold)
    names = np.array(labels.sentiments or ("",))[sentiment]
    report = measure(found.truth, held, probabilities, [r.sentiment for r in rows], names.tolist(), labels)
    out_of_fold = {"probabilities": probabilities, "held": held, "sentiment": names}
    return CrossValidation(scores, fold, report, found.score(held, sentiment), out_of_fold)


def _fit_fold(
    estimators: Estimators,
    rows: Sequence[LabelledRow],
    extra: Sequence[LabelledRow],
    test: NDArray[np.bool_],
) -> Floats:
    learned = [r for r, held_out in zip(rows, test, strict=True) if not held_out]
    measured = [r for r, held_out in zip(rows, test, strict=True) if held_out]
    unseen = {r.group for r in measured}
    fitted = estimators.copy().fit([*learned, *(r for r in extra if r.group not in unseen)])
    return fitted.decision_function(measured)


def decide(
    scores: Floats, found: LabelArrays, fold: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Calibrate and decide each fold by what the other folds teach.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_rows, n_labels)
        Out-of-fold: the stances, then the sentiments.
    found : LabelArrays
    fold : ndarray of int64, shape (n_rows,)

    Returns
    -------
    probabilities : ndarray of float64, shape (n_rows, n_stances)
    held : ndarray of 0 and 1, shape (n_rows, n_stances)
    sentiment : ndarray of int64, shape (n_rows,)
    """
    n = found.truth.shape[1]
    probabilities = np.zeros(found.truth.shape)
    held = np.zeros(found.truth.shape, np.int64)
    sentiment = np.zeros(len(scores), np.int64)
    for k in np.unique(fold):
        test, rest = fold == k, fold != k
        for j in range(n):
            sigmoid = [platt_scaling(scores[rest, j], found.truth[rest, j])]
            known = stance_probabilities(scores[rest, j, None], sigmoid)[:, 0]
            probabilities[test, j] = stance_probabilities(scores[test, j, None], sigmoid)[:, 0]
            held[test, j] = probabilities[test, j] >= best_threshold(known)
        if found.labels.sentiments:
            temperature = temperature_scaling(scores[rest, n:], found.chosen[rest].argmax(axis=1))
            p = sentiment_probabilities(scores[:, n:], temperature)
            offsets = found.offsets_of(found.offsets(p, rest))
            sentiment[test] = best_sentiment(p[test], offsets[test])
    return probabilities, held, sentiment
