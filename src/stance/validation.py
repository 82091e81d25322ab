"""Cross-validation: scores of rows by estimators that never saw their documents, and decisions from them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from joblib import delayed
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from stance.calibration import best_sentiment, sentiment_probabilities, stance_probabilities
from stance.calibrators import best_offsets, best_threshold, platt_scaling, temperature_scaling
from stance.classifiers import indicator
from stance.datasets import LabelledRow
from stance.evaluation import Metric, Report, measure, parse_metric
from stance.features.pairs import MAX_CLOSED
from stance.fitting import Estimators, RowCounts
from stance.labels import Labels
from stance.parallel import results
from stance.row_checks import check_learned
from stance.timing import Stopwatch, peak_memory

__all__ = ["CrossValidation", "LabelArrays", "cross_validate", "decide", "folds_of", "split"]

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
    fitted : Estimators or None
        Fitted on all rows, where that was asked for.
    documents : int
        Learned from, in the mean of the folds.
    """

    scores: Floats
    fold: NDArray[np.int64]
    report: Report
    metric: float
    out_of_fold: dict[str, NDArray[Any]]
    fitted: Estimators | None
    documents: int


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


def folds_of(rows: Sequence[LabelledRow], folds: int, seed: int) -> NDArray[np.int64]:
    """Return the fold of each row, shape (n_rows,); rows of one document share theirs."""
    fold = np.zeros(len(rows), np.int64)
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for k, (_, test) in enumerate(splitter.split(rows, groups=[r.group for r in rows])):
        fold[test] = k
    return fold


def cross_validate(
    estimators: Estimators,
    found: LabelArrays,
    extra: Sequence[LabelledRow],
    folds: int,
    seed: int,
    jobs: int,
    *,
    share: float = 1.0,
    whole: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> CrossValidation:
    """Score every row by estimators fitted on the other folds, and decide by what those teach.

    What does not depend on the fold is counted once and mapped into the memory of every process.

    Parameters
    ----------
    estimators : Estimators
        Unfitted.
    found : LabelArrays
    extra : sequence of LabelledRow
        To learn from in every fold but that which holds a row of the same document.
    folds, seed, jobs : int
    share : float
        Of the documents that may be learned from; the same seed takes more of the same.
    whole : bool
        Whether to fit on all rows besides.
    progress : callable
        Called with a line of text after each stage: what it was and how long it took.

    Returns
    -------
    CrossValidation
    """
    watch = Stopwatch()
    rows, labels = [*found.rows, *extra], found.labels
    fold = folds_of(found.rows, folds, seed)
    with watch.stage(f"features of {len(rows)} rows"):
        counts = estimators.count(rows)
    progress(watch.to_text())
    parts = [split(found.rows, extra, fold == k) for k in range(folds)]
    if share < 1:
        parts = [(_thin(learned, rows, share, seed), measured) for learned, measured in parts]
    check_learned(parts, rows, labels, seed)
    documents = round(sum(len({rows[i].group for i in learned}) for learned, _ in parts) / folds)
    if whole:
        parts.append((np.arange(len(rows)), np.zeros(0, np.int64)))
    names = [f"fold {k} of {folds}" for k in range(1, folds + 1)] + ["final fit"]
    tasks = (delayed(_fit)(estimators, rows, counts, *part) for part in parts)
    done = []
    fits = results(tasks, jobs, max_nbytes="1M", mmap_mode="r")
    for name, fit in zip(names, fits, strict=False):
        progress(f"{name} {fit.watch.total:.1f} s: {fit.watch.to_text()}")
        done.append(fit)
    _report_memory(done, progress)
    scores = np.zeros((len(found.rows), len(labels.stances) + len(labels.sentiments)))
    for (_, measured), fit in zip(parts, done, strict=True):
        scores[measured] = fit.scores
    with watch.stage("decisions"):
        probabilities, held, sentiment, sentiment_p = decide(scores, found, fold)
    progress(f"decisions {watch.seconds['decisions']:.1f} s")
    given = np.array(labels.sentiments or ("",))[sentiment]
    truth = [r.sentiment for r in found.rows]
    report = measure(found.truth, held, probabilities, truth, given.tolist(), labels)
    out_of_fold = {
        "probabilities": probabilities,
        "held": held,
        "sentiment": given,
        "sentiment_probabilities": sentiment_p,
    }
    fitted = done[-1].estimators if whole else None
    return CrossValidation(scores, fold, report, found.score(held, sentiment), out_of_fold, fitted, documents)


def split(
    rows: Sequence[LabelledRow], extra: Sequence[LabelledRow], test: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Say which rows are learned from and which are measured on.

    Parameters
    ----------
    rows, extra : sequence of LabelledRow
    test : ndarray of bool, shape (n_rows,)
        Those of `rows` that are measured on.

    Returns
    -------
    learned : ndarray of int64
        Numbers among `rows`, then `extra`: no row of a document that is measured on.
    measured : ndarray of int64
    """
    measured = np.flatnonzero(test)
    unseen = {rows[i].group for i in measured.tolist()}
    more = [len(rows) + i for i, r in enumerate(extra) if r.group not in unseen]
    return np.concatenate([np.flatnonzero(~test), np.array(more, np.int64)]), measured


def _thin(
    learned: NDArray[np.int64], rows: Sequence[LabelledRow], share: float, seed: int
) -> NDArray[np.int64]:
    """Keep the rows of a part of the documents, drawn so that a larger part holds the smaller ones."""
    documents = list(dict.fromkeys(rows[i].group for i in learned.tolist()))
    order = np.random.default_rng(seed).permutation(len(documents))
    kept = {documents[i] for i in order[: max(round(share * len(documents)), 1)].tolist()}
    return np.array([i for i in learned.tolist() if rows[i].group in kept], np.int64)


class _Fit(NamedTuple):
    """What a process hands back: the estimators only where no row was left to be scored."""

    scores: Floats
    estimators: Estimators | None
    watch: Stopwatch
    process: int
    peak: int


def _fit(
    estimators: Estimators,
    rows: Sequence[LabelledRow],
    counts: RowCounts,
    learned: NDArray[np.int64],
    measured: NDArray[np.int64],
) -> _Fit:
    fitted = estimators.copy()
    with threadpool_limits(1):  # sums in another order have other last bits: the same whatever the machine
        fitted.fit([rows[i] for i in learned.tolist()], counts.take(learned))
        if len(measured):
            scores = fitted.decision_function([rows[i] for i in measured.tolist()], counts.take(measured))
            return _Fit(scores, None, fitted.watch, os.getpid(), peak_memory())
    return _Fit(np.zeros((0, 1)), fitted, fitted.watch, os.getpid(), peak_memory())


def _report_memory(done: Sequence[_Fit], progress: Callable[[str], None]) -> None:
    """Say how much memory all processes have taken; shared pages count in each."""
    peaks = {os.getpid(): peak_memory()}
    for fit in done:
        peaks[fit.process] = max(fit.peak, peaks.get(fit.process, 0))
    if all(peaks.values()):
        progress(f"peak memory {sum(peaks.values()) / 1e6:.0f} MB in {len(peaks)} processes")


def decide(
    scores: Floats, found: LabelArrays, fold: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], Floats]:
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
    sentiment_probabilities : ndarray of float64, shape (n_rows, n_sentiments)
    """
    n = found.truth.shape[1]
    probabilities = np.zeros(found.truth.shape)
    held = np.zeros(found.truth.shape, np.int64)
    sentiment = np.zeros(len(scores), np.int64)
    sentiment_p = np.zeros((len(scores), len(found.labels.sentiments)))
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
            sentiment_p[test] = p[test]
            sentiment[test] = best_sentiment(p[test], offsets[test])
    return probabilities, held, sentiment, sentiment_p
