"""Training the attention network: a scikit-learn transformer from texts to scores.

Fitting wants torch, which camel-tools' own requirements bring; using what was fitted does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from stance.errors import TrainingError
from stance.features.attention import MAX_CLASSES
from stance.features.counts import Analysed
from stance.features.encoded import Encoded
from stance.features.gated import Rows, pool_gated
from stance.features.pieces import PIECES
from stance.features.transformer import TextTransformer
from stance.features.vectors import WordVectors
from stance.labels import check_texts
from stance.lexicon import Lexicon
from stance.optimising import Plan, Task, frequent_pieces, train_networks

__all__ = ["AttentionNetwork"]


class AttentionNetwork(TextTransformer):
    """Scores of texts by gated attention over their words (see :mod:`stance.features.gated`).

    Parameters
    ----------
    vectors : WordVectors
    lexicon : Lexicon, optional
        Cue classes; the installed ones by default.
    n_independent : int, default 3
        The first columns of `y` hold or not, each by itself; of the others exactly one holds.
    n_heads : int, default 2
        Averages over the words per output.
    epochs : int, default 8
    n_networks : int, default 1
        Networks from different seeds, whose scores are averaged.
    max_pieces : int, default 40,000
        Of only so many words, and beginnings and ends of words, something is learned by itself: the most frequent.
    random_state : int, default 0

    Attributes
    ----------
    weights_ : GatedWeights
    pieces_ : list of str
        Names of the pieces of words that are known.

    Notes
    -----
    AdamW (Loshchilov and Hutter 2019) with a rate that rises and falls in straight lines, batches of
    texts of like length, dropout on states and of whole words.  One thread, so that the same input
    gives the same bits.
    """

    def __init__(
        self,
        vectors: WordVectors,
        lexicon: Lexicon | None = None,
        n_independent: int = 3,
        n_heads: int = 2,
        epochs: int = 8,
        n_networks: int = 1,
        max_pieces: int = 40_000,
        random_state: int = 0,
    ) -> None:
        self.vectors = vectors
        self.lexicon = lexicon
        self.n_independent = n_independent
        self.n_heads = n_heads
        self.epochs = epochs
        self.n_networks = n_networks
        self.max_pieces = max_pieces
        self.random_state = random_state

    def fit(
        self, raw_documents: Iterable[str], y: ArrayLike, sample_weight: NDArray[np.float64] | None = None
    ) -> Self:
        """Train the network.

        Parameters
        ----------
        raw_documents : iterable of str
        y : array of 0 and 1, shape (n_texts, n_outputs)
        sample_weight : ndarray of float64, shape (n_texts,), optional

        Returns
        -------
        AttentionNetwork

        Raises
        ------
        TrainingError
            If torch is not installed, or the lexicon has more cue classes than there is room for.
        """
        found = self.encode(Analysed.of(check_texts(raw_documents), self.lexicon))
        return self.fit_encoded(found, y, sample_weight)

    def encode(self, analysed: Analysed) -> Encoded:
        """Turn texts into numbers, before anything is learned.

        Parameters
        ----------
        analysed : Analysed
            The texts, analysed with this network's lexicon.

        Returns
        -------
        Encoded

        Raises
        ------
        TrainingError
            If the lexicon has more cue classes than there is room for.
        """
        n_classes = len(analysed.table.lexicon.classes)
        if n_classes > MAX_CLASSES:
            raise TrainingError(
                f"the lexicon has {n_classes} cue classes, attention has room for "
                f"{MAX_CLASSES}; join some, or set attention_weight = 0"
            )
        return Encoded.of(analysed, self.vectors)

    def fit_encoded(
        self, found: Encoded, y: ArrayLike, sample_weight: NDArray[np.float64] | None = None
    ) -> Self:
        """Train the network on texts that :meth:`encode` has turned into numbers.

        Parameters
        ----------
        found : Encoded
        y : array of 0 and 1, shape (n_texts, n_outputs)
        sample_weight : ndarray of float64, shape (n_texts,), optional

        Returns
        -------
        AttentionNetwork
        """
        truth, n = np.asarray(y, np.float32), len(found.lengths)
        if truth.ndim != 2 or len(truth) != n:
            raise ValueError(f"y must have shape ({n}, n_outputs), got {truth.shape}")
        weight = None
        if sample_weight is not None:
            given = np.asarray(sample_weight, np.float64)
            weight = (given / given.mean()).astype(np.float32)
        kept = frequent_pieces(found, self.max_pieces)
        self.pieces_ = found.names.take(kept)
        seeds = [self.random_state + i for i in range(self.n_networks)]
        plan = Plan(self.vectors, self.n_independent, self.n_heads, self.epochs, seeds)
        self.weights_ = train_networks(found, Task(kept, truth, weight), plan)
        return self

    def transform(self, raw_documents: Iterable[str]) -> NDArray[np.float64]:
        """Score texts.

        Parameters
        ----------
        raw_documents : iterable of str

        Returns
        -------
        ndarray of float64, shape (n_texts, n_outputs)

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before :meth:`fit`.
        """
        check_is_fitted(self, "weights_")
        return self.transform_encoded(self.encode(Analysed.of(check_texts(raw_documents), self.lexicon)))

    def transform_encoded(self, found: Encoded) -> NDArray[np.float64]:
        """Score texts that :meth:`encode` has turned into numbers.

        Parameters
        ----------
        found : Encoded

        Returns
        -------
        ndarray of float64, shape (n_texts, n_outputs)
        """
        check_is_fitted(self, "weights_")
        weights, number = self.weights_, {name: i for i, name in enumerate(self.pieces_)}
        used, place = np.unique(found.word, return_inverse=True)
        pieces, piece = np.unique(found.piece[used], return_inverse=True)
        known = np.array([number.get(name, -1) for name in found.names.take(pieces)], np.int64)
        vectors = np.vstack([self.vectors.vectors, np.zeros((1, self.vectors.vectors.shape[1]), np.int8)])
        words = weights.word_rows(
            vectors[found.vector[used]].astype(np.float64), known[piece.reshape(-1, PIECES)]
        )
        flags, flag = np.unique(found.flag, return_inverse=True)
        rows = Rows(words, place), Rows(weights.flag_rows(found.flags[flags]), flag)
        return pool_gated(weights, *rows, found.lengths) + weights.bias

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002  # scikit-learn passes it
        """Return the names of the columns, shape (n_outputs,)."""
        check_is_fitted(self, "weights_")
        return np.array([f"attention={i}" for i in range(len(self.weights_.bias))], dtype=object)
