"""Predictions of many rows as columns: rounded once, written as JSON, cells or Arrow arrays."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from stance.labels import NONE, OWN_LABELS, Labels
from stance.predictor import Prediction

__all__ = ["Predicted"]

_DIGITS = 6


class Predicted:
    """The columns of predictions.

    Parameters
    ----------
    predictions : sequence of Prediction
    labels : Labels
        Of the model.

    Attributes
    ----------
    held : list of tuple of str
        The labels of which several may hold, in the order of the model.
    decided : list of str
        The label of which one holds.
    probabilities : list of list of float
        Of both kinds, one behind the other, rounded to six digits.
    """

    def __init__(self, predictions: Sequence[Prediction], labels: Labels) -> None:
        self.labels = labels
        own = labels == OWN_LABELS
        self._several, self._one = (
            ("predicted_stances", "predicted_sentiment") if own else ("predicted_labels", "predicted_label")
        )
        self._of_one = "sentiment_probabilities" if own else "label_probabilities"
        ordered: dict[frozenset[str], tuple[str, ...]] = {}
        for p in predictions:
            if p.stances not in ordered:
                ordered[p.stances] = tuple(s for s in labels.stances if s in p.stances)
        self.held = [ordered[p.stances] for p in predictions]
        self.decided = [p.sentiment for p in predictions]
        values = [[*p.probabilities.values(), *p.sentiment_probabilities.values()] for p in predictions]
        self._matrix = np.array(values, np.float64).reshape(len(values), sum(map(len, labels))).round(_DIGITS)
        self.probabilities: list[list[float]] = self._matrix.tolist()

    @cached_property
    def columns(self) -> list[str]:
        """Names of the columns in JSON and Parquet."""
        several, one = bool(self.labels.stances), bool(self.labels.sentiments)
        return (
            [self._several] * several + [self._one] * one + ["probabilities"] * several + [self._of_one] * one
        )

    @cached_property
    def cell_columns(self) -> list[str]:
        """Names of the columns in CSV: probabilities have one each.  Two labels of one name share it."""
        spread = [f"p_{name}" for name in (*self.labels.stances, *self.labels.sentiments)]
        return [c for c in self.columns if c in (self._several, self._one)] + list(dict.fromkeys(spread))

    def json_tails(self) -> Iterator[str]:
        """Yield what stands behind the columns of a row in its JSON object, without the brace."""
        parts = []
        if self.labels.stances:
            parts.append(f"{_template(self._several)}: %s")
        if self.labels.sentiments:
            parts.append(f"{_template(self._one)}: %s")
        for column, names in (("probabilities", self.labels.stances), (self._of_one, self.labels.sentiments)):
            if names:
                inner = ", ".join(f"{_template(name)}: %r" for name in names)
                parts.append(f"{_template(column)}: {{{inner}}}")
        template = ", ".join(parts)
        held = {h: _json(list(h)) for h in set(self.held)}
        decided = {d: _json(d) for d in set(self.decided)}
        for h, d, values in zip(self.held, self.decided, self.probabilities, strict=True):
            shown = ([held[h]] if self.labels.stances else []) + (
                [decided[d]] if self.labels.sentiments else []
            )
            yield template % (*shown, *values)

    def fields(self) -> Iterator[dict[str, Any]]:
        """Yield the columns of each row."""
        for tail in self.json_tails():
            yield json.loads(f"{{{tail}}}")

    def cells(self) -> list[list[Any]]:
        """Return the cells of each row, in the order of :attr:`cell_columns`."""
        held = {h: "|".join(h) or NONE for h in set(self.held)}
        n = len(self.labels.stances)
        values = self.probabilities
        if len(set(self.labels.stances) | set(self.labels.sentiments)) < n + len(self.labels.sentiments):
            place = {name: i for i, name in enumerate((*self.labels.stances, *self.labels.sentiments))}
            values = [[row[i] for i in place.values()] for row in values]
        if not self.labels.stances:
            return [[d, *v] for d, v in zip(self.decided, values, strict=True)]
        if not self.labels.sentiments:
            return [[held[h], *v] for h, v in zip(self.held, values, strict=True)]
        return [[held[h], d, *v] for h, d, v in zip(self.held, self.decided, values, strict=True)]

    def arrays(self) -> dict[str, Any]:
        """Return the columns as Arrow arrays: a list, a text, a struct of numbers for each kind."""
        from stance.labelling.arrow import list_array, number_array, struct_array, text_array  # noqa: PLC0415  # an extra

        n = len(self.labels.stances)
        numbers = [number_array(column) for column in np.ascontiguousarray(self._matrix.T)]
        found = {}
        if self.labels.stances:
            found[self._several] = list_array(self.held)
        if self.labels.sentiments:
            found[self._one] = text_array(self.decided)
        if self.labels.stances:
            found["probabilities"] = struct_array(self.labels.stances, numbers[:n])
        if self.labels.sentiments:
            found[self._of_one] = struct_array(self.labels.sentiments, numbers[n:])
        return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _template(name: str) -> str:
    return _json(name).replace("%", "%%")
