"""Learning the tables of a ranker from annotated sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from stance.errors import TrainingError
from stance.ranking.tables import Description, Tables

__all__ = ["Choices", "fit_choices", "fit_decisions"]

_STEPS = 200
_UNIT = 1 / 1024
"""Of weights: what is finer decides nothing and takes the more space the less it can be compressed."""


class Choices:
    """Sentences with the things that compete in each, kept as one sparse matrix.

    A thing of kind 0 is described by the first block of templates, one of kind 1 by the second, and
    so on: "a name begins here" and "nobody speaks" have tables of their own.

    Parameters
    ----------
    templates : sequence of int
        How many templates each kind has.
    """

    def __init__(self, templates: Sequence[int]) -> None:
        self.offsets = np.cumsum([0, *templates]).tolist()
        self.vocabulary: dict[tuple[int, str], int] = {}
        self._columns: list[int] = []
        self._ends: list[int] = [0]
        self.sizes: list[int] = []
        self.right: list[tuple[int, ...]] = []

    def add(self, things: Iterable[tuple[int, Description]], *right: int) -> None:
        """Add one sentence.

        Parameters
        ----------
        things : iterable of (int, Description)
            The kind and description of each thing.
        *right : int
            The index of the right one; several where it does not matter which is found.
        """
        number = self.vocabulary
        size = 0
        for kind, description in things:
            offset = self.offsets[kind]
            for template, value in enumerate(description, offset):
                if value:
                    self._columns.append(number.setdefault((template, value), len(number)))
            self._ends.append(len(self._columns))
            size += 1
        self.sizes.append(size)
        self.right.append(right)

    def matrix(self, min_count: int) -> tuple[sparse.csr_matrix, list[tuple[int, str]]]:
        """Return the things as rows over the features that occur often enough.

        Parameters
        ----------
        min_count : int
            Things that a value must describe.

        Returns
        -------
        matrix : sparse matrix of float32, shape (n_things, n_features)
        names : list of (int, str)
            Template and value of each column, sorted.
        """
        rows = len(self._ends) - 1
        columns = np.array(self._columns, np.int32)
        counts = np.bincount(columns, minlength=len(self.vocabulary))
        names = sorted(k for k, i in self.vocabulary.items() if counts[i] >= min_count)
        order = np.array([self.vocabulary[k] for k in names], np.int64)
        shape = (rows, len(self.vocabulary))
        matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, np.array(self._ends)), shape)
        return matrix[:, order], names

    def tables(
        self, names: Sequence[tuple[int, str]], weights: NDArray[np.float64], least: float
    ) -> list[Tables]:
        """Sort weights into tables.

        Parameters
        ----------
        names : sequence of (int, str)
        weights : ndarray of float64, shape (n_features,)
        least : float
            Smaller weights are left out.

        Returns
        -------
        list of Tables
            One for each kind.
        """
        tables: list[dict[str, float]] = [{} for _ in range(self.offsets[-1])]
        for (template, value), weight in zip(names, weights.tolist(), strict=True):
            if abs(weight) >= least:
                tables[template][value] = round(weight / _UNIT) * _UNIT
        return [tuple(tables[a:b]) for a, b in zip(self.offsets, self.offsets[1:], strict=False)]


def fit_choices(choices: Choices, penalty: float, min_count: int, least: float) -> list[Tables]:
    """Fit a conditional logit: the right thing of each sentence against the others in it.

    Of several right things the sum of their odds counts, so the fit settles which of them it finds.

    Parameters
    ----------
    choices : Choices
    penalty : float
        Of the squared weights.
    min_count : int
        Things that a value must describe.
    least : float
        Weights below are left out of the tables.

    Returns
    -------
    list of Tables
        One for each kind of thing.

    Raises
    ------
    TrainingError
        If there is nothing to learn from.
    """
    if not choices.sizes:
        raise TrainingError("no row tells who speaks; give rows with the columns speaker and recipient")
    matrix, names = choices.matrix(min_count)
    turned = matrix.T.tocsr()
    sizes = np.array(choices.sizes)
    first = np.cumsum(sizes) - sizes
    right = np.zeros(matrix.shape[0], bool)
    right[[at + k for at, ks in zip(first.tolist(), choices.right, strict=True) for k in ks]] = True

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = (matrix @ weights.astype(np.float32)).astype(np.float64)
        top = np.maximum.reduceat(scores, first)
        odds = np.exp(scores - np.repeat(top, sizes))
        total = np.add.reduceat(odds, first)
        best = np.maximum.reduceat(np.where(right, scores, -np.inf), first)
        share = np.exp(np.where(right, scores - np.repeat(best, sizes), -np.inf))
        among = np.add.reduceat(share, first)
        surprise = -(best + np.log(among) - top - np.log(total)).sum()
        odds /= np.repeat(total, sizes)
        odds -= share / np.repeat(among, sizes)
        slope = (turned @ odds.astype(np.float32)).astype(np.float64) + penalty * weights
        return surprise + penalty / 2 * float(weights @ weights), slope

    start = np.zeros(matrix.shape[1])
    weights = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return choices.tables(names, weights, least)


def fit_decisions(choices: Choices, penalty: float, min_count: int, least: float) -> Tables:
    """Fit a logistic regression of yes and no: each thing is added alone, with 1 for yes, 0 for no.

    Parameters
    ----------
    choices : Choices
        Of one kind of thing.
    penalty, min_count, least
        As in :func:`fit_choices`.

    Returns
    -------
    Tables
        A score above 0 means yes.

    Raises
    ------
    TrainingError
        If there is nothing to learn from.
    """
    yes = np.array([k for k, *_ in choices.right], np.float64)
    if len(set(yes.tolist())) < 2:
        raise TrainingError("no row names a speaker; give rows with the columns speaker and recipient")
    matrix, names = choices.matrix(min_count)
    turned = matrix.T.tocsr()
    sign = 2 * yes - 1

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = (matrix @ weights.astype(np.float32)).astype(np.float64)
        surprise = np.logaddexp(0, -sign * scores).sum()
        gap = 1 / (1 + np.exp(-np.clip(scores, -40, 40))) - yes
        slope = (turned @ gap.astype(np.float32)).astype(np.float64) + penalty * weights
        return float(surprise) + penalty / 2 * float(weights @ weights), slope

    start = np.zeros(matrix.shape[1])
    weights = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return choices.tables(names, weights, least)[0]
