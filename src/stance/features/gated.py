"""Gated attention: a label's score as an average over the words, each read with its two neighbours.

A token has a state of some dozen numbers: the sum of what its word's vector, the pieces of its word
and its flags (cue classes, quoted, early) stand for, each of them let through, held back or doubled by a
gate that also sees the tokens before and behind it (after the gated convolutions of Y. Dauphin et al.
2017, "Language modeling with gated convolutional networks").  Several heads per label weigh the states
and average their values (Z. Lin et al. 2017, "A structured self-attentive sentence embedding"), and each
label has weights for the largest value of every number of the states.  So a score is a sum over tokens, and stays one that can be explained.

Everything that depends on one word, or on one combination of flags, is worked out once for it and kept
as whole numbers: what is left for a token is to add up what its word, its flags and its neighbours
bring.  Hyperbolic tangent, logistic function and exponential are replaced by a straight line between
bounds and by a power, with which the network is also trained: no library decides the last bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.features.blocks import block_sums
from stance.features.product import product

__all__ = [
    "BOUND",
    "LEAST",
    "ROW_PARTS",
    "UNIT",
    "GatedWeights",
    "Rows",
    "average_gated",
    "gate",
    "pool_gated",
    "share_gated",
    "weight_of",
]

Floats = NDArray[np.float64]
ROW_PARTS = 4
"""A row holds a state, then what the word brings to the gate of the token itself, of the token behind it and
of the token before it: four times as many numbers as the networks' states have together."""
UNIT = 32
"""Rows are whole multiples of one through it."""
_LARGEST = 127
"""Of a number in a row."""
BOUND = 16.0
"""Of logits; also the power: attention is (1 + logit / 16) ** 16, which is nearly the exponential."""
LEAST = 1e-6
"""Of the attention on a text, which it is divided by."""
_POOLED = 50
"""Texts pooled at once: what their tokens need stays in the cache."""


class Rows(NamedTuple):
    """The rows of tokens, each kept once.

    Attributes
    ----------
    table : ndarray of int8, shape (n_rows, row_length)
    number : ndarray of int64, shape (n_tokens,)
        Which row each token has.
    """

    table: NDArray[np.int8]
    number: NDArray[np.int64]

    def of(self, tokens: slice) -> NDArray[np.int8]:
        """Return the rows of some tokens, shape (n_tokens, row_length)."""
        rows: NDArray[np.int8] = self.table[self.number[tokens]]
        return rows


@dataclass(frozen=True, eq=False)
class GatedWeights:
    """The weights of one or several networks, whose scores are added.

    Attributes
    ----------
    pieces : ndarray of int8, shape (n_networks, n_pieces, n_state)
        Of the pieces of words, in the order of their names.
    piece_units : ndarray of float32, shape (n_networks,)
        What they are multiplied by.
    vector_in : ndarray of float32, shape (n_networks, n_dimensions, n_state)
        For the vectors of words, as they are stored.
    flag_in : ndarray of float32, shape (n_networks, n_flags, n_state)
        Flags are the cue classes, then quoted, then among the first 8 tokens.
    window : ndarray of float32, shape (n_networks, 3, n_state, n_state)
        From the states of the token itself, of the one before and of the one behind it to the gate.
    window_bias : ndarray of float32, shape (n_networks, n_state)
    head_out : ndarray of float32, shape (n_networks, n_state, 2 * n_heads * n_outputs)
        From the gated state to the logits of attention, then to the values, for every head and output.
    head_bias : ndarray of float32, shape (n_networks, 2 * n_heads * n_outputs)
    largest : ndarray of float32, shape (n_networks, n_state, n_outputs)
        For the largest values of the states.
    bias : ndarray of float64, shape (n_outputs,)
    """

    pieces: NDArray[np.int8]
    piece_units: NDArray[np.float32]
    vector_in: NDArray[np.float32]
    flag_in: NDArray[np.float32]
    window: NDArray[np.float32]
    window_bias: NDArray[np.float32]
    head_out: NDArray[np.float32]
    head_bias: NDArray[np.float32]
    largest: NDArray[np.float32]
    bias: Floats

    @cached_property
    def _padded(self) -> NDArray[np.int8]:
        """The pieces, with a last one of zeros, which is that of unknown pieces."""
        return np.concatenate([self.pieces, np.zeros((self.n_networks, 1, self.n_state), np.int8)], axis=1)

    @property
    def n_networks(self) -> int:
        """Networks whose scores are added."""
        return len(self.piece_units)

    @property
    def n_state(self) -> int:
        """Numbers of a state."""
        return int(self.pieces.shape[2])

    @property
    def row_length(self) -> int:
        """Numbers that a word is described by, over all networks."""
        return self.n_networks * ROW_PARTS * self.n_state

    def word_rows(self, vectors: Floats, pieces: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the rows of words.

        Parameters
        ----------
        vectors : ndarray of float64, shape (n_words, n_dimensions)
            As they are stored; zeros for words without one.
        pieces : ndarray of int64, shape (n_words, n)
            Numbers of the words' pieces; -1 for those that are not known.

        Returns
        -------
        ndarray of int8, shape (n_words, row_length)
        """
        states = []
        for k in range(self.n_networks):
            table = self._padded[k]
            total = table[pieces[:, 0]].astype(np.int16)  # whole numbers: their order does not matter
            for column in pieces.T[1:]:
                total += table[column]
            states.append(product(vectors, self.vector_in[k]) + total * float(self.piece_units[k]))
        return self._rows(states)

    def flag_rows(self, flags: Floats) -> NDArray[np.int8]:
        """Return the rows of combinations of flags, shape (n_combinations, row_length)."""
        return self._rows([product(flags, factor) for factor in self.flag_in], self.window_bias)

    def _rows(self, states: Sequence[Floats], bias: NDArray[np.float32] | None = None) -> NDArray[np.int8]:
        """Put side by side what the networks' states bring: part by part, network by network."""
        gates = [
            [product(state, self.window[k, part]) for k, state in enumerate(states)] for part in range(3)
        ]
        if bias is not None:
            gates[0] = [own + b for own, b in zip(gates[0], bias, strict=True)]
        parts = [*states, *(gate for part in gates for gate in part)]
        whole = np.concatenate(parts, axis=1)
        whole *= UNIT
        np.rint(whole, out=whole)
        np.clip(whole, -_LARGEST, _LARGEST, out=whole)
        rows: NDArray[np.int8] = whole.astype(np.int8)
        return rows

    def scaled(self, factors: Floats) -> GatedWeights:
        """Return weights whose scores are multiplied by a factor per output.

        Parameters
        ----------
        factors : ndarray of float64, shape (n_outputs,)

        Returns
        -------
        GatedWeights
        """
        heads = self.head_bias.shape[1] // (2 * len(factors))
        columns = np.concatenate([np.ones(heads * len(factors)), np.tile(factors, heads)])
        return replace(
            self,
            head_out=(self.head_out * columns).astype(np.float32),
            head_bias=(self.head_bias * columns).astype(np.float32),
            largest=(self.largest * factors).astype(np.float32),
            bias=self.bias * factors,
        )


def average_gated(networks: Sequence[GatedWeights]) -> GatedWeights:
    """Join networks into weights that give the mean of their scores.

    Parameters
    ----------
    networks : sequence of GatedWeights
        Of like shapes.

    Returns
    -------
    GatedWeights
    """
    share = np.full(len(networks[0].bias), 1 / len(networks))
    parts = [network.scaled(share) for network in networks]
    joined = {
        f.name: np.concatenate([getattr(part, f.name) for part in parts])
        for f in fields(GatedWeights)
        if f.name != "bias"
    }
    return GatedWeights(**joined, bias=np.sum([part.bias for part in parts], axis=0))


def gate(words: NDArray[np.int8], flags: NDArray[np.int8], lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the gated states of tokens.

    Parameters
    ----------
    words, flags : ndarray of int8, shape (n_tokens, row_length)
        The rows of each token's word and flags, token by token, text by text.
    lengths : ndarray of int64, shape (n_texts,)
        Number of tokens of each text.

    Returns
    -------
    ndarray of float32, shape (n_tokens, n_networks * n_state)
    """
    rows = words.astype(np.int32) + flags
    n = rows.shape[1] // ROW_PARTS
    sums = rows[:, n : 2 * n].copy()
    behind = np.ones(len(rows), np.bool_)  # whether a token of the same text stands before it
    behind[(np.cumsum(lengths) - lengths)[lengths > 0]] = False
    follows = np.flatnonzero(behind)
    sums[follows] += rows[follows - 1, 2 * n : 3 * n]
    sums[follows - 1] += rows[follows, 3 * n :]
    factors = np.clip(sums, -2 * UNIT, 2 * UNIT) + 2 * UNIT
    states: NDArray[np.float32] = (rows[:, :n] * factors).astype(np.float32)
    return states * np.float32(1 / (2 * UNIT**2))


def weight_of(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the attention of logits, before it is divided by its sum: of single precision, as all here."""
    power = np.float32(1) + np.clip(logits, -BOUND, BOUND) * np.float32(1 / BOUND)
    for _ in range(4):
        power = power * power
    return power


def _heads(
    states: NDArray[np.float32], out: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return weights and values of tokens, shape (n_tokens, 2 * n_heads * n_outputs): added up in one order."""
    parts = np.repeat(bias[None], len(states), axis=0)
    for c in range(states.shape[1]):
        parts += states[:, c : c + 1] * out[c]
    n = parts.shape[1] // 2
    parts[:, :n] = weight_of(parts[:, :n])
    return parts


def pool_gated(weights: GatedWeights, words: Rows, flags: Rows, lengths: NDArray[np.int64]) -> Floats:
    """Turn the rows of tokens into the scores of texts, without the bias.

    Parameters
    ----------
    weights : GatedWeights
    words, flags : Rows
        Of each token's word and flags, token by token, text by text.
    lengths : ndarray of int64, shape (n_texts,)
        Number of tokens of each text.

    Returns
    -------
    ndarray of float64, shape (n_texts, n_outputs)
    """
    scores = np.zeros((len(lengths), len(weights.bias)))
    full = np.flatnonzero(lengths)
    start = (np.cumsum(lengths) - lengths)[full]
    for i in range(0, len(full), _POOLED):
        texts = full[i : i + _POOLED]
        tokens = slice(start[i], start[i] + int(lengths[texts].sum()))
        scores[texts] = _pool(weights, words.of(tokens), flags.of(tokens), lengths[texts])
    return scores


def _pool(
    weights: GatedWeights, words: NDArray[np.int8], flags: NDArray[np.int8], lengths: NDArray[np.int64]
) -> Floats:
    """Pool a few texts, none of them empty."""
    n_outputs = len(weights.bias)
    start = np.cumsum(lengths) - lengths
    scores = np.zeros((len(lengths), n_outputs))
    gated = gate(words, flags, lengths)
    for k in range(weights.n_networks):
        states = gated[:, k * weights.n_state : (k + 1) * weights.n_state]
        parts = _heads(states, weights.head_out[k], weights.head_bias[k])
        n = parts.shape[1] // 2
        total = np.maximum(block_sums(parts[:, :n], start, lengths), LEAST)
        pooled = block_sums(parts[:, :n] * parts[:, n:], start, lengths) / total
        highest = np.maximum.reduceat(states, start, axis=0)
        scores += pooled.reshape(len(lengths), -1, n_outputs).sum(axis=1)
        scores += product(highest.astype(np.float64), weights.largest[k])
    return scores


def share_gated(weights: GatedWeights, words: Rows, flags: Rows) -> Floats:
    """Take the pooled scores of one text apart.

    Parameters
    ----------
    weights : GatedWeights
    words, flags : Rows
        Of each token's word and flags.

    Returns
    -------
    ndarray of float64, shape (n_tokens, n_outputs)
        What each token adds; the rows sum to what :func:`pool_gated` gives.
    """
    n_outputs = len(weights.bias)
    n_tokens = len(words.number)
    shares = np.zeros((n_tokens, n_outputs))
    if not n_tokens:
        return shares
    gated = gate(words.of(slice(None)), flags.of(slice(None)), np.array([n_tokens], np.int64))
    for k in range(weights.n_networks):
        states = gated[:, k * weights.n_state : (k + 1) * weights.n_state]
        parts = _heads(states, weights.head_out[k], weights.head_bias[k]).astype(np.float64)
        n = parts.shape[1] // 2
        by_head = parts[:, :n] * parts[:, n:] / np.maximum(parts[:, :n].sum(axis=0), LEAST)
        shares += by_head.reshape(n_tokens, -1, n_outputs).sum(axis=1)
        place = states.argmax(axis=0)  # the first of the largest
        highest = states[place, np.arange(states.shape[1])].astype(np.float64)
        np.add.at(shares, place, highest[:, None] * weights.largest[k])
    return shares
