"""Predictions as Arrow columns, made of arrays: no object for each text.

The columns are those of ``stance label``: as it writes them to JSONL, or flat as it writes them to
CSV, where lists are joined by ``|`` and every probability has a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stance.labels import NONE, column_nouns
from stance.model import ModelConfig
from stance.predictions import Decisions
from stance.predictor import Predictor

__all__ = ["decision_columns", "flags", "label_columns", "label_fields"]


def label_fields(config: ModelConfig, flat: bool = False) -> list[pa.Field]:
    """Return names and types of the columns that a model's predictions fill.

    Parameters
    ----------
    config : ModelConfig
    flat : bool, default False
        Whether every value has a column of its own, instead of a list and two structs.

    Returns
    -------
    list of pyarrow.Field

    Examples
    --------
    >>> import stance
    >>> [field.name for field in label_fields(stance.load().config)]
    ['predicted_stances', 'predicted_sentiment', 'probabilities', 'sentiment_probabilities']
    """
    several, one = column_nouns(config.stances, config.sentiments)
    found = []
    if config.stances:
        found.append(pa.field(f"predicted_{several}", pa.string() if flat else pa.list_(pa.string())))
    if config.sentiments:
        found.append(pa.field(f"predicted_{one}", pa.string()))
    for name, labels in (("probabilities", config.stances), (f"{one}_probabilities", config.sentiments)):
        if flat:
            found += [pa.field(f"p_{label}", pa.float64()) for label in labels]
        elif labels:
            found.append(pa.field(name, pa.struct([(label, pa.float64()) for label in labels])))
    return found


def label_columns(
    predictor: Predictor, texts: pa.Array, targets: pa.Array | None = None, *, flat: bool = False
) -> list[pa.Array]:
    """Label a column of texts.

    Parameters
    ----------
    predictor : Predictor
    texts : pyarrow.Array of string, length n_texts
        Bytes that are not UTF-8 count as U+FFFD.
    targets : pyarrow.Array of string, length n_texts, optional
        As :meth:`stance.Predictor.predict`.
    flat : bool, default False
        As :func:`label_fields`.

    Returns
    -------
    list of pyarrow.Array, each of length n_texts
        As :func:`label_fields` names them; null where the text or its target is null.

    Raises
    ------
    ValueError
        If `targets` are missing, too many, or not wanted.

    Examples
    --------
    >>> import pyarrow as pa
    >>> import stance
    >>> texts = pa.array(["حذرت موسكو من كارثة إنسانية", None])
    >>> label_columns(stance.load(), texts)[0].to_pylist()
    [['warning'], None]
    """
    given = [column for column in (texts, targets) if column is not None]
    present = np.ones(len(texts), bool)
    for column in given:
        present &= column.is_valid().to_numpy(zero_copy_only=False)
    decisions = predictor.decide(*(_strings(column, present) for column in given))
    found = decision_columns(decisions, predictor.config, flat=flat)
    if present.all():
        return found
    rows = pa.array(np.cumsum(present) - 1, mask=~present)
    return [column.take(rows) for column in found]


def decision_columns(decisions: Decisions, config: ModelConfig, *, flat: bool = False) -> list[pa.Array]:
    """Turn decisions into columns.

    Parameters
    ----------
    decisions : Decisions
    config : ModelConfig
        Of the model that made them.
    flat : bool, default False
        As :func:`label_fields`.

    Returns
    -------
    list of pyarrow.Array
        As :func:`label_fields` names them.
    """
    found = []
    if config.stances:
        lists = _lists(decisions.held, config.stances)
        found.append(_joined(lists) if flat else lists)
    if config.sentiments:
        found.append(_texts([config.sentiments[i] for i in decisions.sentiment.tolist()]))
    for labels, values in (
        (config.stances, decisions.probabilities),
        (config.sentiments, decisions.sentiment_probabilities),
    ):
        columns = [_numbers(column) for column in np.ascontiguousarray(values.T)]
        if flat:
            found += columns
        elif labels:
            found.append(pa.StructArray.from_arrays(columns, list(labels)))
    return found


# pyarrow.array would do for these, but imports pandas where there is one: 40 MB in every process.


def _numbers(values: NDArray[np.float64]) -> pa.Array:
    return pa.Array.from_buffers(pa.float64(), len(values), [None, pa.py_buffer(values)])


def flags(values: NDArray[np.bool_]) -> pa.Array:
    """Turn truth values into a column.

    Parameters
    ----------
    values : ndarray of bool

    Returns
    -------
    pyarrow.Array

    Examples
    --------
    >>> flags(np.array([True, False])).to_pylist()
    [True, False]
    """
    bits = np.packbits(values, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(bits)])


def _texts(texts: Sequence[str]) -> pa.Array:
    data = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, data)], dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(texts), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(data))]
    )


def _strings(column: pa.Array, present: NDArray[np.bool_]) -> list[str]:
    """Return the texts that are there."""
    try:
        texts = column.to_pylist()
    except UnicodeDecodeError:  # engines such as Spark do not check what they hold as strings
        raw = column.cast(pa.large_binary()).to_pylist()
        texts = [(text or b"").decode("utf-8", "replace") for text in raw]
    return list(compress(texts, present))


def _lists(held: NDArray[np.bool_], names: Sequence[str]) -> pa.ListArray:
    """Return the names that hold in each row."""
    ends = np.concatenate([[0], held.sum(axis=1).cumsum()]).astype(np.int32)
    values = _texts([names[i] for i in held.nonzero()[1].tolist()])
    return pa.Array.from_buffers(
        pa.list_(pa.string()), len(held), [None, pa.py_buffer(ends)], children=[values]
    )


def _joined(lists: pa.ListArray) -> pa.Array:
    """Return lists as text."""
    import pyarrow.compute as pc  # noqa: PLC0415  # 15 MB, for flat columns alone

    empty = pc.equal(pc.list_value_length(lists), 0)
    return pc.if_else(empty, NONE, pc.binary_join(lists, "|"))
