"""A small network over the tokens of sentences: scores by what stands around, however it is worded.

Gated convolutions with residuals (Y. Dauphin et al. 2017, "Language modeling with gated convolutional
networks"; dilations after F. Yu and V. Koltun 2016): each token is a vector, the sum of the vectors of
what is known of it; each block adds to it what the tokens around it say.  A token's score comes from its
own vector, the scores of "none of them" from an average and the maximum over the sentence.  Only
products of matrices, over all tokens of a batch at once, so that it costs little without a compiler.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["REACH", "WIDTH", "Batch", "Blocks", "Head"]

Floats = NDArray[np.float32]
WIDTH = 3
"""Tokens that a block joins: one, and one to each side at the block's dilation."""
REACH = 4
"""The largest dilation; so many rows of zeros part the sentences of a batch."""
_BLOCK = 4
"""Rows that are multiplied at a time; each sentence begins with a block, so that what stands beside it
changes no bit of its scores, and so few that no library for linear algebra thinks of threads, nor that
many are filled with zeros."""
_CHUNK = 512 * _BLOCK
"""Rows that are worked out together, so that a text of any length takes little more than its rows."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """Blocks that follow each other, and their weights.

    Attributes
    ----------
    dilations : tuple of int
        Of each block, at most :data:`REACH`.
    weight : ndarray of float32, shape (n_blocks, WIDTH * n_dimensions, 2 * n_dimensions)
        The first half of the columns gives what is added, the second how much of it.
    bias : ndarray of float32, shape (n_blocks, 2 * n_dimensions)
    """

    dilations: tuple[int, ...]
    weight: Floats
    bias: Floats

    def run(self, rows: Floats, batch: Batch) -> Floats:
        """Pass the tokens of a batch through the blocks.

        Parameters
        ----------
        rows : ndarray of float32, shape (n_rows, n_dimensions)
            Zero outside the sentences.
        batch : Batch

        Returns
        -------
        ndarray of float32, shape (n_rows, n_dimensions)
            Zero outside the sentences.
        """
        n_dimensions, last = rows.shape[1], len(rows) - REACH
        room = np.empty((2, min(_CHUNK, last - REACH), 2 * n_dimensions), np.float32)
        for dilation, weight, bias in zip(self.dilations, self.weight, self.bias, strict=True):
            left, own, right = weight.reshape(WIDTH, n_dimensions, -1)
            added = np.empty_like(rows)
            added[:REACH] = added[last:] = 0.0
            for at in range(REACH, last, _CHUNK):
                end = min(at + _CHUNK, last)
                told, side = room[:, : end - at]
                _product(rows[at:end], own, told)
                for k, part in ((-dilation, left), (dilation, right)):
                    told += _product(rows[at + k : end + k], part, side)
                told += bias
                np.tanh(told, out=told)
                gate = told[:, n_dimensions:]
                gate *= 0.5
                gate += 0.5
                np.multiply(told[:, :n_dimensions], gate, out=added[at:end])
            added += rows
            added[batch.outside] = 0.0
            rows = added
        return rows


@dataclass(frozen=True, eq=False)
class Head:
    """What makes scores of the tokens' vectors.

    Attributes
    ----------
    hidden : ndarray of float32, shape (n_dimensions, n_dimensions)
    hidden_bias : ndarray of float32, shape (n_dimensions,)
    out : ndarray of float32, shape (n_dimensions,)
        ``tanh(vector @ hidden + hidden_bias) @ out`` is the score of a token.
    attention : ndarray of float32, shape (n_dimensions,)
        By which tokens the average over a sentence goes.
    whole : ndarray of float32, shape (2 * n_dimensions, n_dimensions)
    whole_bias : ndarray of float32, shape (n_dimensions,)
    whole_out : ndarray of float32, shape (n_dimensions, n_others)
        The same for a sentence, of its average and its maximum.
    others_bias : ndarray of float32, shape (n_others,)
    """

    hidden: Floats
    hidden_bias: Floats
    out: Floats
    attention: Floats
    whole: Floats
    whole_bias: Floats
    whole_out: Floats
    others_bias: Floats

    def scores(self, rows: Floats, batch: Batch) -> list[list[float]]:
        """Score tokens, and what competes with them.

        Parameters
        ----------
        rows : ndarray of float32, shape (n_rows, n_dimensions)
        batch : Batch

        Returns
        -------
        list of list of float
            For each sentence a score for every token, then one for each other thing.
        """
        inner = rows[REACH:-REACH]
        hidden = np.tanh(_product(inner, self.hidden) + self.hidden_bias)
        tokens, weights = np.zeros((2, batch.n_rows), np.float32)
        tokens[REACH:-REACH] = _product(hidden, self.out[:, None])[:, 0]
        weights[REACH:-REACH] = _product(inner, self.attention[:, None])[:, 0]
        top = batch.reduce(np.maximum, weights)
        weights = np.exp(weights - batch.spread(top))
        average = batch.reduce(np.add, rows * weights[:, None]) / batch.reduce(np.add, weights)[:, None]
        pooled = np.hstack([average, batch.reduce(np.maximum, rows)])[:, None]
        others = (np.tanh(pooled @ self.whole + self.whole_bias) @ self.whole_out + self.others_bias)[:, 0]
        flat = tokens.tolist()
        return [
            flat[start:end] + rest for (start, end), rest in zip(batch.bounds, others.tolist(), strict=True)
        ]


class Batch:
    """Where the tokens of several sentences stand in one array of rows, zeros between them.

    Parameters
    ----------
    lengths : sequence of int
        Tokens of each sentence, at least one.

    Attributes
    ----------
    bounds : list of (int, int)
        First row of each sentence, and the row behind its last.
    n_rows : int
    outside : ndarray of int64
        The rows that belong to no sentence.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        self.bounds: list[tuple[int, int]] = []
        at = REACH
        for length in lengths:
            self.bounds.append((at, at + length))
            at += -(-(length + REACH) // _BLOCK) * _BLOCK
        self.n_rows = at + REACH
        inside = np.zeros(self.n_rows, bool)
        for start, end in self.bounds:
            inside[start:end] = True
        self.inside = np.flatnonzero(inside)
        self.outside = np.flatnonzero(~inside)
        self._lengths = np.array(lengths)
        self._starts = np.array([start for start, _ in self.bounds])

    def lay(self, tokens: Floats) -> Floats:
        """Put the vectors of tokens, sentence after sentence, where they belong.

        Parameters
        ----------
        tokens : ndarray of float32, shape (n_tokens, n_dimensions)

        Returns
        -------
        ndarray of float32, shape (n_rows, n_dimensions)
        """
        rows = np.zeros((self.n_rows, tokens.shape[1]), np.float32)
        rows[self.inside] = tokens
        return rows

    def reduce(self, how: np.ufunc, rows: Floats) -> Floats:
        """Reduce the rows of each sentence to one.

        Parameters
        ----------
        how : ufunc
        rows : ndarray of float32, shape (n_rows, ...)

        Returns
        -------
        ndarray of float32, shape (n_sentences, ...)
        """
        edges = np.array(self.bounds).ravel()  # the parts between the sentences are left out again
        reduced: Floats = how.reduceat(rows, edges, axis=0)[::2]
        return reduced

    def spread(self, values: Floats) -> Floats:
        """Give every row of a sentence its sentence's value, 0 outside.

        Parameters
        ----------
        values : ndarray of float32, shape (n_sentences,)

        Returns
        -------
        ndarray of float32, shape (n_rows,)
        """
        rows = np.zeros(self.n_rows, np.float32)
        rows[self.inside] = np.repeat(values, self._lengths)
        return rows


def _product(rows: Floats, weight: Floats, out: Floats | None = None) -> Floats:
    """Multiply rows, as many as make whole blocks, block by block."""
    if out is None:
        out = np.empty((len(rows), weight.shape[1]), np.float32)
    np.matmul(rows.reshape(-1, _BLOCK, rows.shape[1]), weight, out=out.reshape(-1, _BLOCK, weight.shape[1]))
    return out
