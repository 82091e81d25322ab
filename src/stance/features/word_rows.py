"""Rows of words for gated attention: what their vectors and pieces bring, worked out once per distinct word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.features.pieces import PieceNumbers
from stance.features.weights import ModelWeights

__all__ = ["WordRows"]

_BLOCK = 1_000
"""Words that are worked out at once: what lies between takes some kilobytes each."""


class WordRows:
    """Works out the rows of words.

    Parameters
    ----------
    weights : ModelWeights

    Attributes
    ----------
    length : int
        Numbers of a row; 0 without gated attention.
    """

    def __init__(self, weights: ModelWeights) -> None:
        self._gated, self._vectors = weights.gated, weights.vectors
        self._pieces = PieceNumbers(weights.names["pieces"] if weights.gated else ())
        self.length = weights.gated.row_length if weights.gated else 0

    def rows(self, norms: Sequence[str], vectors: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the rows of words.

        Parameters
        ----------
        norms : sequence of str
            Normalised words.
        vectors : ndarray of int64, shape (n_words,)
            Numbers of their vectors; -1 for words without one.

        Returns
        -------
        ndarray of int8, shape (n_words, length)
            Without gated attention a zero for each word.
        """
        if self._gated is None:
            return np.zeros(len(norms), np.int8)
        found = np.zeros((len(norms), self.length), np.int8)
        for first in range(0, len(norms), _BLOCK):
            some = slice(first, first + _BLOCK)
            known = vectors[some] >= 0
            own = np.zeros((len(known), self._vectors.shape[1]))
            own[known] = self._vectors[vectors[some][known]]
            found[some] = self._gated.word_rows(own, self._pieces.of(norms[some]))
        return found
