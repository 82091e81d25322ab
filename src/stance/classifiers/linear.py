"""What both classifiers do alike: which columns are fitted, rounding, scores."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted, validate_data

__all__ = ["Given", "average", "linear_scores", "own_columns", "without_weightless"]

Floats = NDArray[np.float64]


class Given(NamedTuple):
    """The last columns of X are scores that another estimator learned from the same rows.

    They are averaged with the regression's own scores, not fitted again: on the rows they were
    learned from they look better than they are.

    Attributes
    ----------
    n_columns : int
    first : int
        Which of them is the score of the first class.
    weight : float
        Share in the average, from 0 to 1.
    """

    n_columns: int
    first: int
    weight: float


def linear_scores(fitted: Any, X: Any) -> Floats:
    """Return the scores of a fitted classifier, shape (n_samples, n_rows of ``coef_``)."""
    check_is_fitted(fitted, "coef_")
    # no texts are no error: they get no labels
    X = validate_data(fitted, X, accept_sparse="csr", dtype=np.float64, ensure_min_samples=0, reset=False)
    scores: Floats = np.asarray(X @ fitted.coef_.T) + fitted.intercept_
    return scores


def without_weightless(X: Any, y: NDArray[Any], weight: Any) -> tuple[Any, NDArray[Any], Any]:
    """Leave rows of no weight out: a class that only they have is no class to learn."""
    given = np.asarray(weight)
    counts = given != 0
    if given.shape != (len(y),) or counts.all() or not counts.any():
        return X, y, weight  # what is wrong with them, the regression says
    return X[counts], y[counts], given[counts]


def own_columns(X: Any, given: Given | None) -> Any:
    """Return the columns that are fitted: all but the given scores."""
    return X[:, : X.shape[1] - given.n_columns] if given else X


def average(coef: Any, intercept: Any, given: Given | None) -> tuple[Floats, Floats]:
    """Round fitted weights to float32, and append those of the given scores."""
    own = 1 - given.weight if given else 1.0
    rounded = [np.asarray(own * values, np.float32).astype(np.float64) for values in (coef, intercept)]
    if given:
        weights = np.zeros((len(coef), given.n_columns))
        weights[np.arange(len(coef)), given.first + np.arange(len(coef))] = given.weight
        rounded[0] = np.hstack([rounded[0], weights])
    return rounded[0], rounded[1]
