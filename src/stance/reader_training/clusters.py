"""Vectors of words by how they are used, and clusters of words that are used alike, from unlabelled text.

What the reader does not know of a rare verb or name it knows of its cluster (after P. F. Brown et al.
1992, "Class-based n-gram models of natural language", with k-means over word vectors in place of
their greedy merging).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

from stance.features.vectors import VECTOR_STEP, WordVectors, train_vectors

__all__ = ["cluster_words", "word_vectors"]

_WINDOW = 2
"""Near neighbours tell how a word is used, far ones what it is about."""
_DIMENSIONS = 100
_MIN_COUNT = 8
_FEWEST = 10
"""Words that a cluster should have, at least on average."""


def word_vectors(texts: Iterable[str], seed: int = 0) -> WordVectors:
    """Learn how words are used from unlabelled text.

    Parameters
    ----------
    texts : iterable of str
        Sentences; read once.
    seed : int

    Returns
    -------
    WordVectors
        Of the normalised words that are frequent enough.

    Raises
    ------
    ValueError
        If there are too few words.
    """
    return train_vectors(texts, _DIMENSIONS, window=_WINDOW, min_count=_MIN_COUNT, seed=seed)


def cluster_words(found: WordVectors, n_clusters: int = 400, seed: int = 0) -> dict[str, str]:
    """Cluster words by their vectors.

    Parameters
    ----------
    found : WordVectors
    n_clusters : int
        Fewer if there are few words.
    seed : int

    Returns
    -------
    dict of str to str
        Number of the cluster of each word, sorted by word.
    """
    vectors = found.vectors.astype(np.float32) * VECTOR_STEP
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    n_clusters = min(n_clusters, max(2, len(vectors) // _FEWEST))
    means = MiniBatchKMeans(n_clusters, random_state=seed, n_init=3, batch_size=4096, max_iter=60)
    with threadpool_limits(1):  # the same clusters whatever the machine
        labels = means.fit(vectors).labels_.tolist()
    return {word: str(label) for word, label in zip(found.words, labels, strict=True)}
