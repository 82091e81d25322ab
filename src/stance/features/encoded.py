"""Texts as the numbers that an attention network is trained on."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from stance.features.attention import distinct_flags, flag_keys
from stance.features.counts import Analysed, Names
from stance.features.pieces import PIECES, word_pieces
from stance.features.vectors import WordVectors

__all__ = ["Encoded"]


class Encoded(NamedTuple):
    """Texts as numbers, which do not depend on what is learned.

    Attributes
    ----------
    word : ndarray of int64, shape (n_tokens,)
        Each token's word.
    vector : ndarray of int64, shape (n_words,)
        Each word's row of the vectors; -1 for those without one.
    piece : ndarray of int64, shape (n_words, PIECES)
        Each word's pieces, numbered as in `names`.
    names : Names
        Of the pieces.
    flag : ndarray of int64, shape (n_tokens,)
        Each token's row of `flags`.
    flags : ndarray of float64, shape (n_combinations, n_flags)
        The distinct combinations of flags.
    lengths : ndarray of int64, shape (n_texts,)
        In tokens.
    """

    word: NDArray[np.int64]
    vector: NDArray[np.int64]
    piece: NDArray[np.int64]
    names: Names
    flag: NDArray[np.int64]
    flags: NDArray[np.float64]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, analysed: Analysed, vectors: WordVectors) -> Self:
        """Turn analysed texts into numbers; the lexicon may have so many classes as fit into a flag key."""
        table, found = analysed
        n_classes = len(table.lexicon.classes)
        number = {w: i for i, w in enumerate(vectors.words)}
        pieces: dict[str, int] = {}
        piece = [[pieces.setdefault(p, len(pieces)) for p in word_pieces(norm)] for norm in table.norms]
        flags, flag = distinct_flags(flag_keys(found, n_classes), n_classes)
        return cls(
            found.word,
            np.array([number.get(w, -1) for w in table.norms], np.int64),
            np.array(piece, np.int64).reshape(-1, PIECES),
            Names.of(list(pieces)),
            flag,
            flags,
            np.bincount(found.text, minlength=found.n_texts),
        )

    def take(self, texts: NDArray[np.int64]) -> Encoded:
        """Return some of the texts, in the order asked for."""
        lengths = self.lengths[texts]
        first = (np.cumsum(self.lengths) - self.lengths)[texts] - (np.cumsum(lengths) - lengths)
        token = np.arange(int(lengths.sum())) + np.repeat(first, lengths)
        return self._replace(word=self.word[token], flag=self.flag[token], lengths=lengths)
