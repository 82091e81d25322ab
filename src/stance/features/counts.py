"""Counts of the features of texts: all that does not depend on which rows are learned from.

They are worked out once for all rows of a training run.  What a fold learns (which features are
frequent enough, their inverse document frequencies, weights) it learns from its own rows of them.
Everything is held in numpy arrays, which joblib maps into the memory of several processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from stance.features.analysis import Analysis, analyze
from stance.features.context import context_features, feature_name
from stance.features.ngrams import word_ngrams
from stance.features.scopes import SCOPES, scope_tokens
from stance.features.table import CONTENT, WordTable
from stance.features.vectors import WordVectors
from stance.features.weights import vector_scale
from stance.lexicon import Lexicon

__all__ = ["Analysed", "Block", "Counts", "Names", "count_features", "count_words"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class Analysed(NamedTuple):
    """Analysed texts, with the table that their words are numbered by."""

    table: WordTable
    found: Analysis

    @classmethod
    def of(cls, texts: Sequence[str], lexicon: Lexicon | None, analyzer: str = "") -> Self:
        """Analyse texts, with the installed lexicon where none is given."""
        table = WordTable(lexicon if lexicon is not None else Lexicon.default(), analyzer=analyzer)
        return cls(table, analyze(texts, table))


@dataclass(frozen=True, eq=False)
class Names:
    """Strings in two arrays: a list of a million strings is slow to hand to another process.

    Attributes
    ----------
    data : ndarray of uint8
        UTF-8, one after the other.
    ends : ndarray of int64, shape (n_names + 1,)
        Where each ends; the first is 0.

    Examples
    --------
    >>> Names.of(["w=هدنة", "w=لا"]).take(np.array([1]))
    ['w=لا']
    """

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, names: Sequence[str]) -> Self:
        """Store strings; they may hold surrogates."""
        encoded = [name.encode("utf-8", "surrogatepass") for name in names]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def take(self, numbers: Rows) -> list[str]:
        """Return the strings of some numbers."""
        data = self.data.tobytes()
        spans = zip(self.ends[numbers].tolist(), self.ends[numbers + 1].tolist(), strict=True)
        return [data[a:b].decode("utf-8", "surrogatepass") for a, b in spans]


class Block(NamedTuple):
    """Counts of one kind of feature: float64, shape (n_texts, n_features), columns sorted by name."""

    matrix: sparse.csr_matrix
    names: Names


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts of the features of texts.

    Attributes
    ----------
    lexicon : Lexicon
        That the cues were found by.
    blocks : dict of str to Block
        ``ngrams``, ``context`` and, where wanted, ``bigrams``.
    scopes : tuple of csr_matrix, each of shape (n_texts, n_vectors)
        How often each word that has a vector stands in each scope of
        :data:`~stance.features.scopes.SCOPES`; empty without vectors.
    scales : ndarray of float64, shape (n_scopes, n_texts)
        What the sums of vectors are multiplied by.
    """

    lexicon: Lexicon
    blocks: dict[str, Block]
    scopes: tuple[sparse.csr_matrix, ...]
    scales: Floats

    @property
    def n_texts(self) -> int:
        """The number of texts."""
        return int(self.blocks["ngrams"].matrix.shape[0])

    def take(self, rows: Rows) -> Counts:
        """Return the counts of some texts, with the same columns.

        Parameters
        ----------
        rows : ndarray of int64, shape (n_rows,)

        Returns
        -------
        Counts
        """
        blocks = {kind: Block(block.matrix[rows], block.names) for kind, block in self.blocks.items()}
        return Counts(self.lexicon, blocks, tuple(scope[rows] for scope in self.scopes), self.scales[:, rows])


def count_features(
    analysed: Analysed,
    ngram_range: tuple[int, int],
    bigrams: bool,
    symbols: bool,
    length_norm: bool,
) -> dict[str, Block]:
    """Count the n-grams, cues in their surroundings and pairs of words of texts.

    Parameters
    ----------
    analysed : Analysed
    ngram_range, bigrams, symbols, length_norm
        As :class:`~stance.features.vectorizer.StatementVectorizer` takes them.

    Returns
    -------
    dict of str to Block
    """
    table, found = analysed
    words = sparse.csr_matrix(
        (np.ones(len(found.word)), (found.text, found.word)), shape=(found.n_texts, len(table.norms))
    )
    ngrams, names = _ngrams(table, ngram_range, symbols)
    product = words @ ngrams
    product.sort_indices()
    blocks = {"ngrams": Block(product, names), "context": _context(found, table.lexicon.classes)}
    if bigrams:
        blocks["bigrams"] = _bigrams(found, table)
    if length_norm:
        scale = vector_scale(np.bincount(found.text, minlength=found.n_texts))
        for matrix, _ in blocks.values():
            matrix.data *= np.repeat(scale, np.diff(matrix.indptr))
    return blocks


def count_words(analysed: Analysed, vectors: WordVectors) -> tuple[tuple[sparse.csr_matrix, ...], Floats]:
    """Count the words that have vectors, in every scope.

    Parameters
    ----------
    analysed : Analysed
    vectors : WordVectors

    Returns
    -------
    scopes : tuple of csr_matrix
    scales : ndarray of float64, shape (n_scopes, n_texts)
        As :class:`Counts` holds them.
    """
    table, found = analysed
    number = {w: i for i, w in enumerate(vectors.words)}
    rows = np.array([number.get(w, -1) for w in table.norms], np.int64)
    scopes, scales = [], np.zeros((len(SCOPES), found.n_texts))
    for scale, at in zip(scales, scope_tokens(found, table.lexicon.classes), strict=True):
        scale[:] = vector_scale(np.bincount(found.text[at], minlength=found.n_texts))
        known = at[rows[found.word[at]] >= 0] if len(at) else at
        ones = (np.ones(len(known)), (found.text[known], rows[found.word[known]]))
        scopes.append(sparse.csr_matrix(ones, shape=(found.n_texts, len(number))))
    return tuple(scopes), scales


def _ngrams(table: WordTable, ngram_range: tuple[int, int], symbols: bool) -> tuple[sparse.csr_matrix, Names]:
    """Count the n-grams of every word, and what an analyzer found; a symbol counts as itself, or not at all."""
    number: dict[str, int] = {}
    columns: list[int] = []
    lengths = np.zeros(len(table.norms), np.int64)
    for i, norm in enumerate(table.norms):
        if table.codes.view[i] == CONTENT or symbols:
            features = word_ngrams(norm, *(ngram_range if table.codes.view[i] == CONTENT else (1, 0)))
            features += table.analyses[i] if table.analyses else ()
            columns += [number.setdefault(f, len(number)) for f in features]
            lengths[i] = len(features)
    place, names = _by_name(list(number))
    matrix = sparse.csr_matrix(
        (np.ones(len(columns)), place[columns], np.concatenate([[0], np.cumsum(lengths)])),
        shape=(len(table.norms), len(number)),
    )
    matrix.sum_duplicates()
    return matrix, names


def _context(found: Analysis, classes: Sequence[str]) -> Block:
    token, keys = context_features(found, classes)
    distinct, column = np.unique(keys, return_inverse=True)
    place, names = _by_name([feature_name(k, classes) for k in distinct.tolist()])
    return _block(found, token, place[column], names)


def _bigrams(found: Analysis, table: WordTable) -> Block:
    number: dict[str, int] = {}
    adjacent = found.is_word[:-1] & found.is_word[1:] & (found.text[:-1] == found.text[1:])
    at = np.flatnonzero(adjacent)
    pairs = zip(found.word[at].tolist(), found.word[at + 1].tolist(), strict=True)
    columns = [number.setdefault(f"b={table.norms[a]} {table.norms[b]}", len(number)) for a, b in pairs]
    place, names = _by_name(list(number))
    return _block(found, at, place[columns], names)


def _by_name(names: list[str]) -> tuple[NDArray[np.int64], Names]:
    """Sort names; also say where each of them went."""
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.zeros(len(names), np.int64)
    place[order] = np.arange(len(names))
    return place, Names.of([names[i] for i in order])


def _block(found: Analysis, token: Rows, column: Rows, names: Names) -> Block:
    ones = (np.ones(len(token)), (found.text[token], column))
    return Block(sparse.csr_matrix(ones, shape=(found.n_texts, len(names))), names)
