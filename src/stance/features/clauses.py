"""The best clause beside the whole text: a sentence may hold several acts, and one of them decides.

A clause begins at each punctuation mark and behind each quotation mark.  What its words add to the sums of features
is its score; the score of a text is its own and that of its best clause, in the mean by a weight:

    (1 - w) * sum over all clauses + w * the largest sum of a clause

So it stays a sum over words, in which those of the best clause count more, and no clause is analysed twice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stance.features.analysis import Analysis
from stance.features.weights import ModelWeights

__all__ = ["best_clauses", "clause_factors", "clauses_of"]

Floats = NDArray[np.float64]


def clauses_of(found: Analysis) -> NDArray[np.int64]:
    """Give the clauses of texts numbers.

    Parameters
    ----------
    found : Analysis

    Returns
    -------
    ndarray of int64, shape (n_tokens,)
        Of each token, over all texts.
    """
    begins = ~found.is_word
    begins[:1] = True
    # between neighbours that were none stood quotation marks
    begins[1:] |= (np.diff(found.text) > 0) | (np.diff(found.origin) > 1)
    numbers: NDArray[np.int64] = np.cumsum(begins) - 1
    return numbers


def best_clauses(weights: ModelWeights, sums: Floats, text: NDArray[np.int64], n_texts: int) -> Floats:
    """Return the scores of texts by the sums of their clauses.

    Parameters
    ----------
    weights : ModelWeights
    sums : ndarray of float64, shape (n_clauses, n_outputs)
    text : ndarray of int64, shape (n_clauses,)
        The text of each clause, ascending.
    n_texts : int

    Returns
    -------
    ndarray of float64, shape (n_texts, n_outputs)
    """
    n, total = weights.n_clause_outputs, np.zeros((n_texts, sums.shape[1]))
    np.add.at(total, text, sums)
    if len(text):
        first = np.flatnonzero(np.diff(text, prepend=-1))
        best = np.maximum.reduceat(sums[:, :n], first, axis=0)
        some = total[text[first], :n]
        total[text[first], :n] = some + weights.clause_weight * (best - some)
    return total


def clause_factors(weights: ModelWeights, sums: Floats) -> Floats:
    """Return what the sums of one text's clauses are multiplied by: added up then, they are its scores.

    Parameters
    ----------
    weights : ModelWeights
    sums : ndarray of float64, shape (n_clauses, n_outputs)

    Returns
    -------
    ndarray of float64, shape (n_clauses, n_outputs)
    """
    n = weights.n_clause_outputs
    factors = np.ones_like(sums)
    if len(sums):
        factors[:, :n] = 1 - weights.clause_weight
        factors[sums[:, :n].argmax(axis=0), np.arange(n)] = 1.0  # the first of the best
    return factors
