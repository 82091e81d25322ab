"""Learning calibration from scores of rows that were not fitted on: sigmoids, temperature, thresholds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

__all__ = ["best_offsets", "best_threshold", "platt_scaling", "temperature_scaling"]

Floats = NDArray[np.float64]
_OFFSETS = sorted(np.linspace(-2, 2, 41).round(1).tolist(), key=abs)


def platt_scaling(scores: Floats, truth: NDArray[Any]) -> tuple[float, float]:
    """Fit Platt's sigmoid with his smoothed targets (Platt 1999; Lin, Lin and Weng 2007).

    Parameters
    ----------
    scores : ndarray of float64, shape (n_samples,)
    truth : ndarray of 0 and 1, shape (n_samples,)

    Returns
    -------
    slope, offset : float
        The probability is ``1 / (1 + exp(-(slope * score + offset)))``; the slope is positive.

    Examples
    --------
    >>> slope, offset = platt_scaling(np.array([-2.0, -1, 1, 2]), np.array([0, 0, 1, 1]))
    >>> slope > 0
    True
    """
    positives = truth.sum()
    target = np.where(truth == 1, (positives + 1) / (positives + 2), 1 / (len(truth) - positives + 2))

    def loss(p: Floats) -> tuple[float, Floats]:
        z = np.exp(p[0]) * scores + p[1]
        error = expit(z) - target
        value = np.logaddexp(0, z) - target * z
        return float(value.sum()), np.array([(error * np.exp(p[0]) * scores).sum(), error.sum()])

    # The slope is searched as its logarithm: it stays positive, so calibration never reverses an order.
    found = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=[(-5, 5), (-50, 50)])
    return float(np.exp(found.x[0])), float(found.x[1])


def temperature_scaling(scores: Floats, codes: NDArray[np.int64]) -> float:
    """Find the temperature of the least log loss (Guo, Pleiss, Sun and Weinberger 2017).

    Where the scores tell all rows apart that loss only falls with the temperature; then it is that against
    smoothed targets, as those of Platt's sigmoid: a few rows without an error do not make a model certain.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_samples, n_classes)
    codes : ndarray of int, shape (n_samples,)

    Returns
    -------
    float

    Examples
    --------
    >>> apart = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 0.0]])
    >>> 0.5 < temperature_scaling(apart, np.array([0, 1, 0])) < 1.5
    True
    """
    rows, n_classes = np.arange(len(codes)), scores.shape[1]
    apart = bool((scores.argmax(axis=1) == codes).all())
    smoothing = n_classes / (len(codes) + n_classes) if apart else 0.0

    def loss(log_t: Floats) -> float:
        z = scores / np.exp(log_t[0])
        z = z - z.max(axis=1, keepdims=True)
        total = np.log(np.exp(z).sum(axis=1))
        right = float((total - z[rows, codes]).mean())
        return right + smoothing * (float((total[:, None] - z).mean()) - right) if smoothing else right

    return float(np.exp(minimize(loss, np.zeros(1), method="L-BFGS-B", bounds=[(-5, 5)]).x[0]))


def best_offsets(probabilities: Floats, score: Callable[[NDArray[np.int64]], float]) -> Floats:
    """Find what to add to the log-probabilities so that deciding for the largest scores best.

    Coordinate ascent over a grid, label by label, until nothing improves; an offset must win by a
    thousandth, so that labels which are decided well as they are stay so.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_samples, n_labels)
        Of rows that were not fitted on.
    score : callable
        From decisions, shape (n_samples,), to the figure to maximise.

    Returns
    -------
    ndarray of float64, shape (n_labels,)

    Examples
    --------
    >>> p = np.array([[0.6, 0.4], [0.9, 0.1]])
    >>> best_offsets(p, lambda found: float((found == [1, 0]).mean())).tolist()
    [-0.5, 0.0]
    """
    logits = np.log(np.maximum(probabilities, 1e-300))
    offsets = np.zeros(logits.shape[1])
    best = score(logits.argmax(axis=1))
    for _ in range(3):
        before = best
        for j in range(len(offsets)):
            for step in _OFFSETS:
                tried = offsets.copy()
                tried[j] = step
                found = score((logits + tried).argmax(axis=1))
                if found > best + 1e-3:
                    best, offsets = found, tried
        if best == before:
            break
    return offsets


def best_threshold(probabilities: Floats) -> float:
    """Find the threshold with the best expected F1, trusting calibrated probabilities.

    With few positive rows the F1 counted on the rows themselves jumps about; its expectation under
    calibrated probabilities does not (Ye, Chai, Lee and Chieu 2012, "Optimizing F-measure").

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_samples,)
        Calibrated, of rows that were not fitted on.

    Returns
    -------
    float
        Half way between two neighbouring probabilities.

    Examples
    --------
    >>> round(best_threshold(np.array([0.1, 0.2, 0.9, 0.7])), 2)
    0.45
    """
    ranked = np.sort(probabilities)[::-1]
    f1 = 2 * np.cumsum(ranked) / (np.arange(1, len(ranked) + 1) + ranked.sum())
    f1[:-1][ranked[:-1] == ranked[1:]] = -1  # equal probabilities cannot be told apart
    best = int(f1.argmax())
    below = ranked[best + 1] if best + 1 < len(ranked) else ranked[best]
    return float((ranked[best] + below) / 2)
