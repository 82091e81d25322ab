"""A loaded model as scikit-learn classifiers of texts; imported by :meth:`stance.Predictor.to_sklearn`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags

from stance.model import ModelConfig
from stance.predictions import Decisions

__all__ = ["PretrainedSentiment", "PretrainedStances", "as_classifiers"]

Floats = NDArray[np.float64]
Texts = Sequence[str] | Sequence[tuple[str, str]]


class _Decides(Protocol):
    """A :class:`stance.Predictor`, which stands above this module."""

    @property
    def config(self) -> ModelConfig: ...

    def decide(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Decisions: ...


class _Pretrained(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Fitted for good: fitting again changes nothing, and clones share the model.

    Parameters
    ----------
    predictor : stance.Predictor
    """

    def __init__(self, predictor: _Decides) -> None:
        self.predictor = predictor

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = False
        tags.requires_fit = False
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_clone__(self) -> Self:
        return type(self)(**self.get_params(deep=False))

    def fit(self, X: Texts, y: object = None) -> Self:  # noqa: ARG002  # scikit-learn passes them
        """Change nothing: the model is fitted already.

        Parameters
        ----------
        X, y : ignored

        Returns
        -------
        _Pretrained
        """
        return self

    def _decide(self, X: Texts) -> Decisions:
        """Label texts, or pairs of text and target for a model that was trained with targets."""
        if not self.predictor.config.paired:
            return self.predictor.decide(X)  # type: ignore[arg-type]  # checked there
        pairs = list(X)
        return self.predictor.decide([text for text, _ in pairs], [target for _, target in pairs])


class PretrainedStances(_Pretrained):
    """The stances of a loaded model: a multilabel classifier of texts, or a binary one for one stance.

    Parameters
    ----------
    predictor : stance.Predictor
    stance : str, optional
        With it the classifier is binary, as curves and displays want it.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_stances,)
        The order of all columns; of a binary classifier 0 and 1.
    """

    def __init__(self, predictor: _Decides, stance: str | None = None) -> None:
        super().__init__(predictor)
        self.stance = stance

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = self.stance is None
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.multi_label = self.stance is None
        return tags

    @property
    def classes_(self) -> NDArray[Any]:
        """The stances, or 0 and 1."""
        return np.array(self.predictor.config.stances) if self.stance is None else np.array([0, 1])

    def predict(self, X: Texts) -> NDArray[np.int64]:
        """Return which stances reach the model's thresholds.

        Parameters
        ----------
        X : sequence of str
            Or of pairs (text, target) for a model that was trained with targets.

        Returns
        -------
        ndarray of int64, shape (n_texts, n_stances)
            0 and 1; of one stance, shape (n_texts,).
        """
        held = self._decide(X).held.astype(np.int64)
        return held if self.stance is None else held[:, self._column()]

    def predict_proba(self, X: Texts) -> Floats:
        """Return calibrated probabilities.

        Parameters
        ----------
        X : sequence of str
            As :meth:`predict`.

        Returns
        -------
        ndarray of float64, shape (n_texts, n_stances)
            Columns as ``classes_``; of one stance, shape (n_texts, 2).
        """
        p = self._decide(X).probabilities
        if self.stance is None:
            return p
        one = p[:, self._column()]
        return np.stack([1 - one, one], axis=1)

    def _column(self) -> int:
        stances = self.predictor.config.stances
        if self.stance not in stances:
            raise ValueError(f"the stances of the model are {', '.join(stances)}, got {self.stance!r}")
        return stances.index(self.stance)


class PretrainedSentiment(_Pretrained):
    """The sentiments of a loaded model, or its labels of which one holds: a classifier of texts.

    Parameters
    ----------
    predictor : stance.Predictor

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_sentiments,)
    """

    @property
    def classes_(self) -> NDArray[np.str_]:
        """The sentiments, in the order of the columns of :meth:`predict_proba`."""
        return np.array(self.predictor.config.sentiments)

    def predict(self, X: Texts) -> NDArray[np.str_]:
        """Return the sentiment decided for, which need not be the most probable one.

        Parameters
        ----------
        X : sequence of str
            Or of pairs (text, target) for a model that was trained with targets.

        Returns
        -------
        ndarray of str, shape (n_texts,)
        """
        chosen: NDArray[np.str_] = self.classes_[self._decide(X).sentiment]
        return chosen

    def predict_proba(self, X: Texts) -> Floats:
        """Return probabilities that sum to one.

        Parameters
        ----------
        X : sequence of str
            As :meth:`predict`.

        Returns
        -------
        ndarray of float64, shape (n_texts, n_sentiments)
            Columns as ``classes_``.
        """
        return self._decide(X).sentiment_probabilities


def as_classifiers(predictor: _Decides) -> dict[str, PretrainedStances | PretrainedSentiment]:
    """Return a loaded model as fitted classifiers, see :meth:`stance.Predictor.to_sklearn`.

    Parameters
    ----------
    predictor : stance.Predictor

    Returns
    -------
    dict of str to classifier
    """
    found: dict[str, PretrainedStances | PretrainedSentiment] = {}
    if predictor.config.stances:
        found["stance"] = PretrainedStances(predictor)
    if predictor.config.sentiments:
        found["sentiment"] = PretrainedSentiment(predictor)
    return found
