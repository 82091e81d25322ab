"""From linear scores to probabilities: the same functions for fitted classifiers and loaded models."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["best_sentiment", "margins", "sentiment_probabilities", "stance_probabilities"]

Floats = NDArray[np.float64]


def stance_probabilities(scores: Floats, calibration: ArrayLike) -> Floats:
    """Apply Platt's sigmoid to each stance's scores.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_samples, n_stances)
    calibration : array-like of float, shape (n_stances, 2)
        Slope and offset.

    Returns
    -------
    ndarray of float64, shape (n_samples, n_stances)

    Examples
    --------
    >>> stance_probabilities(np.array([[0.0, 1000.0]]), [[1, 0], [2, 1]]).tolist()
    [[0.5, 1.0]]
    """
    slope, offset = np.asarray(calibration, np.float64).T
    # tanh does not overflow, unlike exp
    result: Floats = (1 + np.tanh((scores * slope + offset) / 2)) / 2
    return result


def sentiment_probabilities(scores: Floats, temperature: float) -> Floats:
    """Apply the softmax to scores divided by a temperature.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_samples, n_sentiments)
    temperature : float

    Returns
    -------
    ndarray of float64, shape (n_samples, n_sentiments)
        Rows sum to one.

    Examples
    --------
    >>> sentiment_probabilities(np.array([[2.0, 2.0]]), 0.5).tolist()
    [[0.5, 0.5]]
    """
    logits = scores / temperature
    weight = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    result: Floats = weight / weight.sum(axis=1, keepdims=True)
    return result


def best_sentiment(probabilities: Floats, offsets: ArrayLike) -> NDArray[np.int64]:
    """Decide for one sentiment each: the most probable, with a bonus for those easily overlooked.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_samples, n_sentiments)
    offsets : array-like of float, shape (n_sentiments,) or (n_samples, n_sentiments)
        Added to the logarithms of the probabilities.

    Returns
    -------
    ndarray of int64, shape (n_samples,)

    Examples
    --------
    >>> best_sentiment(np.array([[0.6, 0.4]]), [0.0, 1.0]).tolist()
    [1]
    """
    logits = np.log(np.maximum(probabilities, 1e-300)) + np.asarray(offsets, np.float64)
    best: NDArray[np.int64] = logits.argmax(axis=1) if logits.size else np.zeros(len(logits), np.int64)
    return best


def margins(probabilities: Floats, thresholds: ArrayLike) -> Floats:
    """Return how near each text's nearest decision is.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_samples, n_stances)
    thresholds : array-like of float, shape (n_stances,)

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        Distance in probability between a stance and its threshold, the smallest of the stances.

    Examples
    --------
    >>> margins(np.array([[0.75, 0.0]]), [0.5, 0.5]).tolist()
    [0.25]
    """
    distance = np.abs(probabilities - np.asarray(thresholds, np.float64))
    nearest: Floats = distance.min(axis=1, initial=1.0)
    return nearest
