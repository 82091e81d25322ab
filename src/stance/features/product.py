"""Products of matrices whose rows do not depend on each other's company."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stance.features.index import KERNEL

__all__ = ["product"]

_BLOCK = 64


def product(left: NDArray[np.floating], right: NDArray[np.floating]) -> NDArray[np.float64]:
    """Multiply matrices so that a row's result is the same whatever rows stand beside it.

    A library for linear algebra chooses its order of sums, and its threads, by the shapes; the
    scores of a text would then depend on the texts around it in their last bits.  The kernel sums
    every row in the same order; without it, rows are multiplied in blocks of one size.

    Parameters
    ----------
    left : ndarray of float, shape (n_rows, n_inner)
    right : ndarray of float, shape (n_inner, n_columns)

    Returns
    -------
    ndarray of float64, shape (n_rows, n_columns)

    Examples
    --------
    >>> product(np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    first = np.ascontiguousarray(left, np.float64)
    second = np.ascontiguousarray(right, np.float64)
    if KERNEL:
        result = np.frombuffer(KERNEL.product(first, second), np.float64)
        return result.reshape(len(first), second.shape[1])
    padded = np.zeros((-(-len(first) // _BLOCK) * _BLOCK, first.shape[1]))
    padded[: len(first)] = first
    blocks = [padded[i : i + _BLOCK] @ second for i in range(0, len(padded), _BLOCK)]
    return np.concatenate([np.zeros((0, second.shape[1])), *blocks])[: len(first)]
