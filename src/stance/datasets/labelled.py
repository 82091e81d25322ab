"""The labels of rows: stances and sentiment of this project, or any others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from stance.datasets.records import missing_column, target_problem
from stance.datasets.rows import Row
from stance.errors import DataError
from stance.hints import did_you_mean
from stance.labels import SENTIMENTS, Labels, name_problem, parse_stances, split_labels

__all__ = ["LabelColumns", "LabelledRow", "check_known", "digest_of", "find_labels", "labelled"]

_HEAVIEST = 1e6
"""Weight of a row, to one of weight 1; the lightest weighs as little."""


@dataclass(frozen=True)
class LabelledRow:
    """A row to learn from or to measure on.

    Attributes
    ----------
    text : str
    stances : tuple of str
        Labels of which several may hold; empty for none.
    sentiment : str
        The label of which one holds; empty where the rows have no such labels.
    group : str
        Rows of one group (a document) are never split between folds: see :meth:`Row.document`.
    source : str
        Where the row came from, for error messages and reports.
    target : str or None
        What the labels are about, where the rows say so.
    weight : float
        How much the row counts in training.
    attention_only : bool
        Whether the attention network alone learns from the row, and the linear part does not.
    """

    text: str
    stances: tuple[str, ...]
    sentiment: str
    group: str
    source: str
    target: str | None = None
    weight: float = 1.0
    attention_only: bool = False


@dataclass(frozen=True)
class LabelColumns:
    """Which columns hold the labels.

    Attributes
    ----------
    stances : str or None
        Labels of which several may hold: a list, or names joined by ``|``.
    sentiment : str or None
        A label of which exactly one holds.
    target : str or None
        What the labels are about.
    own : bool
        Whether the labels are those of this project, and no others are allowed.
    weight : str or None
        How much a row counts in training.
    """

    stances: str | None = "stances"
    sentiment: str | None = "sentiment"
    target: str | None = None
    own: bool = True
    weight: str | None = None


_FLAGS = {
    ("stances", True): "--stances-column",
    ("sentiment", True): "--sentiment-column",
    ("stances", False): "--labels-column",
    ("sentiment", False): "--label-column",
    ("target", True): "--target-column",
    ("target", False): "--target-column",
    ("weight", True): "--weight-column",
    ("weight", False): "--weight-column",
}


def labelled(rows: Iterable[Row], name: str, columns: LabelColumns | None = None) -> Iterator[LabelledRow]:
    """Read the labels of rows.

    Parameters
    ----------
    rows : iterable of Row
    name : str
        How errors call the file.
    columns : LabelColumns, optional
        ``stances`` and ``sentiment``, with this project's labels, by default.

    Yields
    ------
    LabelledRow

    Raises
    ------
    DataError
        If a column is missing, or a label is empty or unknown; the message names file and line.
    """
    columns = columns or LabelColumns()
    for row in rows:
        where = f"{name}, line {row.line}"
        stances, sentiment, target, weight = (
            _value(row, getattr(columns, field), _FLAGS[field, columns.own], where)
            for field in ("stances", "sentiment", "target", "weight")
        )
        try:
            held = parse_stances(stances) if columns.own else tuple(sorted(set(_several(stances))))
        except (DataError, TypeError) as error:
            raise DataError(f"{where}: {error}") from None
        one = _one(sentiment, columns, where) if columns.sentiment else ""
        if columns.target and (problem := target_problem(row.fields, columns.target)):
            raise DataError(f"{where}: {problem}")
        about = str(target) if columns.target else None
        counts = _weight(weight, columns, where) if columns.weight else 1.0
        yield LabelledRow(row.text, held, one, row.document(name), f"{name}:{row.line}", about, counts)


def digest_of(rows: Sequence[LabelledRow]) -> dict[str, Any]:
    """Return what a model records of the rows that it learned from.

    Parameters
    ----------
    rows : sequence of LabelledRow

    Returns
    -------
    dict
        ``n`` and the ``sha256`` of texts and labels.
    """
    content = "".join(f"{r.text}\t{'|'.join(r.stances)}\t{r.sentiment}\n" for r in rows)
    return {"n": len(rows), "sha256": sha256(content.encode("utf-8", "surrogatepass")).hexdigest()}


def _value(row: Row, column: str | None, flag: str, where: str) -> Any:
    if column is None:
        return None
    if column not in row.fields:
        if flag in {"--stances-column", "--sentiment-column"}:
            flag += ", or labels of your own with --label-column or --labels-column"
        raise DataError(f"{where}: {missing_column(column, row.fields, flag)}")
    return row.fields[column]


def _several(value: Any) -> list[str]:
    if value is not None and not isinstance(value, (str, list)):
        raise DataError(f"labels are a list or names joined by '|', got {value!r}")
    if isinstance(value, str) and value[:1] == "[" and value.rstrip()[-1:] == "]":
        raise DataError(f"labels are names joined by '|', got a list written as text: {value[:60]!r}")
    found = [_name(label) for label in split_labels(value)]
    if joined := next((label for label in found if "|" in label), ""):
        raise DataError(
            f"'|' joins labels where several hold, so none may contain it, got {joined!r}; rename it"
        )
    return found


def _name(value: Any) -> str:
    """Return a label as text; a number, such as a rating, is written as a whole one where it is one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, (str, int)) and not (isinstance(value, float) and math.isfinite(value)):
        fix = "; name a column of several with --labels-column" if isinstance(value, list) else ""
        raise DataError(f"a label is a text or a number, got {value!r}{fix}")
    name = str(value).strip()
    if problem := name and name_problem(name):
        raise DataError(f"{problem}, got {name[:60]!r}; rename the label")
    return name


def _one(value: Any, columns: LabelColumns, where: str) -> str:
    if not columns.own:
        missing = value is None or (isinstance(value, float) and math.isnan(value))
        try:
            label = "" if missing else _name(value)
        except DataError as error:
            raise DataError(f"{where}: {error}") from None
        if not label:
            raise DataError(f"{where}: the label in {columns.sentiment!r} is empty; every row wants one")
        return label
    if value not in SENTIMENTS:
        near = did_you_mean(str(value), SENTIMENTS)
        raise DataError(f"{where}: the sentiment {value!r} is unknown{near}; use {', '.join(SENTIMENTS)}")
    return str(value)


def _weight(value: Any, columns: LabelColumns, where: str) -> float:
    try:
        weight = float(value)
    except (TypeError, ValueError, OverflowError):
        weight = 0.0
    if not 1 / _HEAVIEST <= weight <= _HEAVIEST:  # with others the fitting does not end
        raise DataError(
            f"{where}: the weight in {columns.weight!r} must be a number from {1 / _HEAVIEST} to {_HEAVIEST:,.0f}, got {value!r}"
        )
    return weight


def find_labels(rows: Sequence[LabelledRow]) -> Labels:
    """Return the labels that rows hold, each kind sorted by name.

    Parameters
    ----------
    rows : sequence of LabelledRow

    Returns
    -------
    Labels

    Examples
    --------
    >>> find_labels([LabelledRow("نص", (), "sport", "1", "a:1"), LabelledRow("نص", (), "arts", "2", "a:2")])
    Labels(stances=(), sentiments=('arts', 'sport'))
    """
    several = sorted({label for row in rows for label in row.stances})
    one = sorted({row.sentiment for row in rows} - {""})
    return Labels(tuple(several), tuple(one))


def check_known(rows: Iterable[LabelledRow], labels: Labels) -> None:
    """Refuse rows with labels that a model does not have.

    Parameters
    ----------
    rows : iterable of LabelledRow
    labels : Labels
        Of the model.

    Raises
    ------
    DataError
        Naming the row and the label.
    """
    for row in rows:
        strange = [s for s in row.stances if s not in labels.stances]
        if labels.sentiments and row.sentiment not in labels.sentiments:
            strange.append(row.sentiment or "no label")
        if strange:
            known = labels.stances + labels.sentiments
            raise DataError(
                f"{row.source}: the label {strange[0]!r} is unknown{did_you_mean(strange[0], known)}; "
                f"the labels are {', '.join(known)}"
            )
