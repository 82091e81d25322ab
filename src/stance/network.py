"""Training the attention network: a scikit-learn transformer from texts to scores.

Fitting wants torch, which camel-tools' own requirements bring; using what was fitted does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from stance.errors import TrainingError
from stance.features.attention import (
    LOGIT_BOUND,
    MAX_CLASSES,
    AttentionWeights,
    average,
    join,
    pool,
    weigh,
)
from stance.features.counts import Analysed
from stance.features.encoded import Encoded
from stance.features.transformer import TextTransformer
from stance.features.vectors import WordVectors
from stance.labels import check_texts
from stance.lexicon import Lexicon
from stance.pytorch import check_torch, one_thread

__all__ = ["AttentionNetwork"]

_HIDDEN, _FLAG_HIDDEN = 96, 48
_DROPOUT_IN, _DROPOUT = 0.2, 0.3
_BATCH, _LARGEST_BATCH, _BUCKET = 64, 256, 10
"""Texts of a batch, with few and with many rows, and batches that are sorted by length together."""
_ROWS_PER_TEXT = 150
_LEARNING_RATE, _WEIGHT_DECAY, _MAX_NORM = 4e-3, 0.01, 1.0
_CHOICE_LOSS = 0.3
"""Weight of the loss of the outputs that exclude each other, beside that of the independent ones."""


class AttentionNetwork(TextTransformer):
    """Scores of texts by attention over their words (see :mod:`stance.features.attention`).

    Parameters
    ----------
    vectors : WordVectors
    lexicon : Lexicon, optional
        Cue classes; the installed ones by default.
    n_independent : int, default 3
        The first columns of `y` hold or not, each by itself; of the others exactly one holds.
    n_heads : int, default 4
        Averages over the words per output.
    epochs : int, default 16
    n_networks : int, default 1
        Networks from different seeds, whose scores are averaged.
    random_state : int, default 0

    Attributes
    ----------
    weights_ : AttentionWeights

    Notes
    -----
    AdamW with a one-cycle schedule (Loshchilov and Hutter 2019; Smith and Topin 2019), batches of
    texts of like length, dropout on vectors and hidden units.  One thread, so that the same input
    gives the same bits.
    """

    def __init__(
        self,
        vectors: WordVectors,
        lexicon: Lexicon | None = None,
        n_independent: int = 3,
        n_heads: int = 4,
        epochs: int = 16,
        n_networks: int = 1,
        random_state: int = 0,
    ) -> None:
        self.vectors = vectors
        self.lexicon = lexicon
        self.n_independent = n_independent
        self.n_heads = n_heads
        self.epochs = epochs
        self.n_networks = n_networks
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
        self.weights_ = _train(self, found, truth, weight)
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
        weights = self.weights_
        words = np.vstack([np.zeros(self.vectors.vectors.shape[1]), self.vectors.vectors])
        used, number = np.unique(found.row, return_inverse=True)
        flags, flag = np.unique(found.flag, return_inverse=True)
        n_outputs = len(weights.bias)
        word_parts = weigh(weights.word_parts(words[used]), n_outputs)[number]
        flag_parts = weigh(weights.flag_parts(found.flags[flags]), n_outputs)[flag]
        return pool(join(word_parts, flag_parts, n_outputs), found.lengths, n_outputs) + weights.bias

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002  # scikit-learn passes it
        """Return the names of the columns, shape (n_outputs,)."""
        check_is_fitted(self, "weights_")
        return np.array([f"attention={i}" for i in range(len(self.weights_.bias))], dtype=object)


def _train(
    network: AttentionNetwork, found: Encoded, truth: NDArray[np.float32], weight: NDArray[np.float32] | None
) -> AttentionWeights:
    check_torch("word vectors with attention want", "put attention_weight = 0 into the settings (--config)")
    with one_thread() as torch:
        seeds = [network.random_state + i for i in range(network.n_networks)]
        return average([_optimise(torch, network, found, truth, weight, seed) for seed in seeds])


def _optimise(
    torch: Any,
    network: AttentionNetwork,
    found: Encoded,
    truth: NDArray[np.float32],
    weight: NDArray[np.float32] | None,
    seed: int,
) -> AttentionWeights:
    torch.manual_seed(seed)
    stored = network.vectors.vectors.astype(np.float32)
    scale = float(stored.std()) or 1.0
    embedding = torch.tensor(np.vstack([np.zeros(stored.shape[1], np.float32), stored / scale]))
    flags = torch.tensor(found.flags.astype(np.float32))
    p = _parameters(torch, stored.shape[1], found.flags.shape[1], truth.shape[1], network.n_heads)
    batches = _Batches(found.lengths, seed)
    optimiser = torch.optim.AdamW(p.values(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _LEARNING_RATE, total_steps=network.epochs * batches.per_epoch
    )
    start = np.cumsum(found.lengths) - found.lengths
    for _ in range(network.epochs):
        for batch in batches.epoch():
            at, inside = _pad(start[batch], found.lengths[batch])
            scores = _forward(torch, p, embedding[found.row[at]], flags[found.flag[at]], torch.tensor(inside))
            counts = None if weight is None else torch.tensor(weight[batch])
            loss = _loss(torch, scores, torch.tensor(truth[batch]), counts, network.n_independent)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(p.values(), _MAX_NORM)
            optimiser.step()
            schedule.step()
    arrays = {name: value.detach().numpy().astype(np.float32) for name, value in p.items()}
    arrays["word_in"] = (arrays["word_in"] / scale).astype(np.float32)
    return AttentionWeights(**{**arrays, "bias": arrays["bias"].astype(np.float64)})


def _parameters(torch: Any, n_dimensions: int, n_flags: int, n_outputs: int, n_heads: int) -> dict[str, Any]:
    """Draw the first weights, uniformly within one over the square root of the inputs (LeCun 1998)."""
    n_parts = (2 * n_heads + 1) * n_outputs
    shapes = {
        "word_in": ((n_dimensions, _HIDDEN), n_dimensions),
        "word_bias": ((_HIDDEN,), n_dimensions),
        "flag_in": ((n_flags, _FLAG_HIDDEN), n_flags),
        "flag_bias": ((_FLAG_HIDDEN,), n_flags),
        "word_out": ((_HIDDEN, n_parts), _HIDDEN + _FLAG_HIDDEN),
        "flag_out": ((_FLAG_HIDDEN, n_parts), _HIDDEN + _FLAG_HIDDEN),
        "part_bias": ((n_parts,), _HIDDEN + _FLAG_HIDDEN),
    }
    drawn = {k: (2 * torch.rand(shape) - 1) / inputs**0.5 for k, (shape, inputs) in shapes.items()}
    drawn["bias"] = torch.zeros(n_outputs)
    return {name: value.requires_grad_() for name, value in drawn.items()}


def _forward(torch: Any, p: dict[str, Any], words: Any, flags: Any, inside: Any) -> Any:
    """Score a padded batch: words (n, length, n_dimensions), flags (n, length, n_flags)."""
    drop = torch.nn.functional.dropout
    n_outputs = len(p["bias"])
    hidden = drop(torch.relu(drop(words, _DROPOUT_IN) @ p["word_in"] + p["word_bias"]), _DROPOUT)
    flag_hidden = drop(torch.relu(flags @ p["flag_in"] + p["flag_bias"]), _DROPOUT)
    of_words, of_flags = hidden @ p["word_out"], flag_hidden @ p["flag_out"] + p["part_bias"]
    n = (of_words.shape[2] - n_outputs) // 2
    outside = ~inside[..., None]
    parts = of_words + of_flags
    logits = sum(x[..., :n].clamp(-LOGIT_BOUND, LOGIT_BOUND) for x in (of_words, of_flags))
    attention = logits.masked_fill(outside, -1e9).softmax(1)
    pooled = (attention * parts[..., n : 2 * n]).sum(1).view(len(parts), -1, n_outputs).sum(1)
    rest = parts[..., 2 * n :].masked_fill(outside, 0.0).sum(1)
    return p["bias"] + pooled + rest / inside.sum(1, keepdim=True).clamp(min=1) ** 0.5


def _loss(torch: Any, scores: Any, truth: Any, weight: Any, n_independent: int) -> Any:
    f = torch.nn.functional
    each = None if weight is None else weight[:, None]
    loss = f.binary_cross_entropy_with_logits(scores[:, :n_independent], truth[:, :n_independent], each)
    if n_independent < truth.shape[1]:
        given = scores[:, n_independent:], truth[:, n_independent:]
        if weight is None:
            return loss + _CHOICE_LOSS * f.cross_entropy(*given)
        loss = loss + _CHOICE_LOSS * (f.cross_entropy(*given, reduction="none") * weight).mean()
    return loss


def _pad(start: NDArray[np.int64], lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return token numbers, shape (n, longest), and which of them are inside their text."""
    place = np.arange(max(int(lengths.max()), 1))
    inside = place < lengths[:, None]
    return np.where(inside, start[:, None] + place, 0), inside


class _Batches:
    """Shuffled batches of texts of like length, which saves padding."""

    def __init__(self, lengths: NDArray[np.int64], seed: int) -> None:
        self.lengths = lengths
        self.size = min(max(_BATCH, len(lengths) // _ROWS_PER_TEXT), _LARGEST_BATCH)
        self.random = np.random.RandomState(seed)
        self.per_epoch = sum(1 for _ in self._cut(np.arange(len(lengths))))

    def epoch(self) -> Iterator[NDArray[np.int64]]:
        """Yield the row numbers of each batch of one pass."""
        batches = list(self._cut(self.random.permutation(len(self.lengths))))
        for i in self.random.permutation(len(batches)):
            yield batches[i]

    def _cut(self, order: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        for i in range(0, len(order), _BUCKET * self.size):
            bucket = order[i : i + _BUCKET * self.size]
            bucket = bucket[np.argsort(self.lengths[bucket], kind="stable")]
            for j in range(0, len(bucket), self.size):
                yield bucket[j : j + self.size]
