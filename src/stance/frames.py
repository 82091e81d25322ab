"""Data frames of pandas, polars and pyarrow, through narwhals; none is imported before it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import compress
from types import ModuleType
from typing import Any, TypeVar

from stance.datasets import encodable, flat, missing_column
from stance.errors import DataError
from stance.labels import NONE, UNSURE, column_nouns
from stance.predictions import Decisions

__all__ = ["BACKENDS", "frame_of", "label_frame"]

BACKENDS = ("pandas", "polars", "pyarrow")
Frame = TypeVar("Frame")
Decide = Callable[[list[str], list[str] | None], Decisions]


def frame_of(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, type], backend: str) -> Any:
    """Make a data frame of rows.

    Parameters
    ----------
    rows : sequence of mapping
        Lists and probabilities get cells as in CSV files.
    columns : mapping of str to type
        The columns of a frame without rows: str, int or float; others are of floats.
    backend : {"pandas", "polars", "pyarrow"}

    Returns
    -------
    DataFrame or pyarrow.Table

    Raises
    ------
    ValueError
        If `backend` is another.
    DataError
        If narwhals or the backend is not installed.
    """
    if backend not in BACKENDS:
        raise ValueError(f"backend must be one of {', '.join(BACKENDS)}, got {backend!r}")
    nw = _narwhals()
    try:
        import_module(backend)
    except ImportError:
        raise DataError(
            f"{backend} is not installed; run pip install {backend} or choose another backend"
        ) from None
    flat_rows = [flat(dict(row)) for row in rows]
    names = list(flat_rows[0]) if flat_rows else list(columns)
    kinds = {str: nw.String, int: nw.Int64, float: nw.Float64}
    schema = {name: kinds[columns.get(name, float)] for name in names}
    cells = {n: [row[n] for row in flat_rows] for n in names}
    # frames hold UTF-8, those of pandas from its version 3 on
    cells = {n: [encodable(v) for v in c] if schema[n] is nw.String else c for n, c in cells.items()}
    return nw.from_dict(cells, schema, backend=backend).to_native()


def label_frame(
    frame: Frame,
    text: str,
    target: str | None,
    decide: Decide,
    stances: Sequence[str],
    sentiments: Sequence[str],
) -> Frame:
    """Add the columns of ``stance label`` to a data frame.

    Parameters
    ----------
    frame : DataFrame or pyarrow.Table
    text : str
        The column of the texts.
    target : str or None
        The column of their targets.
    decide : callable
        Takes texts and targets, returns their decisions.
    stances, sentiments : sequence of str
        Names of the columns of decisions.

    Returns
    -------
    DataFrame or pyarrow.Table
        As given, with ``predicted_stances``, ``predicted_sentiment`` and a column ``p_...`` for each label,
        as :func:`stance.columns.label_fields` names them; missing where text or target is.

    Raises
    ------
    TypeError
        If `frame` is no data frame that is in memory, or a cell is not a str.
    ValueError
        If a column is missing, or two have one name.
    DataError
        If narwhals is not installed.
    """
    nw = _narwhals()
    wanted = {"text": text} if target is None else {"text": text, "target": target}
    given = _checked(frame, wanted)
    cells = [given[name] for name in wanted.values()]
    missing = [any(row) for row in zip(*(column.is_null().to_list() for column in cells), strict=True)]
    present = [not m for m in missing]
    found = [list(compress(column.to_list(), present)) for column in cells]
    for name, values in zip(wanted.values(), found, strict=True):
        _check_cells(name, values, present)
    decisions = decide(found[0], found[1] if target is not None else None)
    made = [
        nw.new_series(
            name,
            list(_spread(values, present)) if any(missing) else values,
            nw.String if name.startswith("predicted_") else nw.Float64,
            backend=given.implementation,
        )
        for name, values in _columns(decisions, stances, sentiments)
    ]
    labelled: Frame = given.with_columns(*made).to_native()
    return labelled


def _checked(frame: Any, wanted: Mapping[str, str]) -> Any:
    """Return a frame as one of narwhals; `wanted` are the columns that it must hold, by argument."""
    nw = _narwhals()
    try:
        given = nw.from_native(frame, eager_only=True)
        columns = given.columns
    except TypeError:
        raise TypeError(
            f"a data frame of {', '.join(BACKENDS)} is wanted, got {type(frame).__name__}; "
            "collect a lazy one first, and make a frame of anything else"
        ) from None
    except nw.exceptions.DuplicateError:
        names = list(getattr(frame, "column_names", None) or frame.columns)
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"two columns are called {twice!r}; give each a name of its own") from None
    for argument, name in wanted.items():
        if not isinstance(name, str):
            raise TypeError(
                f"{argument} must be the name of a column, a str, got {type(name).__name__}; "
                "where columns have other names, rename them first, as by frame.rename(columns=str)"
            )
        if name not in columns:
            raise ValueError(missing_column(name, columns, f"{argument}="))
    return given


def _check_cells(name: str, values: Sequence[Any], present: Sequence[bool]) -> None:
    """Refuse cells that are neither text nor missing; `values` are those of the rows that are `present`."""
    if set(map(type, values)) <= {str}:
        return
    for row, value in zip(compress(range(len(present)), present), values, strict=True):
        if not isinstance(value, str):
            raise TypeError(
                f"column {name!r}, row {row} counted from 0: a str is wanted, got {type(value).__name__}; "
                "make the column one of text first"
            )


def _columns(
    decisions: Decisions, stances: Sequence[str], sentiments: Sequence[str]
) -> Iterator[tuple[str, list[Any]]]:
    several, one = column_nouns(stances, sentiments)
    if stances:
        held, unsure = decisions.held.tolist(), decisions.unsure.tolist()
        joined = [
            UNSURE if u else "|".join(compress(stances, row)) or NONE
            for row, u in zip(held, unsure, strict=True)
        ]
        yield f"predicted_{several}", joined
    if sentiments:
        yield f"predicted_{one}", [sentiments[i] for i in decisions.sentiment.tolist()]
    for labels, values in (
        (stances, decisions.probabilities),
        (sentiments, decisions.sentiment_probabilities),
    ):
        yield from zip((f"p_{label}" for label in labels), values.T.tolist(), strict=True)


def _spread(values: Sequence[Any], present: Sequence[bool]) -> Iterator[Any]:
    """Give each row that is present its value, the others None."""
    rest = iter(values)
    return (next(rest) if here else None for here in present)


def _narwhals() -> ModuleType:
    try:
        import narwhals  # noqa: PLC0415  # an extra, wanted only here
    except ImportError:
        raise DataError(
            "data frames want narwhals, which is not installed; run pip install 'stance[frames]'"
        ) from None
    return narwhals
