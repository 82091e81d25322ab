"""What a model says of texts: one object for each, or arrays over all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.errors import DataError
from stance.features.index import KERNEL
from stance.labels import NONE, UNSURE
from stance.reprs import named_values

__all__ = ["Decisions", "Prediction", "check_margin", "predictions"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prediction:
    """The labels of one text.

    Attributes
    ----------
    stances : frozenset of str
        The stances whose probability reaches the model's threshold; several or none.
    stance : str
        The strongest of them, relative to its threshold, or ``"none"``; ``"unsure"`` where the
        model abstains.
    probabilities : dict of str to float
        Calibrated probability of each stance, in the order of the model's ``stances``.
    sentiment : str
        The sentiment that was decided for; in models of other labels, the label of which one
        holds, or ``""`` where there are none such.
    sentiment_probabilities : dict of str to float
        They sum to one.
    """

    stances: frozenset[str]
    stance: str
    probabilities: dict[str, float]
    sentiment: str
    sentiment_probabilities: dict[str, float]

    @property
    def label(self) -> str:
        """The one label for a text: the stance, or the sentiment in a model without stances."""
        return self.stance if self.probabilities else self.sentiment

    def __repr__(self) -> str:
        shown = named_values(s for s in self.probabilities.items() if s[0] in self.stances) or self.stance
        sentiment = named_values(s for s in self.sentiment_probabilities.items() if s[0] == self.sentiment)
        parts = [shown if self.probabilities else "", sentiment]
        return f"<Prediction: {'; '.join(filter(None, parts))}>"

    def _repr_html_(self) -> str:
        """Show the prediction in a notebook."""
        from stance.pages import prediction_html  # noqa: PLC0415  # wanted only in notebooks

        return prediction_html(self)


class Decisions(NamedTuple):
    """The labels of many texts, as arrays.

    Attributes
    ----------
    held : ndarray of bool, shape (n_texts, n_stances)
        Whether a stance's probability reaches its threshold; none where the model abstains.
    strengths : ndarray of float64, shape (n_texts, n_stances)
        Probabilities relative to the thresholds.
    unsure : ndarray of bool, shape (n_texts,)
        Where the model abstains.
    probabilities : ndarray of float64, shape (n_texts, n_stances)
    sentiment : ndarray of int64, shape (n_texts,)
        The sentiment decided for; 0 in models without sentiments.
    sentiment_probabilities : ndarray of float64, shape (n_texts, n_sentiments)
    """

    held: NDArray[np.bool_]
    strengths: Floats
    unsure: NDArray[np.bool_]
    probabilities: Floats
    sentiment: NDArray[np.int64]
    sentiment_probabilities: Floats


def check_margin(abstain: float, stances: Sequence[str]) -> None:
    """Refuse a margin by which a model cannot abstain.

    Parameters
    ----------
    abstain : float
    stances : sequence of str
        Of the model.

    Raises
    ------
    TypeError
        If it is no number.
    ValueError
        If it is not from 0 to 1.
    DataError
        If there are no stances whose thresholds could be near; it is a ValueError, too.
    """
    if isinstance(abstain, bool) or not isinstance(abstain, Real):
        raise TypeError(f"abstain is a margin in probability, a number from 0 to 1, got {abstain!r}")
    if not 0 <= abstain <= 1:
        raise ValueError(f"abstain is a margin in probability, from 0 to 1, got {abstain!r}")
    if abstain and not stances:
        raise DataError(
            "abstain is a margin around stances' thresholds, and this model has none; leave it out"
        )


def predictions(decisions: Decisions, stances: Sequence[str], sentiments: Sequence[str]) -> list[Prediction]:
    """Turn decisions into an object for each text.

    Parameters
    ----------
    decisions : Decisions
    stances, sentiments : sequence of str
        Names of the columns.

    Returns
    -------
    list of Prediction
    """
    # whole columns at once: a statement is scored in fewer microseconds than a loop here would take
    names, feelings = tuple(stances), tuple(sentiments)
    columns: dict[str, Iterable[Any]] = {
        "stances": _sets(decisions.held, names),
        "stance": _strongest(decisions.strengths, decisions.held, decisions.unsure, names),
        "probabilities": _records(names, decisions.probabilities),
        "sentiment": map((feelings or ("",)).__getitem__, decisions.sentiment.tolist()),
        "sentiment_probabilities": _records(feelings, decisions.sentiment_probabilities),
    }
    found = list(map(object.__new__, repeat(Prediction, len(decisions.held))))
    for name, values in columns.items():  # as the frozen class's own initialiser does, one object at a time
        deque(map(getattr(Prediction, name).__set__, found, values), maxlen=0)
    return found


def _records(names: tuple[str, ...], values: Floats) -> list[dict[str, float]]:
    """Return each row as a dict from the names of the columns."""
    if KERNEL:
        return KERNEL.records(names, np.ascontiguousarray(values, np.float64))
    return list(map(dict, map(zip, repeat(names), values.tolist())))


def _sets(held: NDArray[np.bool_], names: Sequence[str]) -> list[frozenset[str]]:
    """Return the names that hold in each row; equal sets are one object."""
    if not len(names):
        return [frozenset()] * len(held)
    packed = np.packbits(held, axis=1)
    codes = packed.ravel().tobytes()
    width = packed.shape[1]
    keys = [codes[i : i + width] for i in range(0, len(codes), width)]
    flags = {key: np.unpackbits(np.frombuffer(key, np.uint8), count=len(names)) for key in set(keys)}
    sets = {key: frozenset(compress(names, some.tolist())) for key, some in flags.items()}
    return [sets[key] for key in keys]


def _strongest(
    strengths: Floats,
    held: NDArray[np.bool_],
    unsure: NDArray[np.bool_],
    names: Sequence[str],
) -> list[str]:
    """Return the strongest name of each row, where it holds."""
    rows = np.arange(len(held))
    if not len(names):
        return [UNSURE if u else NONE for u in unsure.tolist()]
    best = strengths.argmax(axis=1)
    number = np.where(unsure, len(names) + 1, np.where(held[rows, best], best, len(names)))
    answers = [*names, NONE, UNSURE]
    return [answers[i] for i in number.tolist()]
