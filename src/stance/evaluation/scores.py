"""Measuring labels against the truth: precision, recall, F1, calibration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, f1_score, precision_recall_fscore_support

from stance.labels import are_own
from stance.text.cells import cell_width, isolated

__all__ = ["BINS", "LabelScore", "Report", "calibration_error", "measure"]

Floats = NDArray[np.float64]
BINS = 15
_NAME = 24
"""Cells of a label's name in a table."""


@dataclass(frozen=True)
class LabelScore:
    """How well one label is found.

    Attributes
    ----------
    label : str
    precision, recall, f1 : float
        0 where nothing was found or nothing was there.
    support : int
        Rows that truly have the label.
    calibration_error, brier : float
        NaN for a sentiment.
    """

    label: str
    precision: float
    recall: float
    f1: float
    support: int
    calibration_error: float
    brier: float


@dataclass(frozen=True)
class Report:
    """The scores of a model on labelled rows.

    Attributes
    ----------
    n_rows : int
    stances, sentiments : tuple of LabelScore
    stance_macro_f1, stance_micro_f1 : float
        Over the stances; "none" is not one of them.  NaN where there are none.  A macro figure is the mean over the
        labels that some row has or was given: of others nothing is known.
    exact_set : float
        Share of the rows whose set of stances is exactly right.
    sentiment_macro_f1 : float
        NaN where there are none.
    """

    n_rows: int
    stances: tuple[LabelScore, ...]
    sentiments: tuple[LabelScore, ...]
    stance_macro_f1: float
    stance_micro_f1: float
    exact_set: float
    sentiment_macro_f1: float

    def to_dict(self, places: int = 4) -> dict[str, Any]:
        """Return the report as plain data, rounded to so many places."""
        data = asdict(self)
        data["stances"] = {s.label: _plain(s, places) for s in self.stances}
        data["sentiments"] = {s.label: _plain(s, places) for s in self.sentiments}
        known = {k: v for k, v in data.items() if not (isinstance(v, float) and np.isnan(v))}
        return {k: round(v, places) if isinstance(v, float) else v for k, v in known.items()}

    @property
    def figures(self) -> dict[str, str]:
        """What people call the figures over all labels, which say "label" of labels of one's own."""
        stances, sentiments = [s.label for s in self.stances], [s.label for s in self.sentiments]
        several, one = "stance", "sentiment"
        if not are_own(stances, sentiments):
            several, one = "labels" if sentiments else "label", "label"
        return {
            "stance_macro_f1": f"{several} macro-F1",
            "stance_micro_f1": f"{several} micro-F1",
            "exact_set": "exact set",
            "sentiment_macro_f1": f"{one} macro-F1",
        }

    def to_text(self) -> str:
        """Return the report as a table for a terminal."""
        scores = (*self.stances, *self.sentiments)
        width = max(_NAME, *(cell_width(s.label) + 1 for s in scores))
        header = f"{'':{width}}{'precision':>10}{'recall':>10}{'F1':>10}{'rows':>8}"
        header += f"{'ECE':>8}{'Brier':>8}" if self.stances else ""
        stances = [f"{_line(s, width)}{s.calibration_error:8.3f}{s.brier:8.3f}" for s in self.stances]
        names, summary = self.figures, []
        if self.stances:
            summary.append(
                f"{names['stance_macro_f1']} {self.stance_macro_f1:.3f}, micro-F1 {self.stance_micro_f1:.3f}, "
                f"exact set {self.exact_set:.3f}"
            )
        if self.sentiments:
            summary.append(f"{names['sentiment_macro_f1']} {self.sentiment_macro_f1:.3f}")
        summary.append(f"{self.n_rows} rows")
        sentiments = [_line(s, width) for s in self.sentiments]
        return "\n".join([header, *stances, *sentiments, "", "; ".join(summary)])


def _line(s: LabelScore, width: int) -> str:
    name = isolated(s.label) + " " * (width - cell_width(s.label))
    return f"{name}{s.precision:10.3f}{s.recall:10.3f}{s.f1:10.3f}{s.support:8d}"


def _plain(score: LabelScore, places: int) -> dict[str, Any]:
    values = {k: v for k, v in asdict(score).items() if k != "label"}
    known = {k: v for k, v in values.items() if not np.isnan(v)}
    return {k: round(v, places) if isinstance(v, float) else v for k, v in known.items()}


def calibration_error(probabilities: Floats, truth: NDArray[Any], bins: int = BINS) -> float:
    """Return the expected calibration error over bins of equal mass (Nguyen and O'Connor 2015).

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_samples,)
    truth : ndarray of 0 and 1, shape (n_samples,)
    bins : int

    Returns
    -------
    float
        Mean distance between predicted and observed frequency, weighted by rows.

    Examples
    --------
    >>> calibration_error(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0, 0, 1, 1]), bins=2)
    0.0
    """
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [len(p) * abs(probabilities[p].mean() - truth[p].mean()) for p in parts]
    return float(sum(gaps) / max(len(order), 1))


def measure(
    truth: NDArray[np.int64],
    held: NDArray[np.int64],
    probabilities: Floats,
    sentiment_truth: Sequence[str],
    sentiment_found: Sequence[str],
    labels: tuple[Sequence[str], Sequence[str]],
) -> Report:
    """Compare labels with the truth.

    Parameters
    ----------
    truth, held : ndarray of 0 and 1, shape (n_rows, n_stances)
    probabilities : ndarray of float64, shape (n_rows, n_stances)
    sentiment_truth, sentiment_found : sequence of str, length n_rows
    labels : tuple of two sequences of str
        Names, in the order of the columns.

    Returns
    -------
    Report
    """
    stances, sentiments = labels
    nan = float("nan")
    stance_scores = tuple(
        LabelScore(
            name, *_single(truth[:, j], held[:, j]),
            calibration_error(probabilities[:, j], truth[:, j]),
            float(brier_score_loss(truth[:, j], probabilities[:, j], labels=[0, 1])),
        )
        for j, name in enumerate(stances)
    )  # fmt: skip
    wanted, found = np.asarray(sentiment_truth, dtype=object), np.asarray(sentiment_found, dtype=object)
    sentiment_scores = tuple(
        LabelScore(name, *_single(wanted == name, found == name), nan, nan) for name in sentiments
    )
    return Report(
        len(truth),
        stance_scores,
        sentiment_scores,
        _macro(stance_scores, ((truth + held).sum(axis=0) > 0).tolist()) if stances else nan,
        float(f1_score(truth, held, average="micro", zero_division=0)) if stances else nan,
        float((truth == held).all(axis=1).mean()) if stances else nan,
        _macro(sentiment_scores, [name in wanted or name in found for name in sentiments])
        if sentiments
        else nan,
    )


def _macro(scores: Sequence[LabelScore], occurs: Iterable[bool]) -> float:
    """Return the mean F1 of the labels that occur, 0 where none does."""
    known = [s.f1 for s, there in zip(scores, occurs, strict=True) if there]
    return float(np.mean(known)) if known else 0.0


def _single(truth: NDArray[Any], found: NDArray[Any]) -> tuple[float, float, float, int]:
    """Return precision, recall, F1 and support of one label."""
    p, r, f, _ = precision_recall_fscore_support(
        truth.astype(np.int64), found.astype(np.int64), average="binary", zero_division=0
    )
    return float(p), float(r), float(f), int(truth.sum())
