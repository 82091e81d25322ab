"""The weights of a model over the additive features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.features.attention import AttentionWeights
from stance.features.gated import GatedWeights

__all__ = ["WEIGHT_STEP", "ModelWeights", "vector_scale"]

WEIGHT_STEP = 2.0**-12
"""Weights of words, n-grams, pairs and cues are whole multiples of it."""

Floats = NDArray[np.float64]


def vector_scale(n_tokens: NDArray[np.int64]) -> Floats:
    """Return the factor of the summed word vectors of texts of so many tokens."""
    scale: Floats = 1 / np.sqrt(np.maximum(n_tokens, 1))
    return scale


@dataclass(frozen=True, eq=False)
class ModelWeights:
    """The weights of a model over the additive features.

    Attributes
    ----------
    names : dict of str to sequence of str
        Feature names of the blocks ``ngrams``, ``bigrams`` and ``context``, the words of ``vectors``, and
        with `gated` the ``pieces`` of words.
    weights : dict of str to ndarray of float32, shape (n_names, n_outputs)
        Of the three blocks of features, with the inverse document frequencies folded in.
    vectors : ndarray of int8, shape (n_words, n_dimensions)
        Of the words, in the order of their names.
    vector_factors : ndarray of float32, shape (n_words,)
        What each word's vector is multiplied by.
    vector_weights : ndarray of float32, shape (n_scopes, n_dimensions, n_outputs)
        Weights of the summed vectors of each scope.
    bias : ndarray of float64, shape (n_outputs,)
    ngram_range : tuple of (int, int)
    attention : AttentionWeights, optional
        Of attention pooling, whose scores are added: models of before format 2 have it.
    gated : GatedWeights, optional
        Of gated attention, whose scores are added.
    length_norm : bool
        Whether the sums over features are divided by the square root of the number of tokens.
    overlap : ndarray of float32, shape (n_overlaps, n_labels), optional
        Weights of what a text shares with its target; see :mod:`stance.features.pairs`.
    clause_weight : float
        How much the best clause counts beside the whole text, 0 to 1: see :mod:`stance.features.clauses`.
    n_clause_outputs : int
        The first so many outputs look at clauses.
    analyzer : str
        Name of the morphological analyzer whose features are among the n-grams, or nothing.
    """

    names: Mapping[str, Sequence[str]]
    weights: Mapping[str, NDArray[np.float32]]
    vectors: NDArray[np.int8]
    vector_factors: NDArray[np.float32]
    vector_weights: NDArray[np.float32]
    bias: Floats
    ngram_range: tuple[int, int]
    attention: AttentionWeights | None = None
    gated: GatedWeights | None = None
    length_norm: bool = False
    clause_weight: float = 0.0
    n_clause_outputs: int = 0
    overlap: NDArray[np.float32] | None = None
    analyzer: str = ""
