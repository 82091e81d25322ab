"""The compiled kernel's side of scoring: the model's arrays as it takes them, and the sums it gives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from stance.features.attention import flags_of, weigh
from stance.features.context import NEGATION, dense_rows
from stance.features.index import KERNEL, SEED
from stance.features.scopes import SCOPES, scope_classes
from stance.features.table import Column
from stance.features.voiding import ActMasks
from stance.features.weights import ModelWeights
from stance.features.word_scores import ScoredWords
from stance.lexicon import Lexicon

__all__ = ["CompiledSums"]

Floats = NDArray[np.float64]
Bigrams = tuple[int, NDArray[np.int64], NDArray[np.int64]]
_LANES = 16
"""Outputs of heads that the kernel works out at once."""
_MAX_FLAGS = 50_000
"""Distinct combinations of flags that are kept; real text has a few thousand."""


class CompiledSums:
    """Sums of a model's weights over texts; callers hold a lock.

    Parameters
    ----------
    weights : ModelWeights
    lexicon : Lexicon
    context_keys : ndarray of int64, shape (n_context,)
        The context features' numbers, see :mod:`stance.features.context`.
    bigrams : tuple of (int, ndarray of int64, ndarray of int64)
        How many words stand in bigrams; keys and rows of the bigrams.
    blocks : mapping of str to ndarray of float64, shape (n_features, n_outputs)
        Weights of ``bigrams`` and ``context``.
    void : int
        Number of the word that stands for voided ones.
    """

    def __init__(
        self,
        weights: ModelWeights,
        lexicon: Lexicon,
        context_keys: NDArray[np.int64],
        bigrams: Bigrams,
        blocks: Mapping[str, Floats],
        void: int,
    ) -> None:
        self._weights = weights
        self._n_classes = len(lexicon.classes)
        n_words, keys, rows = bigrams
        edges, ends = lexicon.trie()
        n_patterns = 1 + max((pattern for _, pattern, _ in edges), default=0)
        arrays = (
            _class_kinds(lexicon),
            _scope_bits(lexicon),
            np.array([node * n_patterns + pattern for node, pattern, _ in edges], np.int64),
            np.array([behind for _, _, behind in edges], np.int32),
            np.concatenate([[0], np.cumsum([len(e) for e in ends])]).astype(np.int32),
            np.array([c for e in ends for c in e], np.int32),
            dense_rows(context_keys, self._n_classes),
            blocks["context"],
            keys,
            rows,
            blocks["bigrams"],
            *_head_arrays(weights),
        )
        gated = weights.gated
        self._arguments = (
            tuple(np.ascontiguousarray(array) for array in arrays),
            len(weights.bias),
            self._n_classes,
            len(SCOPES),
            n_patterns,
            n_words,
            weights.attention.n_parts if weights.attention else 0,
            gated.n_networks if gated else 0,
            gated.n_state if gated else 0,
            gated.head_bias.shape[1] // 2 if gated else 0,
            lexicon.classes.index(NEGATION) if NEGATION in lexicon.classes else -1,
            void,
            weights.length_norm,
            weights.clause_weight,
            weights.n_clause_outputs,
            SEED,
        )
        self.start()

    def start(self) -> None:
        """Forget the combinations of flags met so far."""
        self._sums = KERNEL.Scoring(*self._arguments)
        attention, gated = self._weights.attention, self._weights.gated
        self._n_flags = 0
        self._flag_parts = Column(np.float32, attention.n_parts if attention else 0)
        self._flag_rows = Column(np.int8, gated.row_length if gated else 0)

    def scores(self, ids: NDArray[np.int32], lengths: NDArray[np.int64], table: ScoredWords) -> Floats:
        """Sum the weights of texts, without the bias.

        Parameters
        ----------
        ids : ndarray of int32, shape (n_tokens,)
        lengths : ndarray of int64, shape (n_texts,)
            As ``table.number`` gives them.
        table : ScoredWords

        Returns
        -------
        ndarray of float64, shape (n_texts, n_outputs)
        """
        if self._n_flags > _MAX_FLAGS:
            self.start()  # between calls alone: within one, texts wait for the flags just added
        return self._sum(ids, lengths, table)

    def _sum(self, ids: NDArray[np.int32], lengths: NDArray[np.int64], table: ScoredWords) -> Floats:
        columns = self._columns(table)
        found, unfinished, unknown = self._sums.scores(ids.tobytes(), lengths.tobytes(), columns)
        scores = np.frombuffer(found, np.float64).reshape(len(lengths), -1)
        if not unfinished:
            return scores
        self._add_flags(np.unique(np.frombuffer(unknown, np.int64)))
        some = np.frombuffer(unfinished, np.int64)
        ends = np.cumsum(lengths)
        rest = np.concatenate([ids[ends[i] - lengths[i] : ends[i]] for i in some.tolist()])
        scores = scores.copy()
        scores[some] = self._sum(rest, lengths[some], table)
        return scores

    def _add_flags(self, keys: NDArray[np.int64]) -> None:
        attention, gated = self._weights.attention, self._weights.gated
        flags = flags_of(keys, self._n_classes)
        if attention:
            self._flag_parts.extend(weigh(attention.flag_parts(flags), len(self._weights.bias)))
        if gated:
            self._flag_rows.extend(gated.flag_rows(flags))
        self._n_flags += len(keys)
        self._sums.add_flags(keys.tobytes())

    def _columns(self, table: ScoredWords) -> tuple[NDArray[np.generic], ...]:
        """Return the columns in the order in which the kernel names them."""
        columns = (
            table.facts,
            table.cue_count,
            table.cue_classes,
            table.pattern_from,
            table.pattern_count,
            table.patterns,
            table.scores,
            table.vectors.scores,
            table.vectors.parts,
            self._flag_parts,
            table.gated_rows,
            self._flag_rows,
        )
        return tuple(column.view for column in columns)


def _head_arrays(weights: ModelWeights) -> tuple[NDArray[np.generic], ...]:
    """Return weights and bias of the heads of gated attention, filled up, and those of the largest values."""
    gated = weights.gated
    if gated is None:
        return np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros(0)
    out, bias = (_filled(array) for array in (gated.head_out, gated.head_bias))
    return out.ravel(), bias.ravel(), gated.largest.astype(np.float64).ravel()


def _filled(heads: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fill up the weights, and the values, along the last axis."""
    halves = np.split(heads, 2, axis=-1)
    more = [(0, 0)] * (heads.ndim - 1) + [(0, -halves[0].shape[-1] % _LANES)]
    return np.concatenate([np.pad(half, more) for half in halves], axis=-1)


def _class_kinds(lexicon: Lexicon) -> NDArray[np.uint8]:
    """Return for each class whether it is an act, opens a scope, is unreal or reports, as bits."""
    masks = ActMasks(lexicon.classes)
    kinds = (masks.act, masks.opening, masks.unreal, masks.reporting)
    return np.array(sum(mask.astype(np.uint8) << bit for bit, mask in enumerate(kinds)), np.uint8)


def _scope_bits(lexicon: Lexicon) -> NDArray[np.uint32]:
    """Return for each class the scopes that its cues open, as bits from the third on."""
    opens = scope_classes(lexicon.classes)
    bits = np.uint32(1) << np.arange(2, 2 + len(opens), dtype=np.uint32)
    return np.array((opens * bits[:, None]).sum(axis=0), np.uint32)
