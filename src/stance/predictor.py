"""The predictor: a loaded model that labels texts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from stance.calibration import best_sentiment, margins, sentiment_probabilities, stance_probabilities
from stance.explain import Explanation, explain
from stance.features.pairing import pair_scores
from stance.features.scorer import Scorer
from stance.labels import check_texts
from stance.model import Model, ModelConfig, enough_memory, find_model, read_model
from stance.predictions import Decisions, Prediction, check_margin, predictions

if TYPE_CHECKING:
    from stance.pretrained import PretrainedSentiment, PretrainedStances

__all__ = ["Predictor", "load"]

_BLOCK = 2_000
"""Texts whose predictions are made at once: few enough that what lies between stays in the cache."""
Floats = NDArray[np.float64]
Frame = TypeVar("Frame")


class Predictor:
    """A model ready to label.  Safe to share between threads.

    Parameters
    ----------
    model : Model
        As :func:`stance.model.read_model` returns it; most callers use :func:`load`.

    Attributes
    ----------
    stances, sentiments : tuple of str
        The order of all columns.
    thresholds : dict of str to float
    config : ModelConfig
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._scorer = Scorer(model.weights, model.lexicon)

    def __reduce__(self) -> tuple[type[Predictor], tuple[Model]]:
        # processes get the model's arrays, not the locks and tables of this one
        return type(self), (self.model,)

    @property
    def config(self) -> ModelConfig:
        """The model's configuration."""
        return self.model.config

    @property
    def stances(self) -> tuple[str, ...]:
        """The stances, in the order of the columns of :meth:`predict_proba`."""
        return self.config.stances

    @property
    def sentiments(self) -> tuple[str, ...]:
        """The sentiments, in the order of the columns of :meth:`predict_sentiment_proba`."""
        return self.config.sentiments

    @property
    def thresholds(self) -> dict[str, float]:
        """The probability from which each stance holds."""
        return dict(zip(self.stances, self.config.thresholds, strict=True))

    def __repr__(self) -> str:
        return f"<stance.Predictor {self.config.name!r}: {', '.join(self.stances)}>"

    def predict(
        self, texts: Iterable[str], targets: Iterable[str] | None = None, *, abstain: float = 0.0
    ) -> list[Prediction]:
        """Label texts.

        Parameters
        ----------
        texts : iterable of str
        targets : iterable of str, optional
            What each text's labels are about; wanted by models that were trained with targets, and
            only by them.
        abstain : float, default 0
            Margin, in probability: a text of which some stance is nearer to its threshold is
            ``"unsure"``, with no stances.  ``stance evaluate`` tells what a margin buys.

        Returns
        -------
        list of Prediction

        Raises
        ------
        TypeError
            If a bare str is given instead of a list, something in the list is not a str, or `abstain` is no number.
        ValueError
            If `abstain` is not from 0 to 1 or given to a model without stances, or `targets` are missing, too many,
            or not wanted.

        Examples
        --------
        >>> import stance
        >>> model = stance.load()
        >>> [prediction] = model.predict(["دعت الأمم المتحدة أطراف النزاع إلى وقف فوري لإطلاق النار"])
        >>> prediction.stance
        'calling_for_ceasefire'
        """
        checked, about = self._check(texts, targets, abstain)
        found: list[Prediction] = []
        for first in range(0, len(checked), _BLOCK):
            block = slice(first, first + _BLOCK)
            decisions = self._decide(checked[block], None if about is None else about[block], abstain)
            found += predictions(decisions, self.stances, self.sentiments)
        return found

    def decide(
        self, texts: Iterable[str], targets: Iterable[str] | None = None, *, abstain: float = 0.0
    ) -> Decisions:
        """Label texts as :meth:`predict` does, into arrays instead of objects.

        Parameters
        ----------
        texts, targets, abstain
            As :meth:`predict`.

        Returns
        -------
        Decisions

        Raises
        ------
        TypeError, ValueError
            As :meth:`predict`.

        Examples
        --------
        >>> import stance
        >>> model = stance.load()
        >>> model.decide(["دعت الأمم المتحدة أطراف النزاع إلى وقف فوري لإطلاق النار"]).held.tolist()
        [[False, False, True]]
        """
        checked, about = self._check(texts, targets, abstain)
        return self._decide(checked, about, abstain)

    def _decide(self, checked: list[str], about: list[str] | None, abstain: float) -> Decisions:
        stance_p, sentiment_p = self._probabilities(checked, about)
        thresholds = np.array(self.config.thresholds)
        unsure = margins(stance_p, thresholds) < abstain
        return Decisions(
            (stance_p >= thresholds) & ~unsure[:, None],
            stance_p / np.maximum(thresholds, 1e-12),
            unsure,
            stance_p,
            best_sentiment(sentiment_p, self._offsets(about, len(checked))),
            sentiment_p,
        )

    def predict_proba(self, texts: Iterable[str], targets: Iterable[str] | None = None) -> Floats:
        """Return the calibrated probabilities of the stances.

        Parameters
        ----------
        texts : iterable of str
        targets : iterable of str, optional
            As :meth:`predict`.

        Returns
        -------
        ndarray of float64, shape (n_texts, n_stances)
            Columns in the order of :attr:`stances`.  They are independent: a row need not sum to one.

        Raises
        ------
        TypeError, ValueError
            As :meth:`predict`.
        """
        return self._probabilities(*self._check(texts, targets))[0]

    def predict_sentiment_proba(self, texts: Iterable[str], targets: Iterable[str] | None = None) -> Floats:
        """Return the probabilities of the sentiments.

        Parameters
        ----------
        texts : iterable of str
        targets : iterable of str, optional
            As :meth:`predict`.

        Returns
        -------
        ndarray of float64, shape (n_texts, n_sentiments)
            Columns in the order of :attr:`sentiments`; rows sum to one.

        Raises
        ------
        TypeError, ValueError
            As :meth:`predict`.
        """
        return self._probabilities(*self._check(texts, targets))[1]

    def explain(self, text: str, target: str | None = None) -> Explanation:
        """Take the scores of one text apart, exactly.

        Parameters
        ----------
        text : str
        target : str, optional
            What the text's labels are about; what it adds by itself is part of the bias.

        Returns
        -------
        Explanation

        Raises
        ------
        TypeError
            If `text` is not a str.
        ValueError
            If `target` is missing or not wanted.

        Examples
        --------
        >>> import stance
        >>> explanation = stance.load().explain("حذرت موسكو من كارثة إنسانية")
        >>> shares = sum(word.shares["warning"] for word in explanation.words)
        >>> abs(explanation.bias["warning"] + shares - explanation.log_odds["warning"]) < 1e-9
        True
        """
        if not isinstance(text, str):
            raise TypeError(f"one text is wanted, got {type(text).__name__}; explain texts one by one")
        about = self._check([text], None if target is None else [target])[1]
        return explain(text, self._scorer, self.config, about[0] if about else None)

    def predict_frame(
        self, frame: Frame, text: str = "text", target: str | None = None, *, abstain: float = 0.0
    ) -> Frame:
        """Label the texts of a data frame.

        Parameters
        ----------
        frame : DataFrame of pandas or polars, or pyarrow.Table
            It is not changed.  Wants narwhals, which is imported now.
        text : str, default "text"
            The column of the texts.
        target : str, optional
            The column of their targets, as :meth:`predict`.
        abstain : float, default 0
            As :meth:`predict`; ``predicted_stances`` is ``"unsure"`` there.

        Returns
        -------
        DataFrame of the same kind
            With the columns that ``stance label -o FILE.csv`` adds: ``predicted_stances`` (joined by ``|``),
            ``predicted_sentiment`` and ``p_...`` for each label; missing where text or target is.

        Raises
        ------
        TypeError
            If `frame` is no data frame in memory, or a text is not a str.
        ValueError
            If a column is missing, or as :meth:`predict`.
        DataError
            If narwhals is not installed.
        """
        from stance.frames import label_frame  # noqa: PLC0415  # wants narwhals

        return label_frame(
            frame, text, target, partial(self.decide, abstain=abstain), self.stances, self.sentiments
        )

    def to_sklearn(self) -> dict[str, PretrainedStances | PretrainedSentiment]:
        """Return the model as fitted scikit-learn classifiers that take lists of texts.

        They label as this predictor does, thresholds included; fitting them again changes nothing.

        Returns
        -------
        dict of str to classifier
            ``stance`` (multilabel; binary after ``set_params(stance=NAME)``) and ``sentiment``, or
            one of the two in a model that has one kind of labels.

        Examples
        --------
        >>> import stance
        >>> sentiment = stance.load().to_sklearn()["sentiment"]
        >>> sentiment.classes_.tolist(), sentiment.predict(["رحب الوزير بالاتفاق"]).shape
        (['negative', 'neutral', 'positive'], (1,))
        """
        from stance.pretrained import as_classifiers  # noqa: PLC0415  # labelling does without scikit-learn

        return as_classifiers(self)

    def _check(
        self, texts: Iterable[str], targets: Iterable[str] | None, abstain: float = 0.0
    ) -> tuple[list[str], list[str] | None]:
        check_margin(abstain, self.stances)
        checked = check_texts(texts)
        about = None if targets is None else check_texts(targets, "targets")
        if (about is not None) != self.config.paired:
            wish = "was trained with targets; pass one for each text" if about is None else "takes no targets"
            raise ValueError(f"the model {self.config.name!r} {wish}")
        if about is not None and len(about) != len(checked):
            raise ValueError(f"{len(checked)} texts want as many targets, got {len(about)}")
        return checked, about

    def _probabilities(self, texts: list[str], targets: list[str] | None) -> tuple[Floats, Floats]:
        n = len(self.stances)
        if targets is None:
            scores = self._scorer.scores(texts)
        else:
            n_labels = n + len(self.sentiments)
            scores = pair_scores(self._scorer, texts, targets, self.config.targets, n_labels)
        return (
            stance_probabilities(scores[:, :n], np.array(self.config.calibration).reshape(-1, 2)),
            sentiment_probabilities(scores[:, n:], self.config.temperature),
        )

    def _offsets(self, targets: list[str] | None, n_texts: int) -> Floats:
        """Return what is added to each text's sentiments before one is decided for."""
        offsets = np.array(self.config.offsets, np.float64)
        if not len(offsets):
            return np.zeros((n_texts, len(self.sentiments)))
        if targets is None or not self.config.targets:
            return np.repeat(offsets, n_texts, axis=0)
        number = {target: i for i, target in enumerate(self.config.targets)}
        with_unknown = np.vstack([offsets, offsets.mean(axis=0)])
        return with_unknown[[number.get(t, -1) for t in targets]]


def load(path: str | os.PathLike[str] | None = None) -> Predictor:
    """Load a model folder.

    Parameters
    ----------
    path : path-like, optional
        A folder that ``stance-train`` wrote, or the name of one that ``stance models`` lists; the model installed with the package by default.

    Returns
    -------
    Predictor

    Raises
    ------
    ModelNotFoundError, ModelFormatError, ModelIntegrityError
        If the folder cannot be used; see :mod:`stance.errors`.

    Examples
    --------
    >>> import stance
    >>> stance.load().stances
    ('supportive', 'warning', 'calling_for_ceasefire')
    """
    folder = find_model(path)
    with enough_memory(folder):
        return Predictor(read_model(folder))
