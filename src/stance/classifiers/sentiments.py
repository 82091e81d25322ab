"""One regression over labels of which one holds, calibrated by a temperature."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from stance.calibration import sentiment_probabilities
from stance.calibrators import temperature_scaling
from stance.classifiers.linear import Given, average, linear_scores, own_columns, without_weightless
from stance.errors import TrainingError

__all__ = ["SentimentClassifier"]

Floats = NDArray[np.float64]


class SentimentClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Multinomial logistic regression over labels of which one holds, calibrated by a temperature.

    Parameters
    ----------
    C : float, default 0.003
        Inverse of the regularisation strength.
    given : Given, optional
        Columns that hold scores already.
    sentiments : tuple of str, optional
        The labels, of which training wants each; those found in y by default.
    balanced : bool, default False
        Whether the rows of each label weigh the same in all.

    Attributes
    ----------
    classes_ : ndarray, shape (n_sentiments,)
        In the order of `sentiments`, or sorted.
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
        sentiments: tuple[str, ...] | None = None,
        balanced: bool = False,
    ) -> None:
        self.C = C
        self.given = given
        self.sentiments = sentiments
        self.balanced = balanced

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

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
            If a sentiment is missing from `y`, or there are not two.
        ValueError
            If `X` or `y` have another shape, or hold something else.
        """
        X, target = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64)
        X, target, sample_weight = without_weightless(X, target, sample_weight)
        check_classification_targets(target)
        self.classes_ = np.unique(target) if self.sentiments is None else np.array(self.sentiments)
        for sentiment in self.classes_.tolist():
            if not (target == sentiment).any():
                numbered = (
                    "; y holds numbers, as cross_val_predict makes them of labels: leave out sentiments=..."
                    if isinstance(sentiment, str) and target.dtype.kind in "iuf"
                    else ""
                )
                raise TrainingError(
                    f"the label {sentiment!r} holds for no row; "
                    f"training needs rows of each of {', '.join(map(str, self.classes_))}{numbered}"
                )
        if len(self.classes_) < 2:
            raise TrainingError(
                f"y holds one class, {self.classes_.tolist()[0]!r}; training needs rows of two classes"
            )
        model = LogisticRegression(
            C=self.C, max_iter=1000, tol=1e-2, class_weight="balanced" if self.balanced else None
        ).fit(own_columns(X, self.given), self._codes(target), sample_weight)
        coef, intercept = model.coef_, model.intercept_
        if len(self.classes_) == 2:  # one row of the difference: halves keep the softmax the same
            coef, intercept = np.vstack([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
        self.coef_, self.intercept_ = average(coef, intercept, self.given)
        self.temperature_ = 1.0
        return self

    def calibrate(self, scores: Floats, y: ArrayLike) -> Self:
        """Choose the temperature on out-of-fold scores.

        Parameters
        ----------
        scores : ndarray of float64, shape (n_samples, n_sentiments)
            Out-of-fold :meth:`decision_function`; of two sentiments, shape (n_samples,).
        y : array of str, shape (n_samples,)

        Returns
        -------
        SentimentClassifier
        """
        columns = scores if scores.ndim == 2 else np.stack([-scores, scores], axis=1) / 2
        self.temperature_ = temperature_scaling(columns, self._codes(np.asarray(y)))
        return self

    def _codes(self, y: NDArray[Any]) -> NDArray[np.int64]:
        number = {name: i for i, name in enumerate(self.classes_.tolist())}
        return np.array([number[label] for label in y.tolist()], np.int64)

    def probabilities(self, scores: Floats) -> Floats:
        """Turn scores into probabilities that sum to one, shape (n_samples, n_sentiments)."""
        return sentiment_probabilities(scores, self.temperature_)

    def scores(self, X: Any) -> Floats:
        """Return the linear scores, shape (n_samples, n_sentiments), columns as ``classes_``."""
        return linear_scores(self, X)

    def decision_function(self, X: Any) -> Floats:
        """Return the linear scores, shape (n_samples, n_sentiments), columns as ``classes_``.

        Of two sentiments that of the second less that of the first, shape (n_samples,).
        """
        scores = self.scores(X)
        return scores if len(self.classes_) > 2 else scores[:, 1] - scores[:, 0]

    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities, shape (n_samples, n_sentiments), columns as ``classes_``."""
        return self.probabilities(self.scores(X))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable sentiment of each row, shape (n_samples,)."""
        number = self.scores(X).argmax(axis=1)  # first: it refuses what is not fitted
        best: NDArray[Any] = self.classes_[number]
        return best
