"""Bootstrap intervals: how far a figure would move on other documents of the same kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Interval", "bootstrap"]

Floats = NDArray[np.float64]
_CHUNK = 100
"""Draws worked out at once: bounds the memory."""


class Interval(NamedTuple):
    """The interval that 95 % of the draws fall into."""

    low: float
    high: float


def bootstrap(
    truth: NDArray[np.int64],
    held: NDArray[np.int64],
    sentiment_truth: Sequence[str],
    sentiment_found: Sequence[str],
    labels: tuple[Sequence[str], Sequence[str]],
    groups: Sequence[str] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> dict[str, Interval]:
    """Draw documents with replacement, and measure each draw (Efron 1979, the percentile method).

    Sentences of a document resemble each other, so documents are drawn, not sentences; single
    sentences would give intervals that are too narrow.

    Parameters
    ----------
    truth, held : ndarray of 0 and 1, shape (n_rows, n_stances)
    sentiment_truth, sentiment_found : sequence of str, length n_rows
    labels : tuple of two sequences of str
        Names of the stances and of the sentiments, in the order of the columns.
    groups : sequence of str, length n_rows, optional
        The document of each row; every row is one of its own by default.
    draws : int, default 1000
    seed : int, default 0

    Returns
    -------
    dict of str to Interval
        ``"precision/warning"``, ``"recall/warning"``, ``"f1/warning"`` for every label;
        ``"stance_macro_f1"``, ``"stance_micro_f1"``, ``"exact_set"``, ``"sentiment_macro_f1"``.

    Examples
    --------
    >>> y = np.array([[1], [0], [1], [0]])
    >>> found = bootstrap(y, y, ["positive"] * 4, ["positive"] * 4, (["warning"], ["positive"]))
    >>> found["exact_set"]
    Interval(low=1.0, high=1.0)
    """
    stances, sentiments = labels
    columns = _columns(truth, held, sentiment_truth, sentiment_found, sentiments)
    _, owner = np.unique(np.arange(len(truth)) if groups is None else np.asarray(groups), return_inverse=True)
    n_groups = int(owner.max(initial=-1)) + 1
    by_group = np.stack([np.bincount(owner, c, n_groups) for c in columns.T], axis=1).astype(np.float64)
    drawn = [_figures(counts, list(stances), list(sentiments)) for counts in _draws(by_group, draws, seed)]
    found = {}
    for name in drawn[0] if drawn else ():
        values = np.concatenate([d[name] for d in drawn])
        low, high = np.quantile(values, [0.025, 0.975])
        found[name] = Interval(float(low), float(high))
    return found


def _columns(
    truth: NDArray[np.int64],
    held: NDArray[np.int64],
    sentiment_truth: Sequence[str],
    sentiment_found: Sequence[str],
    sentiments: Sequence[str],
) -> Floats:
    """Count per row, for every label: right, found and true; then rows, and rows exactly right."""
    wanted, got = np.asarray(sentiment_truth), np.asarray(sentiment_found)
    names = np.array(sentiments, dtype=np.str_)
    is_true = (wanted[:, None] == names).astype(np.float64)
    is_found = (got[:, None] == names).astype(np.float64)
    y, z = np.hstack([truth, is_true]), np.hstack([held, is_found])
    exact = (truth == held).all(axis=1)
    return np.hstack([y * z, z, y, np.ones((len(y), 1)), exact[:, None]]).astype(np.float64)


def _draws(by_group: Floats, draws: int, seed: int) -> Iterator[Floats]:
    random = np.random.default_rng(seed)
    n = len(by_group)
    for first in range(0, draws, _CHUNK):
        times = random.multinomial(n, np.full(n, 1 / n), size=min(_CHUNK, draws - first))
        yield times @ by_group


def _figures(counts: Floats, stances: list[str], sentiments: list[str]) -> dict[str, Floats]:
    n = len(stances) + len(sentiments)
    right, found, true = counts[:, :n], counts[:, n : 2 * n], counts[:, 2 * n : 3 * n]
    f1 = _ratio(2 * right, found + true)
    figures: dict[str, Floats] = {}
    for j, label in enumerate([*stances, *sentiments]):
        figures[f"precision/{label}"] = _ratio(right[:, j], found[:, j])
        figures[f"recall/{label}"] = _ratio(right[:, j], true[:, j])
        figures[f"f1/{label}"] = f1[:, j]
    k = len(stances)
    if stances:
        figures["stance_macro_f1"] = _macro(f1[:, :k], (found + true)[:, :k])
        figures["stance_micro_f1"] = _ratio(
            2 * right[:, :k].sum(axis=1), (found[:, :k] + true[:, :k]).sum(axis=1)
        )
        figures["exact_set"] = _ratio(counts[:, -1], counts[:, -2])
    if sentiments:
        figures["sentiment_macro_f1"] = _macro(f1[:, k:], (found + true)[:, k:])
    return figures


def _macro(f1: Floats, counts: Floats) -> Floats:
    """Return the mean over the labels that occur in each draw."""
    return _ratio(f1.sum(axis=1), (counts > 0).sum(axis=1).astype(np.float64))


def _ratio(part: Floats, whole: Floats) -> Floats:
    result: Floats = part / np.maximum(whole, 1e-12)
    return result
