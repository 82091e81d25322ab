"""Scoring by word score vectors: a statement's score is a sum over its words.

The weights of everything that depends on one word alone (n-grams, word vector, its part in
attention) are folded into one score vector per distinct word, worked out once and kept in the word
table.  What remains is a look-up per word, per pair of neighbouring words and per pair of cues,
and the averages of attention.  The compiled kernel does that for one text after the other; without
it numpy does the same for many at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.features.analysis import Analysis, analyze
from stance.features.attention import distinct_flags, flag_keys, join, pool, pool_shares, weigh
from stance.features.clauses import best_clauses, clause_factors, clauses_of
from stance.features.compiled import CompiledSums
from stance.features.context import context_features, feature_key
from stance.features.gated import Rows, pool_gated, share_gated
from stance.features.index import KERNEL
from stance.features.matching import Matcher, Normalizer
from stance.features.scopes import SCOPES, scope_tokens
from stance.features.weights import ModelWeights, vector_scale
from stance.features.word_rows import WordRows
from stance.features.word_scores import NgramScores, ScoredWords, VectorScores
from stance.lexicon import Lexicon
from stance.locks import Locked

__all__ = ["Scorer", "Shares"]

Floats = NDArray[np.float64]
MAX_WORDS = 250_000
_BATCH = 2_000
"""Texts analysed at once: enough to spread numpy's overhead, few enough to stay in the cache."""
_POOLED = 50
"""Texts pooled by attention at once: their tokens take a megabyte or two."""


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


class Scorer(Locked):
    """Scores texts with :class:`ModelWeights`.  Safe to share between threads.

    What is filled while texts are scored (the word table, the vectors' scores, flags) is taken out of the
    object by the thread that fills it, and put back when it is done.  Whatever breaks that off, an
    interrupt, no memory, a fork at that moment, nothing half-filled stays: the next call begins anew.
    Columns only grow, so that a thread may go on reading rows it knows of while another appends.

    Parameters
    ----------
    weights : ModelWeights
    lexicon : Lexicon
    max_words : int, default 250,000
        When the table holds more distinct words, it starts anew.
    compiled : bool, default True
        Whether the compiled kernel is used where there is one.
    """

    def __init__(
        self, weights: ModelWeights, lexicon: Lexicon, max_words: int = MAX_WORDS, compiled: bool = True
    ) -> None:
        super().__init__()
        self.weights = weights
        self.lexicon = lexicon
        self.max_words = max_words
        self._compiled_words = compiled
        self._n_outputs = len(weights.bias)
        self._bigram_numbers, self._bigram_keys, self._bigram_rows = _number_bigrams(weights.names["bigrams"])
        keys = np.array([feature_key(n, lexicon.classes) for n in weights.names["context"]], np.int64)
        order = np.argsort(keys)
        self._context_keys, self._context_rows = keys[order], order
        self._blocks = {b: weights.weights[b].astype(np.float64) for b in ("bigrams", "context")}
        networks = (weights.attention, weights.gated)
        self.bias: Floats = weights.bias + sum(network.bias for network in networks if network)
        self._ngrams = NgramScores(weights, compiled)
        self._word_rows = WordRows(weights)
        self._helpers = Normalizer(compiled), Matcher(lexicon, compiled)
        table = self._new_table(VectorScores(weights))
        self._table: ScoredWords | None = table
        self._sums: CompiledSums | None = None
        if compiled and KERNEL is not None:
            bigrams = (len(self._bigram_numbers), self._bigram_keys, self._bigram_rows)
            self._sums = CompiledSums(weights, lexicon, keys, bigrams, self._blocks, table.void)

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the linear scores of texts.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        ndarray of float64, shape (n_texts, n_outputs)
        """
        score = self._score_batch if self._sums is None else self._score_compiled
        parts = [score(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
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
        places = [np.arange(len(found.word))]
        token = found.origin.tolist()
        name = ["word"] * len(token)
        value = list(table.scores.view[found.word] * scale)
        for name_of_scope, at, part, scale_of_scope in self._scopes(found, table):
            places.append(at)
            token += found.origin[at].tolist()
            name += [f"v@{name_of_scope}"] * len(at)
            value += list(part * scale_of_scope)
        for block, (at, row) in (("bigrams", self._bigrams(found, table)), ("context", self._context(found))):
            places.append(at)
            token += found.origin[at].tolist()
            name += [self.weights.names[block][r] for r in row.tolist()]
            value += list(self._blocks[block][row] * scale[at])
        if self.weights.clause_weight:
            value = list(self._by_clauses(found, np.concatenate(places), np.array(value)))
        if self.weights.attention:
            token += found.origin.tolist()
            name += ["attention"] * len(found.origin)
            by_flags, number = self._flag_parts(found)
            parts = join(self._word_parts(found, table, slice(None)), by_flags[number], self._n_outputs)
            value += list(pool_shares(parts, self._n_outputs))
        if self.weights.gated:
            token += found.origin.tolist()
            name += ["attention"] * len(found.origin)
            value += list(share_gated(self.weights.gated, *self._rows(found, table)))
        return Shares(
            np.array(token, np.int64), name, np.array(value, np.float64).reshape(-1, self._n_outputs)
        )

    def _by_clauses(self, found: Analysis, at: NDArray[np.int64], value: Floats) -> Floats:
        """Return what features at some tokens of one text add, where its best clauses count more."""
        clause = clauses_of(found)
        n_clauses = int(clause.max(initial=-1)) + 1
        value = value.reshape(-1, self._n_outputs)
        sums = _sum_by(clause[at], value, n_clauses).reshape(n_clauses, self._n_outputs)
        by_clause: Floats = value * clause_factors(self.weights, sums)[clause[at]]
        return by_clause

    def _analyze(self, texts: Sequence[str]) -> tuple[Analysis, ScoredWords]:
        with self.lock:
            table = self._take_table()
            found = analyze(texts, table)
            self._table = table
        return found, table

    def _score_compiled(self, texts: Sequence[str]) -> Floats:
        assert self._sums is not None  # noqa: S101  # for the type checker
        with self.lock:
            table = self._take_table()
            scores = self._sums.scores(*table.number(texts), table)
            self._table = table
        return scores + self.bias

    def _take_table(self) -> ScoredWords:
        """Take the word table out of this object; a new one when it is full or was not put back."""
        table, self._table = self._table, None
        if table is None:
            if self._sums is not None:
                self._sums.start()
            return self._new_table(VectorScores(self.weights))
        return table if len(table) <= self.max_words else self._new_table(table.vectors)

    def _new_table(self, vectors: VectorScores) -> ScoredWords:
        return ScoredWords(
            self.lexicon,
            self._ngrams,
            vectors,
            self._word_rows,
            self._bigram_numbers,
            self._compiled_words,
            self._helpers,
            self.weights.analyzer,
        )

    def _word_parts(self, found: Analysis, table: ScoredWords, tokens: slice) -> NDArray[np.float32]:
        parts: NDArray[np.float32] = table.vectors.parts.view[table.vector_rows[found.word[tokens]]]
        return parts

    def _flag_parts(self, found: Analysis) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the weighed parts of the distinct combinations of flags, and which of them each token has."""
        attention = self.weights.attention
        assert attention is not None  # noqa: S101  # for the type checker
        flags, number = self._flags(found)
        return weigh(attention.flag_parts(flags), self._n_outputs), number

    def _rows(self, found: Analysis, table: ScoredWords) -> tuple[Rows, Rows]:
        """Return the rows of the tokens' words and flags, for gated attention."""
        gated = self.weights.gated
        assert gated is not None  # noqa: S101  # for the type checker
        flags, number = self._flags(found)
        return Rows(table.gated_rows.view, found.word), Rows(gated.flag_rows(flags), number)

    def _flags(self, found: Analysis) -> tuple[Floats, NDArray[np.int64]]:
        """Return the distinct combinations of flags, and which of them each token has."""
        n_classes = len(self.lexicon.classes)
        return distinct_flags(flag_keys(found, n_classes), n_classes)

    def _score_batch(self, texts: Sequence[str]) -> Floats:
        found, table = self._analyze(texts)
        owner, text = found.text, np.arange(found.n_texts)  # of each token, and the text of each owner
        if self.weights.clause_weight:
            owner = clauses_of(found)
            text = found.text[np.flatnonzero(np.diff(owner, prepend=-1))]
        total = _sum_by(owner, table.scores.view[found.word], len(text))
        for block, (at, row) in (("bigrams", self._bigrams(found, table)), ("context", self._context(found))):
            total += _sum_by(owner[at], self._blocks[block][row], len(text))
        total *= self._length_scale(found)[text]
        for _, at, part, scale in self._scopes(found, table):
            total += _sum_by(owner[at], part, len(text)) * scale[text, None]
        if self.weights.clause_weight:
            total = best_clauses(self.weights, total, text, found.n_texts)
        if self.weights.attention:
            total += self._pooled(found, table)
        if self.weights.gated:
            lengths = np.bincount(found.text, minlength=found.n_texts)
            total += pool_gated(self.weights.gated, *self._rows(found, table), lengths)
        scores: Floats = total + self.bias
        return scores

    def _pooled(self, found: Analysis, table: ScoredWords) -> Floats:
        """Return the scores by attention, a few texts at a time: what their tokens need stays in the cache."""
        by_flags, number = self._flag_parts(found)
        lengths = np.bincount(found.text, minlength=found.n_texts)
        ends = np.cumsum(lengths)
        pooled = np.empty((found.n_texts, self._n_outputs))
        for first in range(0, found.n_texts, _POOLED):
            texts = slice(first, first + _POOLED)
            tokens = slice(ends[first] - lengths[first], ends[texts][-1])
            parts = join(self._word_parts(found, table, tokens), by_flags[number[tokens]], self._n_outputs)
            pooled[texts] = pool(parts, lengths[texts], self._n_outputs)
        return pooled

    def _length_scale(self, found: Analysis) -> Floats:
        """Return the factor of each text's sums, shape (n_texts, 1)."""
        if not self.weights.length_norm:
            return np.ones((found.n_texts, 1))
        return vector_scale(np.bincount(found.text, minlength=found.n_texts))[:, None]

    def _scopes(
        self, found: Analysis, table: ScoredWords
    ) -> Iterator[tuple[str, NDArray[np.int64], NDArray[np.float32], Floats]]:
        """Yield each scope's tokens, what their vectors add, and the factor of each text's sum."""
        n = self._n_outputs
        for k, (name, at) in enumerate(zip(SCOPES, scope_tokens(found, self.lexicon.classes), strict=True)):
            rows = table.vector_rows[found.word[at]]
            part = table.vectors.scores.view[rows, k * n : (k + 1) * n]
            yield name, at, part, vector_scale(np.bincount(found.text[at], minlength=found.n_texts))

    def _bigrams(self, found: Analysis, table: ScoredWords) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first tokens and the rows of the known pairs of neighbouring words."""
        number = table.bigram_words[found.word]
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


def _sum_by(owner: NDArray[np.int64], values: NDArray[np.floating], n: int) -> Floats:
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
