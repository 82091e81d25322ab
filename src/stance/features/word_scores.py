"""Score vectors of words: what n-grams and word vectors add, worked out once per distinct word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from stance.features.attention import weigh
from stance.features.index import KERNEL, SEED
from stance.features.matching import Matcher, Normalizer
from stance.features.ngrams import word_ngrams
from stance.features.product import product
from stance.features.table import CONTENT, Column, WordTable
from stance.features.weights import ModelWeights
from stance.features.word_rows import WordRows
from stance.lexicon import Lexicon

__all__ = ["NgramScores", "ScoredWords", "VectorScores"]

Floats = NDArray[np.float64]
_BLOCK = 1_000
"""Vectors that are multiplied at once: what lies between takes some kilobytes each."""
_ROOM = 1 << 25
"""Numbers that room is asked for at first, in one piece: enough for the model installed with the package."""


class NgramScores:
    """Sums of the weights of words' own features.

    Parameters
    ----------
    weights : ModelWeights
    compiled : bool
        Whether the compiled kernel is used where there is one.
    """

    def __init__(self, weights: ModelWeights, compiled: bool) -> None:
        names = weights.names["ngrams"]
        self._shortest, self._longest = weights.ngram_range
        self._weights: NDArray[np.floating] = np.ascontiguousarray(weights.weights["ngrams"], np.float32)
        self._compiled = KERNEL.Ngrams(list(names), SEED) if compiled and KERNEL else None
        self._rows: dict[str, int] = {}
        if self._compiled is None:
            self._rows = {name: i for i, name in enumerate(names)}
            # the last row is that of unknown features
            self._weights = np.vstack([self._weights, np.zeros((1, len(weights.bias)))])
        self._analysis_rows = {
            n: i for i, n in enumerate(names) if weights.analyzer and n[:2] in ("l=", "s=")
        }

    def sums_of_analyses(self, analyses: Sequence[tuple[str, ...]]) -> Floats:
        """Sum the weights of what an analyzer found in words.

        Parameters
        ----------
        analyses : sequence of tuple of str, length n_words
            As :attr:`WordTable.analyses`.

        Returns
        -------
        ndarray of float64, shape (n_words, n_outputs)
        """
        get = self._analysis_rows.get
        rows = [[row for f in found if (row := get(f)) is not None] for found in analyses]
        return np.array([self._weights[found].sum(axis=0, dtype=np.float64) for found in rows]).reshape(
            len(rows), -1
        )

    def sums(self, norms: Sequence[str], content: NDArray[np.bool_]) -> Floats:
        """Sum the weights of words.

        Parameters
        ----------
        norms : sequence of str
            Normalised words.
        content : ndarray of bool, shape (n_words,)
            False for punctuation, which has no n-grams inside.

        Returns
        -------
        ndarray of float64, shape (n_words, n_outputs)
        """
        if self._compiled is None:
            return self._sums_in_python(norms, content)
        inside = np.where(content, self._longest, 0).astype(np.uint8)
        tags = [i for i, norm in enumerate(norms) if norm[0] == "#" and len(norm) > 1]
        sums = self._compiled_sums(list(norms), inside.tobytes(), bytes(len(norms)))
        if tags:
            sums = sums.copy()
            sums[tags] = self._compiled_sums(*_tags_apart([norms[i] for i in tags], inside[tags].tolist()))
        return sums

    def _compiled_sums(self, pieces: list[str], longest: bytes, continues: bytes) -> Floats:
        assert self._compiled is not None  # noqa: S101  # for the type checker
        sums = self._compiled.sums(pieces, self._shortest, longest, continues, self._weights)
        return np.frombuffer(sums, np.float64).reshape(-1, self._weights.shape[1])

    def _sums_in_python(self, norms: Sequence[str], content: NDArray[np.bool_]) -> Floats:
        get, unknown = self._rows.get, len(self._rows)
        rows: list[int] = []
        starts: list[int] = []
        for norm, is_word in zip(norms, content.tolist(), strict=True):
            features = word_ngrams(norm, self._shortest, self._longest if is_word else 0)
            starts.append(len(rows))
            rows.append(unknown)
            rows += [get(feature, unknown) for feature in features]
        sums: Floats = np.add.reduceat(self._weights[rows], starts, axis=0)
        return sums


def _tags_apart(norms: Sequence[str], inside: Sequence[int]) -> tuple[list[str], bytes, bytes]:
    """Put their words behind hashtags: pieces, the longest n-gram of each, and which of them continue a word."""
    pieces: list[str] = []
    longest, continues = bytearray(), bytearray()
    for norm, n in zip(norms, inside, strict=True):
        parts = [part for part in norm[1:].split("_") if part]
        pieces += [norm, *parts]
        longest += bytes([0, *[n] * len(parts)])
        continues += bytes([0, *[1] * len(parts)])
    return pieces, bytes(longest), bytes(continues)


class VectorScores:
    """What the vectors of words add, by the rows of those that occurred; row 0 is for words without a vector.

    Parameters
    ----------
    weights : ModelWeights

    Attributes
    ----------
    n_outputs : int
    scores : Column of float32, shape (n_rows, n_scopes * n_outputs)
    parts : Column of float32, shape (n_rows, n_parts)
        Weighed parts of attention.
    """

    def __init__(self, weights: ModelWeights) -> None:
        self._weights = weights
        self.n_outputs = len(weights.bias)
        self._numbers = {name: i for i, name in enumerate(weights.names["vectors"])}
        self._rows = np.zeros(len(self._numbers), np.int32)
        # scopes side by side: one product gives a word's scores in all of them
        self._by_scope = np.concatenate(list(weights.vector_weights.astype(np.float64)), axis=1)
        widths = self._by_scope.shape[1], weights.attention.n_parts if weights.attention else 0
        room = min(len(self._numbers) + 1, _ROOM // max(1, *widths) + 1)
        self.scores, self.parts = (Column(np.float32, width, room) for width in widths)
        self._extend(np.zeros((1, weights.vectors.shape[1])), np.zeros(1))

    def __len__(self) -> int:
        return self.scores.size

    def numbers(self, norms: Sequence[str]) -> NDArray[np.int64]:
        """Return the numbers of words' vectors; -1 for words without one."""
        return np.fromiter(map(self._numbers.get, norms, repeat(-1)), np.int64, len(norms))

    def rows(self, number: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the rows of vectors with such numbers; those met for the first time are filled first."""
        known = number[number >= 0]
        fresh = np.unique(known[self._rows[known] == 0])
        if len(fresh):
            self._rows[fresh] = len(self) + np.arange(len(fresh))
            for first in range(0, len(fresh), _BLOCK):
                some = fresh[first : first + _BLOCK]
                self._extend(
                    self._weights.vectors[some].astype(np.float64), self._weights.vector_factors[some]
                )
        found = np.zeros(len(number), np.int32)
        found[number >= 0] = self._rows[known]
        return found

    def _extend(self, vectors: Floats, factors: NDArray[np.floating]) -> None:
        scores = product(vectors, self._by_scope)
        self.scores.extend((scores * factors[:, None].astype(np.float64)).astype(np.float32))
        attention = self._weights.attention
        if attention:
            self.parts.extend(weigh(attention.word_parts(vectors), self.n_outputs))


class ScoredWords(WordTable):
    """The word table with a score vector per word.

    Parameters
    ----------
    lexicon : Lexicon
    ngrams : NgramScores
    vectors : VectorScores
    word_rows : WordRows
    bigram_numbers : dict of str to int
        Of the words that stand in bigrams.
    compiled, helpers, analyzer
        As :class:`WordTable`.

    Attributes
    ----------
    scores : Column of float64, shape (n_words, n_outputs)
    gated_rows : Column of int8, shape (n_words, row_length)
        For gated attention.
    facts : Column of int32, shape (n_words, 4)
        Role, code and whether the word starts or continues a phrase or is a cue, in one number; row of its
        vector, number in bigrams, first cue.
    vector_rows, bigram_words : ndarray of int32, shape (n_words,)
        Of `facts`.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        ngrams: NgramScores,
        vectors: VectorScores,
        word_rows: WordRows,
        bigram_numbers: dict[str, int],
        compiled: bool,
        helpers: tuple[Normalizer, Matcher],
        analyzer: str = "",
    ) -> None:
        self.vectors = vectors
        self._ngrams = ngrams
        self._word_rows = word_rows
        self._bigram_numbers = bigram_numbers
        self.scores = Column(np.float64, vectors.n_outputs)
        self.facts = Column(np.int32, 4)
        self.gated_rows = Column(np.int8, word_rows.length, _ROOM // max(1, word_rows.length) + 1)
        super().__init__(lexicon, compiled, helpers, analyzer)

    def _enter(self, fresh: list[str]) -> None:
        first = len(self)
        super()._enter(fresh)
        norms, self.norms = self.norms, []  # of no use once a word is scored
        sums = self._ngrams.sums(norms, self.codes.view[first:] == CONTENT)
        if self.analyses:
            sums = sums + self._ngrams.sums_of_analyses(self.analyses[first:])
        self.scores.extend(sums)
        vectors = self.vectors.numbers(norms)
        self.facts.extend(self._facts(slice(first, None), norms, self.vectors.rows(vectors)))
        self.gated_rows.extend(self._word_rows.rows(norms, vectors))

    @property
    def vector_rows(self) -> NDArray[np.int32]:
        """Rows of the words' vectors."""
        return self.facts.view[:, 1]

    @property
    def bigram_words(self) -> NDArray[np.int32]:
        """Numbers of the words in bigrams; -1 for those that stand in none."""
        return self.facts.view[:, 2]

    def _facts(self, new: slice, norms: Sequence[str], rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Put side by side what the kernel looks up for every token."""
        number = self._bigram_numbers.get
        in_bigrams = np.fromiter(map(number, norms, repeat(-1)), np.int32, len(norms))
        marks = self.roles.view[new] + (self.codes.view[new].astype(np.int32) << 8)
        flags = (self.starts_phrase.view[new], self.in_phrase.view[new], self.cue_count.view[new] > 0)
        for bit, flag in enumerate(flags, 11):
            marks += flag.astype(np.int32) << bit
        facts = (marks, rows, in_bigrams, self.cue_from.view[new])
        return np.stack(facts, axis=1).astype(np.int32)
