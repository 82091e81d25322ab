"""The classifiers: linear, calibrated, with a threshold per stance.

Both keep to scikit-learn's contract: state learned from data ends in ``_``, ``__init__`` only
stores.  Coefficients are rounded to float32 after fitting, so that what is written to disk is
exactly what was fitted.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from stance.calibration import sentiment_probabilities, stance_probabilities
from stance.calibrators import best_threshold, platt_scaling, temperature_scaling
from stance.errors import TrainingError
from stance.labels import SENTIMENTS, STANCES

__all__ = ["Given", "SentimentClassifier", "StanceClassifier", "indicator"]

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


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """One logistic regression per stance; several stances may hold at once.

    Parameters
    ----------
    C : float, default 0.01
        Inverse of the regularisation strength.
    balanced : bool, default True
        Whether rows with and without a stance weigh the same in all.
    random_state : int, default 0
        Seed of the solver.
    given : Given, optional
        Columns that hold scores already.
    stances : tuple of str, default STANCES
        Names of the columns of y.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_stances,)
        The stances, in the order of all columns.
    coef_ : ndarray of float64, shape (n_stances, n_features)
        Holding float32 values.
    intercept_ : ndarray of float64, shape (n_stances,)
    calibration_ : ndarray of float64, shape (n_stances, 2)
        Slope and offset of Platt's sigmoid; identity until :meth:`calibrate`.
    thresholds_ : ndarray of float64, shape (n_stances,)
        A stance holds at this probability and above; one half until :meth:`calibrate`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0.0, 1], [1, 0], [1, 1], [0, 0]])
    >>> y = [["warning"], ["supportive"], ["supportive", "warning"], ["calling_for_ceasefire"]]
    >>> StanceClassifier(C=10).fit(X, indicator(y)).predict_proba(X).shape
    (4, 3)
    """

    def __init__(
        self,
        C: float = 0.01,
        balanced: bool = True,
        random_state: int = 0,
        given: Given | None = None,
        stances: tuple[str, ...] = STANCES,
    ) -> None:
        self.C = C
        self.balanced = balanced
        self.random_state = random_state
        self.given = given
        self.stances = stances

    def fit(self, X: Any, y: ArrayLike, sample_weight: Floats | None = None) -> Self:
        """Fit one regression per stance.

        Parameters
        ----------
        X : array or CSR matrix, shape (n_samples, n_features)
        y : array of 0 and 1, shape (n_samples, n_stances)
            Columns in the order of `stances`; see :func:`indicator`.
        sample_weight : ndarray of float64, shape (n_samples,), optional

        Returns
        -------
        StanceClassifier

        Raises
        ------
        TrainingError
            If a stance holds for no row or for every row.
        """
        truth, n = np.asarray(y), len(self.stances)
        if truth.ndim != 2 or truth.shape[1] != n:
            raise ValueError(
                f"y must have shape (n_samples, {n}), got {truth.shape}; make it with stance.classifiers.indicator"
            )
        own, fitted = _own_columns(X, self.given), []
        for j, stance in enumerate(self.stances):
            column = truth[:, j].astype(np.int64)
            if column.min() == column.max():
                raise TrainingError(
                    f"the stance {stance!r} holds for {'every row' if column[0] else 'no row'}; "
                    "training needs rows with it and rows without it"
                )
            model = LogisticRegression(
                C=self.C,
                class_weight="balanced" if self.balanced else None,
                solver="liblinear",
                random_state=self.random_state,
                max_iter=500,
            )
            fitted.append(model.fit(own, column, sample_weight))
        self.classes_ = np.array(self.stances)
        self.coef_, self.intercept_ = _average(
            np.vstack([m.coef_ for m in fitted]), np.concatenate([m.intercept_ for m in fitted]), self.given
        )
        self.calibration_ = np.tile([1.0, 0.0], (n, 1))
        self.thresholds_ = np.full(n, 0.5)
        self.n_features_in_ = self.coef_.shape[1]
        return self

    def calibrate(self, scores: Floats, y: ArrayLike) -> Self:
        """Fit the sigmoids and choose the thresholds on scores of rows that were not fitted on.

        Parameters
        ----------
        scores : ndarray of float64, shape (n_samples, n_stances)
            Out-of-fold :meth:`decision_function`.
        y : array of 0 and 1, shape (n_samples, n_stances)

        Returns
        -------
        StanceClassifier
        """
        truth = np.asarray(y)
        self.calibration_ = np.array([platt_scaling(s, t) for s, t in zip(scores.T, truth.T, strict=True)])
        probabilities = self.probabilities(scores)
        self.thresholds_ = np.array([best_threshold(p) for p in probabilities.T])
        return self

    def probabilities(self, scores: Floats) -> Floats:
        """Turn scores into calibrated probabilities.

        Parameters
        ----------
        scores : ndarray of float64, shape (n_samples, n_stances)

        Returns
        -------
        ndarray of float64, shape (n_samples, n_stances)
        """
        return stance_probabilities(scores, self.calibration_)

    def decision_function(self, X: Any) -> Floats:
        """Return the linear scores, shape (n_samples, n_stances), columns as ``classes_``."""
        check_is_fitted(self, "coef_")
        scores: Floats = np.asarray(X @ self.coef_.T) + self.intercept_
        return scores

    def predict_proba(self, X: Any) -> Floats:
        """Return calibrated probabilities, shape (n_samples, n_stances), columns as ``classes_``."""
        return self.probabilities(self.decision_function(X))

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return 0 and 1, shape (n_samples, n_stances): which stances reach their threshold."""
        held: NDArray[np.int64] = (self.predict_proba(X) >= self.thresholds_).astype(np.int64)
        return held


class SentimentClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Multinomial logistic regression over labels of which one holds, calibrated by a temperature.

    Parameters
    ----------
    C : float, default 0.003
        Inverse of the regularisation strength.
    given : Given, optional
        Columns that hold scores already.
    sentiments : tuple of str, default SENTIMENTS
        The labels.
    balanced : bool, default False
        Whether the rows of each label weigh the same in all.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_sentiments,)
        In the order of `sentiments`.
    coef_ : ndarray of float64, shape (n_sentiments, n_features)
    intercept_ : ndarray of float64, shape (n_sentiments,)
    temperature_ : float
        Scores are divided by it (Guo et al. 2017); 1 until :meth:`calibrate`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.eye(3)
    >>> SentimentClassifier(C=10).fit(X, ["negative", "neutral", "positive"]).predict(X).tolist()
    ['negative', 'neutral', 'positive']
    """

    def __init__(
        self,
        C: float = 0.003,
        given: Given | None = None,
        sentiments: tuple[str, ...] = SENTIMENTS,
        balanced: bool = False,
    ) -> None:
        self.C = C
        self.given = given
        self.sentiments = sentiments
        self.balanced = balanced

    def fit(self, X: Any, y: ArrayLike, sample_weight: Floats | None = None) -> Self:
        """Fit the regression.

        Parameters
        ----------
        X : array or CSR matrix, shape (n_samples, n_features)
        y : array of str, shape (n_samples,)
        sample_weight : ndarray of float64, shape (n_samples,), optional

        Returns
        -------
        SentimentClassifier

        Raises
        ------
        TrainingError
            If a sentiment is missing from `y`.
        """
        truth = np.asarray(y)
        for sentiment in self.sentiments:
            if not (truth == sentiment).any():
                raise TrainingError(
                    f"the label {sentiment!r} holds for no row; "
                    f"training needs rows of each of {', '.join(self.sentiments)}"
                )
        model = LogisticRegression(
            C=self.C, max_iter=1000, tol=1e-2, class_weight="balanced" if self.balanced else None
        ).fit(_own_columns(X, self.given), self._codes(truth), sample_weight)
        coef, intercept = model.coef_, model.intercept_
        if len(self.sentiments) == 2:  # one row of the difference: halves keep the softmax the same
            coef, intercept = np.vstack([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
        self.classes_ = np.array(self.sentiments)
        self.coef_, self.intercept_ = _average(coef, intercept, self.given)
        self.temperature_ = 1.0
        self.n_features_in_ = self.coef_.shape[1]
        return self

    def calibrate(self, scores: Floats, y: ArrayLike) -> Self:
        """Choose the temperature on out-of-fold scores, shape (n_samples, n_sentiments)."""
        self.temperature_ = temperature_scaling(scores, self._codes(np.asarray(y)))
        return self

    def _codes(self, y: NDArray[Any]) -> NDArray[np.int64]:
        number = {name: i for i, name in enumerate(self.sentiments)}
        return np.array([number[label] for label in y.tolist()], np.int64)

    def probabilities(self, scores: Floats) -> Floats:
        """Turn scores into probabilities that sum to one, shape (n_samples, n_sentiments)."""
        return sentiment_probabilities(scores, self.temperature_)

    def decision_function(self, X: Any) -> Floats:
        """Return the linear scores, shape (n_samples, n_sentiments), columns as ``classes_``."""
        check_is_fitted(self, "coef_")
        scores: Floats = np.asarray(X @ self.coef_.T) + self.intercept_
        return scores

    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities, shape (n_samples, n_sentiments), columns as ``classes_``."""
        return self.probabilities(self.decision_function(X))

    def predict(self, X: Any) -> NDArray[np.str_]:
        """Return the most probable sentiment of each row, shape (n_samples,)."""
        best: NDArray[np.str_] = self.classes_[self.decision_function(X).argmax(axis=1)]
        return best


def indicator(stances: Any, names: tuple[str, ...] = STANCES) -> NDArray[np.int64]:
    """Turn lists of stances into a matrix of 0 and 1.

    Parameters
    ----------
    stances : iterable of iterable of str
    names : tuple of str, default STANCES
        The order of the columns.

    Returns
    -------
    ndarray of int64, shape (n_samples, n_stances)

    Examples
    --------
    >>> indicator([["warning"], []]).tolist()
    [[0, 1, 0], [0, 0, 0]]
    """
    rows = [[int(s in held) for s in names] for held in stances]
    return np.array(rows, np.int64).reshape(len(rows), len(names))


def _own_columns(X: Any, given: Given | None) -> Any:
    """Return the columns that are fitted: all but the given scores."""
    return X[:, : X.shape[1] - given.n_columns] if given else X


def _average(coef: Any, intercept: Any, given: Given | None) -> tuple[Floats, Floats]:
    """Round fitted weights to float32, and append those of the given scores."""
    own = 1 - given.weight if given else 1.0
    rounded = [np.asarray(own * values, np.float32).astype(np.float64) for values in (coef, intercept)]
    if given:
        weights = np.zeros((len(coef), given.n_columns))
        weights[np.arange(len(coef)), given.first + np.arange(len(coef))] = given.weight
        rounded[0] = np.hstack([rounded[0], weights])
    return rounded[0], rounded[1]
