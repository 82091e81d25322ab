"""The one figure that a search maximises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.errors import DataError
from stance.hints import did_you_mean

__all__ = ["Metric", "parse_metric"]

_KINDS = ("macro-f1", "micro-f1", "accuracy", "f1")


class Metric(NamedTuple):
    """A measure of labels against the truth; :func:`parse_metric` makes it.

    Attributes
    ----------
    kind : {"macro-f1", "micro-f1", "accuracy", "f1"}
        ``macro-f1`` is the mean over the F1 of the labels that occur, ``f1`` that of some labels, whether they do or not.
    columns : tuple of int
        The labels it is about.
    """

    kind: str
    columns: tuple[int, ...]

    def score(
        self, truth: NDArray[np.int64], held: NDArray[np.int64], groups: ArrayLike | None = None
    ) -> float:
        """Measure.

        Parameters
        ----------
        truth, held : ndarray of 0 and 1, shape (n_rows, n_labels)
        groups : array-like, length n_rows, optional
            Where given, the mean of the scores of each group's rows: a target's, usually.

        Returns
        -------
        float
        """
        if groups is not None:
            owner = np.asarray(groups, np.str_)
            return float(np.mean([self.score(truth[owner == g], held[owner == g]) for g in np.unique(owner)]))
        y, z = truth[:, self.columns], held[:, self.columns]
        if self.kind == "accuracy":
            return float((y == z).all(axis=1).mean())
        right, both = (y * z).sum(axis=0), (y + z).sum(axis=0)
        if self.kind == "micro-f1":
            return float(2 * right.sum() / max(both.sum(), 1))
        f1 = 2 * right / np.maximum(both, 1)
        occur = both > 0 if self.kind == "macro-f1" else np.ones(len(both), bool)
        return float(f1[occur].mean()) if occur.any() else 0.0


def parse_metric(text: str, names: Sequence[str]) -> Metric:
    """Read the name of a metric.

    Parameters
    ----------
    text : str
        ``macro-f1``, ``micro-f1``, ``accuracy``, or ``f1:NAME,NAME`` for the mean F1 of some labels; of names with
        commas, ``f1:NAME|NAME``.
    names : sequence of str
        All labels.

    Returns
    -------
    Metric

    Raises
    ------
    DataError
        If the metric or a label is unknown.

    Examples
    --------
    >>> parse_metric("f1:against,favour", ["against", "favour", "none"])
    Metric(kind='f1', columns=(0, 1))
    """
    kind, colon, labels = text.partition(":")
    if kind not in _KINDS or bool(colon) != (kind == "f1"):
        near = did_you_mean(kind, _KINDS)
        raise DataError(
            f"the metric {text!r} is unknown{near}; use macro-f1, micro-f1, accuracy or f1:LABEL,LABEL"
        )
    if not colon:
        return Metric(kind, tuple(range(len(names))))
    parts = [labels] if labels.strip() in names else labels.split("|" if "|" in labels else ",")
    wanted = [label.strip() for label in parts]
    for label in wanted:
        if label not in names:
            near = did_you_mean(label, names)
            raise DataError(f"the metric {text!r} names {label!r}{near}; the labels are {', '.join(names)}")
    return Metric(kind, tuple(list(names).index(label) for label in wanted))
