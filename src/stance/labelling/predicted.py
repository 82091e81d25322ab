"""Predictions of many rows as columns: rounded once, written as JSON, cells or Arrow arrays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np

from stance.labels import NONE, UNSURE, Labels, column_nouns
from stance.model import ModelConfig
from stance.predictions import Decisions

__all__ = ["Predicted"]

_DIGITS = 6


class Predicted:
    """The columns of predictions.

    Parameters
    ----------
    decisions : Decisions
    config : ModelConfig
        Of the model that made them.
    flagged : bool, default False
        Whether JSON and Parquet tell by a column ``unsure`` where the model abstained; in CSV the cell of
        the stances tells it, as in :meth:`stance.Predictor.predict_frame`.

    Attributes
    ----------
    labels : Labels
        Of the model.
    """

    def __init__(self, decisions: Decisions, config: ModelConfig, *, flagged: bool = False) -> None:
        self.labels = Labels(config.stances, config.sentiments)
        several, one = column_nouns(config.stances, config.sentiments)
        self._several, self._one = f"predicted_{several}", f"predicted_{one}"
        self._of_one = f"{one}_probabilities"
        self._config = config
        self._flagged = flagged
        self._decisions = decisions._replace(
            probabilities=decisions.probabilities.round(_DIGITS),
            sentiment_probabilities=decisions.sentiment_probabilities.round(_DIGITS),
        )

    @cached_property
    def held(self) -> list[tuple[str, ...]]:
        """The labels of which several may hold, in the order of the model."""
        distinct: dict[tuple[bool, ...], tuple[str, ...]] = {}
        return [
            distinct.get(row) or distinct.setdefault(row, tuple(compress(self._config.stances, row)))
            for row in map(tuple, self._decisions.held.tolist())
        ]

    @cached_property
    def decided(self) -> list[str]:
        """The label of which one holds."""
        names = self._config.sentiments or ("",)
        return [names[i] for i in self._decisions.sentiment.tolist()]

    @cached_property
    def probabilities(self) -> list[list[float]]:
        """Of both kinds, one behind the other, rounded to six digits."""
        both = (self._decisions.probabilities, self._decisions.sentiment_probabilities)
        found: list[list[float]] = np.concatenate(both, axis=1).tolist()
        return found

    @cached_property
    def columns(self) -> list[str]:
        """Names of the columns in JSON and Parquet."""
        several, one = bool(self.labels.stances), bool(self.labels.sentiments)
        labels = [self._several] * several + [self._one] * one
        return [*labels, *["probabilities"] * several, *[self._of_one] * one, *[UNSURE] * self._flagged]

    @cached_property
    def cell_columns(self) -> list[str]:
        """Names of the columns in CSV: probabilities have one each.  Two labels of one name share it."""
        spread = [f"p_{name}" for name in (*self.labels.stances, *self.labels.sentiments)]
        return [c for c in self.columns if c in (self._several, self._one)] + list(dict.fromkeys(spread))

    def json_tails(self) -> Iterator[str]:
        """Return what stands behind the columns of each row in its JSON object, without the brace."""
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
        if not self._flagged:
            return map(template.__mod__, self._json_values())
        flags = map(_json, self._decisions.unsure.tolist())
        return (
            f'{template % values}, "{UNSURE}": {flag}'
            for values, flag in zip(self._json_values(), flags, strict=True)
        )

    def _json_values(self) -> Iterator[tuple[Any, ...]]:
        """Yield what stands in the template of each row."""
        held = {h: _json(list(h)) for h in set(self.held)}
        decided = {d: _json(d) for d in set(self.decided)}
        for h, d, values in zip(self.held, self.decided, self.probabilities, strict=True):
            shown = ([held[h]] if self.labels.stances else []) + (
                [decided[d]] if self.labels.sentiments else []
            )
            yield (*shown, *values)

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
        unsure = self._decisions.unsure.tolist()
        shown = [UNSURE if u else held[h] for h, u in zip(self.held, unsure, strict=True)]
        if not self.labels.sentiments:
            return [[s, *v] for s, v in zip(shown, values, strict=True)]
        return [[s, d, *v] for s, d, v in zip(shown, self.decided, values, strict=True)]

    def arrays(self) -> dict[str, Any]:
        """Return the columns as Arrow arrays: a list, a text, a struct of numbers for each kind, a flag if wanted."""
        from stance.columns import decision_columns, flags  # noqa: PLC0415  # it imports pyarrow, an extra

        found = decision_columns(self._decisions, self._config)
        if self._flagged:
            found.append(flags(self._decisions.unsure))
        return dict(zip(self.columns, found, strict=True))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _template(name: str) -> str:
    return _json(name).replace("%", "%%")
