"""Risk and coverage: how much more often the model is right where it does not abstain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from stance.calibration import margins

__all__ = ["CoveragePoint", "risk_coverage"]

COVERAGES = (1.0, 0.98, 0.95, 0.9, 0.8, 0.7, 0.5)


class CoveragePoint(NamedTuple):
    """What is right when only the surest rows are answered.

    Attributes
    ----------
    coverage : float
        Share of the rows that are answered.
    abstain : float
        The margin below which the others are not: the value for ``predict(texts, abstain=...)``.
    exact_set : float
        Share of the answered rows whose set of stances is exactly right.
    micro_f1 : float
        Over the stances of the answered rows.
    """

    coverage: float
    abstain: float
    exact_set: float
    micro_f1: float


def risk_coverage(
    truth: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    thresholds: Sequence[float],
    coverages: Sequence[float] = COVERAGES,
) -> list[CoveragePoint]:
    """Measure the rows that are left when the least certain are not answered (El-Yaniv and Wiener 2010).

    Parameters
    ----------
    truth : ndarray of 0 and 1, shape (n_rows, n_stances)
    probabilities : ndarray of float64, shape (n_rows, n_stances)
    thresholds : sequence of float, length n_stances
    coverages : sequence of float
        Shares of the rows to answer, from 0 to 1.

    Returns
    -------
    list of CoveragePoint
        One per coverage; rows of equal margin are answered together.

    Examples
    --------
    >>> truth = np.array([[1], [0], [1], [0]])
    >>> found = risk_coverage(truth, np.array([[0.9], [0.1], [0.45], [0.2]]), [0.5], [1.0, 0.75])
    >>> [(p.coverage, p.exact_set) for p in found]
    [(1.0, 0.75), (0.75, 1.0)]
    """
    margin = margins(probabilities, thresholds)
    held = (probabilities >= np.asarray(thresholds)).astype(np.int64)
    right = (held == truth).all(axis=1)
    ranked = np.sort(margin)[::-1]
    points = []
    for share in coverages:
        least = float(ranked[max(round(share * len(ranked)), 1) - 1]) if share < 1 else 0.0
        kept = margin >= least
        f1 = f1_score(truth[kept], held[kept], average="micro", zero_division=0)
        points.append(CoveragePoint(float(kept.mean()), least, float(right[kept].mean()), float(f1)))
    return points
