"""Sums over the tokens of texts that come out the same whatever stands beside a text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["block_sums"]

_BLOCK = 8


def block_sums(
    values: NDArray[np.floating], start: NDArray[np.int64], length: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum the rows of texts: eight at a time in their own precision, then the blocks in double precision.

    Parameters
    ----------
    values : ndarray of float, shape (n_tokens, n_columns)
    start, length : ndarray of int64, shape (n_texts,)
        First token of each text, and how many it has: one at least.

    Returns
    -------
    ndarray of float64, shape (n_texts, n_columns)

    Examples
    --------
    >>> block_sums(np.ones((3, 1), np.float32), np.array([0, 2]), np.array([2, 1])).tolist()
    [[2.0], [1.0]]
    """
    n_blocks = -(-length // _BLOCK)
    first = np.cumsum(n_blocks) - n_blocks
    place = np.arange(int(n_blocks.sum())) - np.repeat(first, n_blocks)
    blocks = np.add.reduceat(values, np.repeat(start, n_blocks) + _BLOCK * place, axis=0)
    sums: NDArray[np.float64] = np.add.reduceat(blocks, first, axis=0, dtype=np.float64)
    return sums
