"""Word vectors from unlabelled text: positive pointwise mutual information, then a truncated SVD.

Method: O. Levy, Y. Goldberg and I. Dagan (2015), "Improving distributional similarity with
lessons learned from word embeddings", TACL 3, with context distribution smoothing 0.75 and
singular values to the power of one half.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from stance.text import normalize
from stance.text.tokens import TOKEN, kind_of

__all__ = ["VECTOR_STEP", "WordVectors", "train_vectors"]

VECTOR_STEP = 1 / 127
"""The unit of stored vectors: those of length one have entries from -127 to 127."""
_CHUNK = 20_000


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Vectors of normalised words.

    Attributes
    ----------
    words : tuple of str, length n_words
        Sorted.
    vectors : ndarray of int8, shape (n_words, n_dimensions)
        In units of :data:`VECTOR_STEP`.  Bytes are what models store, so that is what they are
        trained on.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.int8]


def train_vectors(
    texts: Iterable[str], n_dimensions: int = 100, window: int = 5, min_count: int = 12, seed: int = 0
) -> WordVectors:
    """Learn word vectors from unlabelled texts.

    Parameters
    ----------
    texts : iterable of str
        Sentences; read once.
    n_dimensions : int
    window : int
        How many words to each side are a word's context.
    min_count : int
        Rarer words get no vector.
    seed : int
        For the start of the SVD.

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        If there are no more words than dimensions.
    """
    sentences, vocabulary = _number(texts, min_count)
    if len(vocabulary) <= n_dimensions:
        raise ValueError(
            f"{n_dimensions} dimensions want more than {n_dimensions} words seen {min_count} times, "
            f"got {len(vocabulary)}; give more text or fewer dimensions"
        )
    matrix = _ppmi(sentences, len(vocabulary), window)
    # sums in another order have other last bits, by which vectors of like worth turn: the same whatever the machine
    with threadpool_limits(1):
        left, values, _ = randomized_svd(matrix, n_dimensions, n_iter=4, random_state=seed)
    vectors = left * np.sqrt(values)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    stored = np.round(vectors / VECTOR_STEP).astype(np.int8)
    return WordVectors(vocabulary, stored)


def _words(text: str, memo: dict[str, str]) -> Iterator[str]:
    for raw in TOKEN.findall(text):
        norm = memo.get(raw)
        if norm is None:
            norm = memo[raw] = normalize(raw) if kind_of(raw) == "word" else ""
        if norm:
            yield norm


def _number(texts: Iterable[str], min_count: int) -> tuple[list[NDArray[np.int32]], tuple[str, ...]]:
    """Replace words by numbers; rare words are left out before windows are taken."""
    memo: dict[str, str] = {}
    numbers: dict[str, int] = {}
    counts: Counter[int] = Counter()
    sentences = []
    for text in texts:
        ids = [numbers.setdefault(w, len(numbers)) for w in _words(text, memo)]
        counts.update(ids)
        sentences.append(np.array(ids, np.int32))
    kept = sorted(w for w, i in numbers.items() if counts[i] >= min_count)
    renumber = np.full(len(numbers) + 1, -1, np.int32)
    for new, word in enumerate(kept):
        renumber[numbers[word]] = new
    renumbered = (renumber[s] for s in sentences)
    return [s[s >= 0] for s in renumbered], tuple(kept)


def _ppmi(sentences: list[NDArray[np.int32]], n_words: int, window: int) -> sparse.csr_matrix:
    """Count neighbours within the window, nearer ones for more, and weigh the counts as PPMI."""
    total = sparse.csr_matrix((n_words, n_words), dtype=np.float32)
    rest = iter(sentences)
    while chunk := list(islice(rest, _CHUNK)):
        flat = np.concatenate(chunk)
        owner = np.repeat(np.arange(len(chunk)), [len(s) for s in chunk])
        for lag in range(1, window + 1):
            same = owner[lag:] == owner[:-lag]
            a, b = flat[:-lag][same], flat[lag:][same]
            value = np.full(len(a), (window + 1 - lag) / window, np.float32)
            total = total + sparse.csr_matrix((value, (a, b)), shape=total.shape)
    total = (total + total.T).tocoo()
    word = np.asarray(total.sum(axis=1)).ravel()
    smooth = word**0.75
    smooth /= smooth.sum()
    pmi = np.log(total.data / (word[total.row] * smooth[total.col]))
    keep = pmi > 0
    return sparse.csr_matrix((pmi[keep], (total.row[keep], total.col[keep])), shape=total.shape)
