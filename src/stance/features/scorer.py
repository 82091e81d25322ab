"""Scoring by word score vectors: a statement's score is a sum over its words.

The weights of everything that depends on one word alone (n-grams, word vector, its part in
attention) are folded into one score vector per distinct word, worked out once and kept in the word
table.  What remains is a look-up per word, per pair of neighbouring words and per pair of cues,
and the averages of attention.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.features.analysis import Analysis, analyze
from stance.features.attention import AttentionWeights, distinct_flags, flag_keys, pool, pool_shares
from stance.features.context import context_features, feature_key
from stance.features.ngrams import word_ngrams
from stance.features.scopes import SCOPES, scope_tokens
from stance.features.table import CONTENT, Column, WordTable
from stance.lexicon import Lexicon

__all__ = ["ModelWeights", "Scorer", "Shares", "vector_scale"]

Floats = NDArray[np.float64]
MAX_WORDS = 200_000
_BATCH = 2_000
"""Texts analysed at once: enough to spread numpy's overhead, few enough to stay in the cache."""
_POOLED = 50
"""Texts pooled by attention at once: their tokens take a megabyte or two."""


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
        Feature names of the blocks ``ngrams``, ``bigrams`` and ``context``, and the words of ``vectors``.
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
        Of attention pooling, whose scores are added.
    length_norm : bool
        Whether the sums over features are divided by the square root of the number of tokens.
    overlap : ndarray of float32, shape (n_overlaps, n_labels), optional
        Weights of what a text shares with its target; see :mod:`stance.features.pairs`.
    """

    names: Mapping[str, Sequence[str]]
    weights: Mapping[str, NDArray[np.float32]]
    vectors: NDArray[np.int8]
    vector_factors: NDArray[np.float32]
    vector_weights: NDArray[np.float32]
    bias: Floats
    ngram_range: tuple[int, int]
    attention: AttentionWeights | None = None
    length_norm: bool = False
    overlap: NDArray[np.float32] | None = None


class Shares(NamedTuple):
    """What the scores of one text are made of.

    Attributes
    ----------
    token : ndarray of int64, shape (n_shares,)
        Index among all tokens of the text; -1 for what belongs to the text as a whole.
    name : list of str
        Name of the feature or of the group of features.
    value : ndarray of float64, shape (n_shares, n_outputs)
        The rows sum, with the bias, to the text's scores.
    """

    token: NDArray[np.int64]
    name: list[str]
    value: Floats


class _Words(WordTable):
    """The word table with a score vector per word."""

    def __init__(self, lexicon: Lexicon, n_outputs: int, n_parts: int) -> None:
        super().__init__(lexicon)
        self.scores = Column(np.float64, n_outputs)
        self.scope_scores = Column(np.float32, len(SCOPES) * n_outputs)
        self.parts = Column(np.float32, n_parts)
        self.bigram_words = Column(np.int64)


class Scorer:
    """Scores texts with :class:`ModelWeights`.  Safe to share between threads.

    Parameters
    ----------
    weights : ModelWeights
    lexicon : Lexicon
    max_words : int, default 200,000
        When the table holds more distinct words, it starts anew.
    """

    def __init__(self, weights: ModelWeights, lexicon: Lexicon, max_words: int = MAX_WORDS) -> None:
        self.weights = weights
        self.lexicon = lexicon
        self.max_words = max_words
        self._lock = threading.Lock()
        self._n_outputs = len(weights.bias)
        self._ngrams = {name: i for i, name in enumerate(weights.names["ngrams"])}
        self._vectors = {name: i for i, name in enumerate(weights.names["vectors"])}
        self._bigram_numbers, self._bigram_keys, self._bigram_rows = _number_bigrams(weights.names["bigrams"])
        keys = np.array([feature_key(n, lexicon.classes) for n in weights.names["context"]], np.int64)
        order = np.argsort(keys)
        self._context_keys, self._context_rows = keys[order], order
        self._blocks = {b: np.vstack([w, np.zeros((1, self._n_outputs))]) for b, w in weights.weights.items()}
        # scopes side by side: one product gives a word's scores in all of them
        self._vector_weights = np.concatenate(list(weights.vector_weights.astype(np.float64)), axis=1)
        self.bias: Floats = weights.bias + (weights.attention.bias if weights.attention else 0)
        self._table = self._new_table()

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the linear scores of texts.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        ndarray of float64, shape (n_texts, n_outputs)
        """
        parts = [self._score_batch(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, self._n_outputs))

    def shares(self, text: str) -> Shares:
        """Take the scores of one text apart.

        Parameters
        ----------
        text : str

        Returns
        -------
        Shares
        """
        found, table = self._analyze([text])
        scale = self._length_scale(found)[found.text]
        token = found.origin.tolist()
        name = ["word"] * len(token)
        value = list(table.scores.view[found.word] * scale)
        for name_of_scope, at, part in self._scopes(found, table):
            token += found.origin[at].tolist()
            name += [f"v@{name_of_scope}"] * len(at)
            value += list(part)
        for block, (at, row) in (("bigrams", self._bigrams(found, table)), ("context", self._context(found))):
            token += found.origin[at].tolist()
            name += [self.weights.names[block][r] for r in row.tolist()]
            value += list(self._blocks[block][row] * scale[at])
        if self.weights.attention:
            token += found.origin.tolist()
            name += ["attention"] * len(found.origin)
            by_flags, number = self._flag_parts(found)
            parts = by_flags[number] + table.parts.view[found.word]
            value += list(pool_shares(parts, self._n_outputs))
        return Shares(
            np.array(token, np.int64), name, np.array(value, np.float64).reshape(-1, self._n_outputs)
        )

    def _analyze(self, texts: Sequence[str]) -> tuple[Analysis, _Words]:
        with self._lock:
            if len(self._table) > self.max_words:
                self._table = self._new_table()
            table = self._table
            before = table.scores.size  # the void word is in the table from its start
            found = analyze(texts, table)
            if len(table.norms) > before:
                self._score_words(table, before)
        return found, table

    def _new_table(self) -> _Words:
        attention = self.weights.attention
        return _Words(self.lexicon, self._n_outputs, attention.n_parts if attention else 0)

    def _flag_parts(self, found: Analysis) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the parts of the distinct combinations of flags, and which of them each token has."""
        attention, n_classes = self.weights.attention, len(self.lexicon.classes)
        assert attention is not None  # noqa: S101  # for the type checker
        flags, number = distinct_flags(flag_keys(found, n_classes), n_classes)
        return attention.flag_parts(flags).astype(np.float32), number

    def _score_batch(self, texts: Sequence[str]) -> Floats:
        found, table = self._analyze(texts)
        total = _sum_by(found.text, table.scores.view[found.word], found.n_texts)
        for block, (at, row) in (("bigrams", self._bigrams(found, table)), ("context", self._context(found))):
            total += _sum_by(found.text[at], self._blocks[block][row], found.n_texts)
        total *= self._length_scale(found)
        for _, at, part in self._scopes(found, table):
            total += _sum_by(found.text[at], part, found.n_texts)
        if self.weights.attention:
            total += self._pooled(found, table)
        scores: Floats = total + self.bias
        return scores

    def _pooled(self, found: Analysis, table: _Words) -> Floats:
        """Return the scores by attention, a few texts at a time: what their tokens need stays in the cache."""
        by_flags, number = self._flag_parts(found)
        lengths = np.bincount(found.text, minlength=found.n_texts)
        ends = np.cumsum(lengths)
        pooled = np.empty((found.n_texts, self._n_outputs))
        for first in range(0, found.n_texts, _POOLED):
            texts = slice(first, first + _POOLED)
            tokens = slice(ends[first] - lengths[first], ends[texts][-1])
            parts = by_flags[number[tokens]]
            parts += table.parts.view[found.word[tokens]]
            pooled[texts] = pool(parts, lengths[texts], self._n_outputs)
        return pooled

    def _length_scale(self, found: Analysis) -> Floats:
        """Return the factor of each text's sums, shape (n_texts, 1)."""
        if not self.weights.length_norm:
            return np.ones((found.n_texts, 1))
        return vector_scale(np.bincount(found.text, minlength=found.n_texts))[:, None]

    def _score_words(self, table: _Words, first: int) -> None:
        """Work out the score vectors of the words entered since `first`."""
        norms = table.norms[first:]
        content = (table.codes.view[first:] == CONTENT).tolist()
        get, unknown = self._ngrams.get, len(self._ngrams)
        rows: list[int] = []
        starts: list[int] = []
        for norm, is_word in zip(norms, content, strict=True):
            starts.append(len(rows))
            rows.append(unknown)
            rows += [
                get(f, unknown) for f in word_ngrams(norm, *(self.weights.ngram_range if is_word else (1, 0)))
            ]
        table.scores.extend(np.add.reduceat(self._blocks["ngrams"][rows], starts, axis=0))
        number = self._vectors
        scores = np.zeros((len(norms), self._vector_weights.shape[1]), np.float32)
        vectors = np.zeros((len(norms), self.weights.vectors.shape[1]))
        known = [(i, number[n]) for i, n in enumerate(norms) if n in number]
        if known:
            at, row = np.array(known).T
            factor = self.weights.vector_factors[row].astype(np.float64)
            vectors[at] = self.weights.vectors[row]
            scores[at] = (vectors[at] @ self._vector_weights) * factor[:, None]
        table.scope_scores.extend(scores)
        if self.weights.attention:
            table.parts.extend(self.weights.attention.word_parts(vectors))
        bigram = self._bigram_numbers
        table.bigram_words.extend(np.array([bigram.get(n, -1) for n in norms], np.int64))

    def _scopes(self, found: Analysis, table: _Words) -> Iterator[tuple[str, NDArray[np.int64], Floats]]:
        """Yield each scope's tokens and what their vectors add."""
        if not self._vectors:
            return
        n = self._n_outputs
        for k, (name, at) in enumerate(zip(SCOPES, scope_tokens(found, self.lexicon.classes), strict=True)):
            length = np.bincount(found.text[at], minlength=found.n_texts)
            part = table.scope_scores.view[found.word[at], k * n : (k + 1) * n]
            yield name, at, part * vector_scale(length)[found.text[at], None]

    def _bigrams(self, found: Analysis, table: _Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first tokens and the rows of the known pairs of neighbouring words."""
        number = table.bigram_words.view[found.word]
        key = number[:-1] * len(self._bigram_numbers) + number[1:]
        pair = (number[:-1] >= 0) & (number[1:] >= 0) & (found.text[:-1] == found.text[1:])
        pair &= found.is_word[:-1] & found.is_word[1:]
        at = np.flatnonzero(pair)
        place, known = _look_up(self._bigram_keys, key[at])
        return at[known], self._bigram_rows[place[known]]

    def _context(self, found: Analysis) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        at, key = context_features(found, self.lexicon.classes)
        place, known = _look_up(self._context_keys, key)
        return at[known], self._context_rows[place[known]]


def _look_up(
    keys: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return place, keys[place] == wanted


def _sum_by(owner: NDArray[np.int64], values: Floats, n: int) -> Floats:
    # bincount of nothing counts whole numbers, whatever its weights
    return np.stack([np.bincount(owner, column, n) for column in values.T], axis=1).astype(
        np.float64, copy=False
    )


def _number_bigrams(
    names: Sequence[str],
) -> tuple[dict[str, int], NDArray[np.int64], NDArray[np.int64]]:
    """Give the words that stand in bigrams numbers, and sort the bigrams by the numbers of their words."""
    flat = " ".join(names).split(" ") if names else []  # one string, as 60,000 pairs would cost more
    flat[::2] = [word.removeprefix("b=") for word in flat[::2]]
    number = {word: i for i, word in enumerate(dict.fromkeys(flat))}
    words = np.fromiter(map(number.__getitem__, flat), np.int64, len(flat))
    first_word, second_word = words[::2], words[1::2]
    keys = first_word * len(number) + second_word
    order = np.argsort(keys)
    return number, keys[order], order
