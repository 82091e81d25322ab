"""Texts as the numbers that an attention network is trained on."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from stance.features.attention import distinct_flags, flag_keys
from stance.features.counts import Analysed
from stance.features.vectors import WordVectors

__all__ = ["Encoded"]


class Encoded(NamedTuple):
    """Texts as numbers, which do not depend on what is learned.

    Attributes
    ----------
    row : ndarray of int64, shape (n_tokens,)
        Each token's row of the vectors; 0 is that of words without one.
    flag : ndarray of int64, shape (n_tokens,)
        Its row of `flags`.
    flags : ndarray of float64, shape (n_combinations, n_flags)
        The distinct combinations of flags.
    lengths : ndarray of int64, shape (n_texts,)
        In tokens.
    """

    row: NDArray[np.int64]
    flag: NDArray[np.int64]
    flags: NDArray[np.float64]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, analysed: Analysed, vectors: WordVectors) -> Self:
        """Turn analysed texts into numbers; the lexicon may have so many classes as fit into a flag key."""
        table, found = analysed
        n_classes = len(table.lexicon.classes)
        number = {w: i + 1 for i, w in enumerate(vectors.words)}
        rows = np.array([number.get(w, 0) for w in table.norms], np.int64)
        flags, flag = distinct_flags(flag_keys(found, n_classes), n_classes)
        return cls(rows[found.word], flag, flags, np.bincount(found.text, minlength=found.n_texts))

    def take(self, texts: NDArray[np.int64]) -> Encoded:
        """Return some of the texts, in the order asked for."""
        lengths = self.lengths[texts]
        first = (np.cumsum(self.lengths) - self.lengths)[texts] - (np.cumsum(lengths) - lengths)
        token = np.arange(int(lengths.sum())) + np.repeat(first, lengths)
        return Encoded(self.row[token], self.flag[token], self.flags, lengths)
