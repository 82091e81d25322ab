"""Texts paired with what their labels are about: a target, or a second text.

Targets of a small closed set (at most :data:`MAX_CLOSED` distinct ones) are learned apart from each
other and together: every feature has a shared weight and one per target ("frustratingly easy
domain adaptation", Daumé III 2007).  Of targets that are texts themselves, the words count with
weights of their own, and so does what text and target have in common.

Either way a score stays a sum over words, now with more outputs per word: those of the text
alone, then those for each closed target, or those of a word that stands in the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from stance.features.counts import Analysed, Counts
from stance.features.overlap import overlap_features
from stance.features.vectorizer import StatementVectorizer
from stance.features.weights import ModelWeights

__all__ = ["MAX_CLOSED", "PairCounts", "PairVectorizer"]

MAX_CLOSED = 12


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Counts of the features of pairs, see :mod:`stance.features.counts`.

    Attributes
    ----------
    counts : Counts
        Of texts, then of `targets`.
    targets : tuple of str
        The distinct ones, sorted.
    text : ndarray of int64, shape (n_pairs,)
        Each pair's text: a row of `counts`.
    target : ndarray of int64, shape (n_pairs,)
        Its target: a number in `targets`.
    overlap : ndarray of float64, shape (n_pairs, n_overlaps), or None
        None with few targets, for which it is no feature.
    """

    counts: Counts
    targets: tuple[str, ...]
    text: NDArray[np.int64]
    target: NDArray[np.int64]
    overlap: NDArray[np.float64] | None

    def take(self, rows: NDArray[np.int64]) -> PairCounts:
        """Return the counts of some pairs."""
        overlap = self.overlap[rows] if self.overlap is not None else None
        return replace(self, text=self.text[rows], target=self.target[rows], overlap=overlap)

    def row_of_target(self, target: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of `counts` that hold some targets."""
        return self.counts.n_texts - len(self.targets) + target


class PairVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Features of a text, of its target and of their overlap.

    Parameters
    ----------
    vectorizer : StatementVectorizer
        Of the texts; cloned.
    target_weight : float, default 1.0
        Factor of the features that one closed target has apart.

    Attributes
    ----------
    vectorizer_ : StatementVectorizer
    targets_ : tuple of str
        The closed targets, sorted; empty where targets are texts.

    Examples
    --------
    >>> vectorizer = PairVectorizer(StatementVectorizer(min_df=1))
    >>> pairs = [("نؤيد القرار", "النقل"), ("نرفض القرار", "التعليم")]
    >>> vectorizer.fit_transform(pairs).shape[0], vectorizer.targets_
    (2, ('التعليم', 'النقل'))
    """

    def __init__(self, vectorizer: StatementVectorizer, target_weight: float = 1.0) -> None:
        self.vectorizer = vectorizer
        self.target_weight = target_weight

    def fit(self, X: Sequence[tuple[str, str]], y: object = None) -> Self:  # noqa: ARG002  # scikit-learn passes it
        """Learn which features and targets occur.

        Parameters
        ----------
        X : sequence of (text, target)
        y : ignored

        Returns
        -------
        PairVectorizer
        """
        self.fit_counts(self.count(X))
        return self

    def count(self, X: Sequence[tuple[str, str]]) -> PairCounts:
        """Count the features of texts and targets, before anything is learned.

        Parameters
        ----------
        X : sequence of (text, target)

        Returns
        -------
        PairCounts
        """
        texts, targets = [t for t, _ in X], [t for _, t in X]
        distinct = sorted(set(targets))
        analysed = Analysed.of([*texts, *distinct], self.vectorizer.lexicon, self.vectorizer.analyzer)
        number = {target: i for i, target in enumerate(distinct)}
        overlap = None
        if len(distinct) > MAX_CLOSED:
            overlap = overlap_features(texts, targets, analysed.table.lexicon)
        return PairCounts(
            self.vectorizer.count(analysed),
            tuple(distinct),
            np.arange(len(texts)),
            np.array([number[target] for target in targets], np.int64),
            overlap,
        )

    def fit_counts(self, found: PairCounts) -> sparse.csr_matrix:
        """Learn which features and targets occur from counted pairs, and return their matrix.

        Parameters
        ----------
        found : PairCounts
            By :meth:`count`, or some rows of such.

        Returns
        -------
        csr_matrix of float64, shape (n_pairs, n_features)
        """
        distinct = np.unique(found.target)
        closed = len(distinct) <= MAX_CLOSED
        self.targets_ = tuple(found.targets[i] for i in distinct.tolist()) if closed else ()
        rows = found.text if closed else np.concatenate([found.text, found.row_of_target(distinct)])
        self.vectorizer_ = clone(self.vectorizer)
        self.vectorizer_.fit_counts(found.counts.take(rows))
        return self.transform_counts(found)

    def transform_counts(self, found: PairCounts) -> sparse.csr_matrix:
        """Return the matrix of pairs that were counted together with those of :meth:`fit_counts`.

        Parameters
        ----------
        found : PairCounts

        Returns
        -------
        csr_matrix of float64, shape (n_pairs, n_features)
        """
        check_is_fitted(self, "targets_")
        own = self.vectorizer_.transform_counts(found.counts.take(found.text))
        if self.targets_:
            return self._apart(own, [found.targets[i] for i in found.target.tolist()])
        beside = self.vectorizer_.transform_counts(found.counts.take(found.row_of_target(found.target)))
        return sparse.hstack([own, beside, sparse.csr_matrix(found.overlap)], format="csr")

    def transform(self, X: Sequence[tuple[str, str]]) -> sparse.csr_matrix:
        """Return the matrix of pairs.

        Parameters
        ----------
        X : sequence of (text, target)

        Returns
        -------
        csr_matrix of float64, shape (n_pairs, n_features)
            The text's columns; then those of each closed target and whether it is the target, or
            those of the target's words and the overlap.
        """
        check_is_fitted(self, "targets_")
        texts, targets = [t for t, _ in X], [t for _, t in X]
        own = self.vectorizer_.transform(texts)
        if self.targets_:
            return self._apart(own, targets)
        overlap = overlap_features(texts, targets, self.vectorizer_.lexicon_)
        return sparse.hstack(
            [own, self.vectorizer_.transform(targets), sparse.csr_matrix(overlap)], format="csr"
        )

    def _apart(self, own: sparse.csr_matrix, targets: Sequence[str]) -> sparse.csr_matrix:
        """Append the columns of each closed target to those of the texts."""
        chosen = np.array([[t == known for known in self.targets_] for t in targets], np.float64)
        apart = [sparse.diags(column * self.target_weight) @ own for column in chosen.T]
        return sparse.hstack([own, *apart, sparse.csr_matrix(chosen)], format="csr")

    def fold(self, coef: NDArray[np.float64], intercept: NDArray[np.float64]) -> ModelWeights:
        """Fold a linear model over the columns into word scores with more outputs.

        Parameters
        ----------
        coef : ndarray of float64, shape (n_labels, n_features)
        intercept : ndarray of float64, shape (n_labels,)

        Returns
        -------
        ModelWeights
            ``n_labels * (1 + n_targets)`` outputs, or ``n_labels * 2`` where targets are texts.
        """
        n_labels, n_parts = len(coef), 1 + (len(self.targets_) or 1)
        width = len(self.vectorizer_.get_feature_names_out())
        factor = [1.0] + [self.target_weight if self.targets_ else 1.0] * (n_parts - 1)
        stacked = np.vstack([coef[:, i * width : (i + 1) * width] * factor[i] for i in range(n_parts)])
        rest = coef[:, n_parts * width :]
        if self.targets_:
            closed: ModelWeights = self.vectorizer_.fold(stacked, np.concatenate([intercept, *rest.T]))
            return closed
        weights: ModelWeights = self.vectorizer_.fold(
            stacked, np.concatenate([intercept, np.zeros(n_labels)])
        )
        return replace(weights, overlap=rest.T.astype(np.float32))
