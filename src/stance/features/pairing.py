"""Scores of texts with targets, from word scores that have outputs for both (see ``pairs``)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.features.overlap import overlap_features
from stance.features.scorer import Scorer

__all__ = ["for_target", "pair_scores", "target_scores"]

Floats = NDArray[np.float64]


def pair_scores(
    scorer: Scorer, texts: Sequence[str], targets: Sequence[str], known: Sequence[str], n_labels: int
) -> Floats:
    """Score texts with their targets.

    Parameters
    ----------
    scorer : Scorer
    texts, targets : sequence of str, of one length
    known : sequence of str
        The closed targets; empty where targets are texts.
    n_labels : int

    Returns
    -------
    ndarray of float64, shape (n_texts, n_labels)
    """
    found = scorer.scores(texts)
    if not known:
        return found[:, :n_labels] + target_scores(scorer, texts, targets, n_labels)
    number = {target: i for i, target in enumerate(known)}
    result = found[:, :n_labels].copy()
    chosen = np.array([number.get(t, -1) for t in targets], np.int64)
    for i in range(len(known)):
        result[chosen == i] += found[chosen == i, n_labels * (1 + i) : n_labels * (2 + i)]
    return result


def target_scores(scorer: Scorer, texts: Sequence[str], targets: Sequence[str], n_labels: int) -> Floats:
    """Score what targets that are texts add: their words, and what they share with their text.

    Parameters
    ----------
    scorer : Scorer
    texts, targets : sequence of str, of one length
    n_labels : int

    Returns
    -------
    ndarray of float64, shape (n_texts, n_labels)
    """
    overlap = overlap_features(texts, targets, scorer.lexicon)
    weights = scorer.weights.overlap
    assert weights is not None  # noqa: S101  # for the type checker
    scores: Floats = scorer.scores(targets)[:, n_labels:] + overlap @ weights.astype(np.float64)
    return scores


def for_target(values: Floats, target: str, known: Sequence[str], n_labels: int) -> Floats:
    """Take together the outputs that count for a closed target, of weights or of shares.

    Parameters
    ----------
    values : ndarray of float64, shape (..., n_outputs)
    target : str
        One that is not known has no outputs of its own.
    known : sequence of str
    n_labels : int

    Returns
    -------
    ndarray of float64, shape (..., n_labels)
    """
    result: Floats = values[..., :n_labels]
    if target in known:
        i = list(known).index(target)
        result = result + values[..., n_labels * (1 + i) : n_labels * (2 + i)]
    return result
