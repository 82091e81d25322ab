"""Attention pooling: a label's score as an average over the words, weighted by how much each matters.

Several heads per label weigh the tokens of a text by a softmax and average their values (Z. Lin
et al. 2017, "A structured self-attentive sentence embedding").  Unlike there, attention and value
of a token depend on nothing but the token: its word vector, the cue classes it belongs to, whether
it is quoted and whether it stands near the beginning.  So the part of the word is worked out once
per distinct word and the part of the flags once per distinct combination, a word's share of the
score is its attention times its value, and the score remains a sum over words.

Models of format 1 have it; later ones read words with their neighbours (:mod:`stance.features.gated`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.features.analysis import Analysis
from stance.features.blocks import block_sums
from stance.features.product import product

__all__ = [
    "LOGIT_BOUND",
    "MAX_CLASSES",
    "AttentionWeights",
    "distinct_flags",
    "flag_keys",
    "flags_of",
    "join",
    "pool",
    "pool_shares",
    "weigh",
]

Floats = NDArray[np.floating]
MAX_CLASSES = 60
"""Cue classes that fit into the bits of a number, with two more for quotation and position."""
LOGIT_BOUND = 20.0
"""Of the logits of words and of flags: neither exponentials nor their products and sums overflow."""
_FIRST_TOKENS = 8


@dataclass(frozen=True, eq=False)
class AttentionWeights:
    """The weights of attention pooling.

    The parts of a token are, for every head and output, the logit of its attention, then for every
    head and output its value, then for every output what it adds besides, divided by the square
    root of the number of tokens: ``n_parts = (2 * n_heads + 1) * n_outputs``.

    Attributes
    ----------
    word_in : ndarray of float32, shape (n_dimensions, n_hidden)
    word_bias : ndarray of float32, shape (n_hidden,)
    word_out : ndarray of float32, shape (n_hidden, n_parts)
        ``relu(vector @ word_in + word_bias) @ word_out`` is the part of a word.
    flag_in : ndarray of float32, shape (n_flags, n_flag_hidden)
        Flags are the cue classes, then quoted, then among the first 8 tokens.
    flag_bias : ndarray of float32, shape (n_flag_hidden,)
    flag_out : ndarray of float32, shape (n_flag_hidden, n_parts)
    part_bias : ndarray of float32, shape (n_parts,)
    bias : ndarray of float64, shape (n_outputs,)
    """

    word_in: NDArray[np.float32]
    word_bias: NDArray[np.float32]
    word_out: NDArray[np.float32]
    flag_in: NDArray[np.float32]
    flag_bias: NDArray[np.float32]
    flag_out: NDArray[np.float32]
    part_bias: NDArray[np.float32]
    bias: NDArray[np.float64]

    @property
    def n_parts(self) -> int:
        """Numbers that a token is described by."""
        return len(self.part_bias)

    def word_parts(self, vectors: Floats) -> Floats:
        """Return the parts of words, shape (n_words, n_parts), from their vectors as they are stored."""
        parts: Floats = product(np.maximum(product(vectors, self.word_in) + self.word_bias, 0), self.word_out)
        return parts

    def flag_parts(self, flags: Floats) -> Floats:
        """Return the parts of combinations of flags, shape (n_combinations, n_parts)."""
        parts: Floats = product(np.maximum(product(flags, self.flag_in) + self.flag_bias, 0), self.flag_out)
        return parts + self.part_bias


def flag_keys(found: Analysis, n_classes: int) -> NDArray[np.int64]:
    """Encode each token's flags as the bits of a number.

    Parameters
    ----------
    found : Analysis
    n_classes : int
        Cue classes of the lexicon, at most :data:`MAX_CLASSES`.

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
    """
    keys = np.where(found.quoted, 1 << n_classes, 0) + np.where(
        found.position < _FIRST_TOKENS, 2 << n_classes, 0
    )
    keys = keys.astype(np.int64)
    bits = np.left_shift(1, found.cue_class)
    longest = int(found.cue_length.max(initial=0))
    for k in range(longest):  # a phrase marks all of its words
        long_enough = found.cue_length > k
        np.bitwise_or.at(keys, found.cue_token[long_enough] + k, bits[long_enough])
    return keys


def flags_of(keys: NDArray[np.int64], n_classes: int) -> NDArray[np.float64]:
    """Decode the numbers of :func:`flag_keys` into rows of 0 and 1.

    Parameters
    ----------
    keys : ndarray of int64, shape (n_keys,)
    n_classes : int

    Returns
    -------
    ndarray of float64, shape (n_keys, n_classes + 2)

    Examples
    --------
    >>> flags_of(np.array([0b0110]), 2).tolist()
    [[0.0, 1.0, 1.0, 0.0]]
    """
    return ((keys[:, None] >> np.arange(n_classes + 2)) & 1).astype(np.float64)


def distinct_flags(keys: NDArray[np.int64], n_classes: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """List the distinct combinations of flags.

    Parameters
    ----------
    keys : ndarray of int64, shape (n_tokens,)
    n_classes : int

    Returns
    -------
    flags : ndarray of float64, shape (n_combinations, n_classes + 2)
    number : ndarray of int64, shape (n_tokens,)
        Which of them each token has.
    """
    # most tokens are no cue: those need no sorting
    number = keys >> n_classes
    cues = np.flatnonzero(keys & ((1 << n_classes) - 1))
    distinct, place = np.unique(keys[cues], return_inverse=True)
    number[cues] = place + 4
    return flags_of(np.concatenate([np.arange(4) << n_classes, distinct]), n_classes), number


def weigh(parts: Floats, n_outputs: int) -> NDArray[np.float32]:
    """Replace the logits among parts by their exponentials.

    Parameters
    ----------
    parts : ndarray of float, shape (n, n_parts)
        Of words, or of combinations of flags.
    n_outputs : int

    Returns
    -------
    ndarray of float32, shape (n, n_parts)
    """
    weighed = parts.astype(np.float32)
    n = (parts.shape[1] - n_outputs) // 2
    weighed[:, :n] = np.exp(np.clip(weighed[:, :n], -LOGIT_BOUND, LOGIT_BOUND))
    return weighed


def join(words: NDArray[np.float32], flags: NDArray[np.float32], n_outputs: int) -> NDArray[np.float32]:
    """Put the weighed parts of tokens together: weights are multiplied, the rest is added.

    Parameters
    ----------
    words, flags : ndarray of float32, shape (n_tokens, n_parts)
        As :func:`weigh` gives them, of each token's word and flags.
    n_outputs : int

    Returns
    -------
    ndarray of float32, shape (n_tokens, n_parts)
    """
    n = (words.shape[1] - n_outputs) // 2
    joined = words + flags
    np.multiply(words[:, :n], flags[:, :n], out=joined[:, :n])
    return joined


def pool(parts: Floats, lengths: NDArray[np.int64], n_outputs: int) -> NDArray[np.float64]:
    """Turn the weighed parts of tokens into the scores of texts, without the bias.

    Parameters
    ----------
    parts : ndarray of float, shape (n_tokens, n_parts)
        As :func:`join` gives them, token by token, text by text.
    lengths : ndarray of int64, shape (n_texts,)
        Number of tokens of each text.
    n_outputs : int

    Returns
    -------
    ndarray of float64, shape (n_texts, n_outputs)
    """
    scores = np.zeros((len(lengths), n_outputs))
    full = np.flatnonzero(lengths)
    if not len(full):
        return scores
    length = lengths[full]
    start = np.cumsum(length) - length
    n = (parts.shape[1] - n_outputs) // 2
    total = block_sums(parts[:, :n], start, length)
    pooled = block_sums(parts[:, :n] * parts[:, n : 2 * n], start, length) / total
    rest = block_sums(parts[:, 2 * n :], start, length) / np.sqrt(length)[:, None]
    scores[full] = pooled.reshape(len(full), -1, n_outputs).sum(axis=1) + rest
    return scores


def pool_shares(parts: Floats, n_outputs: int) -> NDArray[np.float64]:
    """Take the pooled scores of one text apart.

    Parameters
    ----------
    parts : ndarray of float, shape (n_tokens, n_parts)
        As :func:`join` gives them.
    n_outputs : int

    Returns
    -------
    ndarray of float64, shape (n_tokens, n_outputs)
        What each token adds; the rows sum to what :func:`pool` gives.
    """
    if not len(parts):
        return np.zeros((0, n_outputs))
    n = (parts.shape[1] - n_outputs) // 2
    by_head = parts[:, :n] * parts[:, n : 2 * n] / parts[:, :n].sum(axis=0, dtype=np.float64)
    rest = parts[:, 2 * n :] / np.sqrt(len(parts))
    shares: NDArray[np.float64] = by_head.reshape(len(parts), -1, n_outputs).sum(axis=1) + rest
    return shares
