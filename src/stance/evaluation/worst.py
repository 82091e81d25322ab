"""The rows that a model finds least plausible: where it errs, or the label does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["WorstRow", "worst_rows"]

_SURE = -float(np.log(0.9))
"""A row that is right at such a loss or less is nothing to look at."""


class WorstRow(NamedTuple):
    """A row and how improbable its true labels are to the model.

    Attributes
    ----------
    row : int
        Number of the row, from 0.
    loss : float
        Negative logarithm of the probability of its set of stances, in nats.
    missed, extra : tuple of str
        Stances that hold and were not found, and the reverse.
    """

    row: int
    loss: float
    missed: tuple[str, ...]
    extra: tuple[str, ...]


def worst_rows(
    truth: NDArray[np.int64],
    held: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    stances: Sequence[str],
    n: int = 10,
) -> list[WorstRow]:
    """List the rows whose true stances the model finds least probable.

    Parameters
    ----------
    truth, held : ndarray of 0 and 1, shape (n_rows, n_stances)
    probabilities : ndarray of float64, shape (n_rows, n_stances)
    stances : sequence of str
        Names of the columns.
    n : int, default 10

    Returns
    -------
    list of WorstRow
        By falling loss; none that are right and have a probability of 0.9 or more.

    Examples
    --------
    >>> y, p = np.array([[1], [0]]), np.array([[0.25], [0.1]])
    >>> [(w.row, w.missed) for w in worst_rows(y, (p > 0.5).astype(int), p, ["warning"], 1)]
    [(0, ('warning',))]
    """
    loss = np.abs(
        np.log(np.clip(np.where(truth == 1, probabilities, 1 - probabilities), 1e-12, 1)).sum(axis=1)
    )
    told = (loss > _SURE) | (truth != held).any(axis=1)
    found = []
    for i in [i for i in np.argsort(-loss, kind="stable").tolist() if told[i]][:n]:
        missed = tuple(s for s, y, z in zip(stances, truth[i], held[i], strict=True) if y and not z)
        extra = tuple(s for s, y, z in zip(stances, truth[i], held[i], strict=True) if z and not y)
        found.append(WorstRow(i, float(loss[i]), missed, extra))
    return found
