"""One regression per stance, calibrated, with a threshold each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from stance.calibration import stance_probabilities
from stance.calibrators import best_threshold, platt_scaling
from stance.classifiers.linear import Given, average, linear_scores, own_columns, without_weightless
from stance.errors import TrainingError
from stance.hints import did_you_mean
from stance.labels import NONE, STANCES

__all__ = ["StanceClassifier", "indicator"]

Floats = NDArray[np.float64]


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
    stances : tuple of str or None, default STANCES
        Names of the columns of y.  With None they are numbers, and y may also have one dimension
        and two values: then this is an ordinary binary classifier.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_stances,)
        The stances, in the order of all columns; of a binary classifier the two values.
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
        stances: tuple[str, ...] | None = STANCES,
    ) -> None:
        self.C = C
        self.balanced = balanced
        self.random_state = random_state
        self.given = given
        self.stances = stances

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.target_tags.multi_output = True
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.multi_label = True
        return tags

    def fit(self, X: Any, y: ArrayLike, sample_weight: Floats | None = None) -> Self:
        """Fit one regression per stance.

        Parameters
        ----------
        X : array or CSR matrix, shape (n_samples, n_features)
        y : array of 0 and 1, shape (n_samples, n_stances)
            Columns in the order of `stances`, which that of ``MultiLabelBinarizer`` is not; see
            :func:`indicator`.  Without `stances` also an array of two values, shape (n_samples,).
        sample_weight : ndarray of float64, shape (n_samples,), optional

        Returns
        -------
        StanceClassifier

        Raises
        ------
        TrainingError
            If a stance holds for no row or for every row.
        ValueError
            If `X` or `y` have another shape, or hold something else; or if `y` is a data frame whose
            columns are the stances in another order.
        """
        _refuse_names(y, self.stances)
        X, target = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64, multi_output=True)
        X, target, sample_weight = without_weightless(X, target, sample_weight)
        truth, classes = self._read_target(target)
        own, fitted = own_columns(X, self.given), []
        for j, column in enumerate(truth.T):
            if column.min() == column.max():
                raise TrainingError(
                    f"the stance {str(classes[j])!r} holds for {'every row' if column[0] else 'no row'}; "
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
        self.classes_ = classes
        self.coef_, self.intercept_ = average(
            np.vstack([m.coef_ for m in fitted]), np.concatenate([m.intercept_ for m in fitted]), self.given
        )
        self.calibration_ = np.tile([1.0, 0.0], (len(fitted), 1))
        self.thresholds_ = np.full(len(fitted), 0.5)
        return self

    def _read_target(self, y: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Return y as columns of 0 and 1, and the classes."""
        check_classification_targets(y)
        if self.stances is None and y.ndim == 1:
            classes = np.unique(y)
            if len(classes) > 2:
                raise ValueError(
                    "Only binary classification is supported. The type of the target is multiclass; for "
                    "labels of which one holds use SentimentClassifier"
                )
            if len(classes) == 1:
                raise TrainingError(
                    f"y holds one class, {classes.tolist()[0]!r}; training needs rows of two classes"
                )
            return (y == classes[1]).astype(np.int64)[:, None], classes
        names = self.stances if self.stances is not None else range(y.shape[1])
        if y.ndim != 2 or y.shape[1] != len(names) or not np.isin(y, (0, 1)).all():
            raise ValueError(
                f"y must hold 0 and 1 and have shape (n_samples, {len(names)}), got {y.shape}; "
                "make it with stance.classifiers.indicator"
            )
        return y.astype(np.int64), np.array(names)

    def _is_binary(self) -> bool:
        return len(self.classes_) != len(self.coef_)

    def calibrate(self, scores: Floats, y: ArrayLike) -> Self:
        """Fit the sigmoids and choose the thresholds on scores of rows that were not fitted on.

        Parameters
        ----------
        scores : ndarray of float64, shape (n_samples, n_stances) or (n_samples,)
            Out-of-fold :meth:`decision_function`.
        y : array of 0 and 1, shape (n_samples, n_stances)
            As in :meth:`fit`.

        Returns
        -------
        StanceClassifier
        """
        truth, _ = self._read_target(np.asarray(y))
        columns = scores.reshape(len(truth), -1)
        self.calibration_ = np.array([platt_scaling(s, t) for s, t in zip(columns.T, truth.T, strict=True)])
        probabilities = self.probabilities(columns)
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

    def scores(self, X: Any) -> Floats:
        """Return the linear scores, shape (n_samples, n_stances); one column if binary."""
        return linear_scores(self, X)

    def decision_function(self, X: Any) -> Floats:
        """Return the linear scores, shape (n_samples, n_stances), columns as ``classes_``.

        Of a binary classifier those of the second class, shape (n_samples,).
        """
        scores = self.scores(X)
        return scores[:, 0] if self._is_binary() else scores

    def predict_proba(self, X: Any) -> Floats:
        """Return calibrated probabilities, shape (n_samples, n_classes), columns as ``classes_``.

        Those of stances are independent; those of a binary classifier sum to one.
        """
        p = self.probabilities(self.scores(X))
        return np.hstack([1 - p, p]) if self._is_binary() else p

    def predict(self, X: Any) -> NDArray[Any]:
        """Return 0 and 1, shape (n_samples, n_stances): which stances reach their threshold.

        Of a binary classifier one of the two values each, shape (n_samples,).
        """
        p = self.probabilities(self.scores(X))
        held: NDArray[np.int64] = (p >= self.thresholds_).astype(np.int64)
        return self.classes_[held[:, 0]] if self._is_binary() else held


def _refuse_names(y: Any, stances: tuple[str, ...] | None) -> None:
    """Refuse y that holds names, and a frame of columns that are not in the order of the stances."""
    columns = [str(c) for c in getattr(y, "columns", ())]
    if stances and set(columns) & set(stances) and columns != list(stances):
        raise ValueError(
            f"the columns of y must be {', '.join(stances)} in this order, got {', '.join(columns)}; "
            "pass y[list(stances)], or name your order by StanceClassifier(stances=...)"
        )
    if (
        columns
        or isinstance(y, str)
        or not isinstance(y, Iterable)
        or str(getattr(y, "dtype", "object")) != "object"
    ):
        return
    held = [row for row in y if isinstance(row, (list, tuple, set, frozenset))]
    if any(isinstance(row, (set, frozenset)) or any(isinstance(s, str) for s in row) for row in held):
        raise ValueError("y holds names; turn them into 0 and 1 by stance.classifiers.indicator(y)")


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

    Raises
    ------
    TypeError
        If a str stands where the list of a row's stances is wanted.
    ValueError
        If a stance is not among `names`, and is neither ``"none"`` nor empty.

    Examples
    --------
    >>> indicator([["warning"], []]).tolist()
    [[0, 1, 0], [0, 0, 0]]
    """
    rows, known = [], {*names, NONE, ""}
    for held in [stances] if isinstance(stances, str) else stances:
        if isinstance(held, str):
            raise TypeError(
                f"each row wants a list of names, got the str {held!r}; pass [[name, ...], ...], or split it at its '|'"
            )
        if names and (unknown := sorted(set(held) - known)):
            raise ValueError(
                f"the stance {unknown[0]!r} is unknown{did_you_mean(unknown[0], names)}; "
                f"use {', '.join(names)}, or pass the names of your own as the second argument"
            )
        rows.append([int(s in held) for s in names])
    return np.array(rows, np.int64).reshape(len(rows), len(names))
