"""Parquet through pyarrow, which is an extra: record batches in, streams of them between processes, files out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from importlib import import_module
from typing import IO, Any

import numpy as np

from stance.errors import DataError
from stance.labelling.strings import Strings

__all__ = [
    "RowGroups",
    "batch_of",
    "from_stream",
    "parquet_source",
    "pyarrow",
    "strings_of",
    "to_stream",
    "values_of",
    "with_columns",
    "write_parquet",
]

_PAGE_BUFFER = 1 << 20
_COMPRESSION = "zstd"
_UNREADABLE = (ValueError, OverflowError)
"""What pyarrow raises at values that Python cannot hold: strings that are not UTF-8, dates of the year 10,000."""


def pyarrow(name: str) -> Any:
    """Return the package pyarrow.

    Parameters
    ----------
    name : str
        The file that wants it, for the error.

    Raises
    ------
    DataError
        If it is not installed.
    """
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError:
        raise DataError(
            f"{name}: Parquet wants pyarrow, which is not installed; run pip install 'stance[parquet]' or use "
            ".csv or .jsonl"
        ) from None


def parquet_source(
    raw: IO[bytes], name: str, rows: int
) -> tuple[tuple[str, ...], Iterator[tuple[int, Any, int]], int]:
    """Open a Parquet file to be read in batches.

    Parameters
    ----------
    raw : binary file
    name : str
        How errors call it.
    rows : int
        Of a batch.

    Returns
    -------
    header : tuple of str
    chunks : iterator of (int, pyarrow.RecordBatch, int)
        Number of the first row, the batch, number of rows read.
    total : int
        Rows in all.

    Raises
    ------
    DataError
        If it is no Parquet file, or damaged, or pyarrow is missing.
    """
    pa = pyarrow(name)
    if not raw.seekable():
        raise DataError(f"{name}: Parquet cannot be read from a pipe; give the name of a file")
    damaged = (pa.ArrowException, OSError, ValueError)  # names that are no UTF-8 among them
    try:
        # Pages are read as they are wanted: without a buffer of its own a column of a row group is held whole.
        file = pa.parquet.ParquetFile(raw, buffer_size=_PAGE_BUFFER, pre_buffer=False)
        header = file.schema_arrow.names
    except damaged as error:
        raise DataError(f"{name} is not Parquet ({error}); check the file") from None
    if len(set(header)) != len(header):
        raise DataError(f"{name}: two columns have the same name in {header!r}")

    def chunks() -> Iterator[tuple[int, Any, int]]:
        seen = 0
        try:
            for batch in file.iter_batches(batch_size=rows, use_threads=False):
                seen += batch.num_rows
                yield seen - batch.num_rows + 1, batch, seen
        except damaged as error:
            raise DataError(f"{name} cannot be read behind row {seen} ({error}); check the file") from None

    return tuple(header), chunks(), file.metadata.num_rows


def to_stream(batch: Any) -> bytes:
    """Turn a record batch into the bytes of an Arrow stream: its schema, then itself."""
    pa = import_module("pyarrow")
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def from_stream(data: bytes) -> Any:
    """Undo :func:`to_stream`."""
    pa = import_module("pyarrow")
    with pa.ipc.open_stream(data) as reader:
        return reader.read_next_batch()


def values_of(batch: Any, columns: Iterable[str]) -> dict[str, list[Any]]:
    """Return the values of columns; one that cannot be read becomes the error that says so.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
    columns : iterable of str

    Returns
    -------
    dict of str to list
    """
    return {column: _values(batch.column(column)) for column in columns}


def _values(array: Any) -> list[Any]:
    try:
        values: list[Any] = array.to_pylist()
    except _UNREADABLE:
        values = []
        for item in array:
            try:
                values.append(item.as_py())
            except _UNREADABLE as error:
                values.append(error)
    return values


def strings_of(array: Any) -> Strings | list[Any]:
    """Return a column of texts as it stands in memory, and any other as its values.

    Parameters
    ----------
    array : pyarrow.Array

    Returns
    -------
    Strings or list
    """
    pa = import_module("pyarrow")
    sizes = {pa.string(): np.int32, pa.large_string(): np.int64}
    size = sizes.get(array.type)
    if size is None or not len(array):
        return _values(array)
    _, bounds, data = array.buffers()
    ends = np.frombuffer(bounds, size)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    found = b"" if data is None else data.slice(ends[0], ends[-1] - ends[0]).to_pybytes()
    present = array.is_valid().to_numpy(zero_copy_only=False).tobytes() if array.null_count else None
    return Strings((ends - ends[0]).tobytes(), found, present)


def batch_of(records: Sequence[Mapping[str, Any]], columns: Sequence[str], texts_only: bool) -> Any:
    """Make a record batch of records that have no types.

    Parameters
    ----------
    records : sequence of mapping
    columns : sequence of str
    texts_only : bool
        Whether all values are str, as in CSV; otherwise types are guessed, and a column of several
        kinds becomes one of JSON texts.

    Returns
    -------
    pyarrow.RecordBatch
    """
    pa = import_module("pyarrow")
    arrays = []
    for column in columns:
        values = [record.get(column) for record in records]
        if texts_only:
            arrays.append(pa.array(values, pa.string()))
            continue
        try:
            arrays.append(pa.array(values))
        except (pa.ArrowException, OverflowError):
            arrays.append(_as_json(values))
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def _as_json(values: Iterable[Any]) -> Any:
    pa = import_module("pyarrow")
    texts = [
        v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False, default=str)
        for v in values
    ]
    return pa.array(texts, pa.string())


def with_columns(batch: Any, columns: Mapping[str, Any]) -> Any:
    """Add columns to a record batch, in the place of those of the same names.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
    columns : mapping of str to pyarrow.Array

    Returns
    -------
    pyarrow.RecordBatch
    """
    for name, array in columns.items():
        at = batch.schema.get_field_index(name)
        batch = batch.append_column(name, array) if at < 0 else batch.set_column(at, name, array)
    return batch


def write_parquet(
    parts: Sequence[Callable[[], Iterator[bytes]]], file: IO[bytes], last: Sequence[str]
) -> None:
    """Write record batches to a Parquet file, a row group for each part.

    Parameters
    ----------
    parts : sequence of callable
        Return Arrow streams of one batch each; called twice, for columns and types may differ, and are brought
        together first.
    file : binary file
    last : sequence of str
        Columns that come behind the others where only some batches have them.
    """
    pa = import_module("pyarrow")
    schema: Any = None
    for part in parts:
        for data in part():
            with pa.ipc.open_stream(data) as reader:
                schema = reader.schema if schema is None else _united(schema, reader.schema)
    with closing(RowGroups(file, schema, last)) as groups:
        for part in parts:
            groups.write(map(from_stream, part()))


class RowGroups:
    """A Parquet file that is written a row group at a time.

    Parameters
    ----------
    file : binary file
    schema : pyarrow.Schema
    last : sequence of str
        Columns that come behind the others.
    """

    def __init__(self, file: IO[bytes], schema: Any, last: Sequence[str]) -> None:
        pa = import_module("pyarrow")
        names = [n for n in schema.names if n not in last] + [n for n in schema.names if n in last]
        self._schema = pa.schema([schema.field(n) for n in names], schema.metadata)
        self._writer = import_module("pyarrow.parquet").ParquetWriter(
            file, self._schema, compression=_COMPRESSION
        )

    def write(self, batches: Iterable[Any]) -> None:
        """Write record batches as one row group."""
        fitted = [_fitted(batch, self._schema) for batch in batches]
        table = import_module("pyarrow").Table.from_batches(fitted, self._schema)
        self._writer.write_table(table, row_group_size=max(1, len(fitted)) << 20)

    def close(self) -> None:
        """Write what stands at the end of the file."""
        self._writer.close()


def _united(one: Any, other: Any) -> Any:
    if one.equals(other):
        return one
    pa = import_module("pyarrow")
    fields = {field.name: field for field in one}
    for field in other:
        known = fields.get(field.name)
        if known is None:
            fields[field.name] = field
        elif not known.type.equals(field.type):
            try:
                pair = [pa.schema([known]), pa.schema([field])]
                fields[field.name] = pa.unify_schemas(pair, promote_options="permissive").field(0)
            except pa.ArrowException:
                fields[field.name] = pa.field(field.name, pa.string())
    return pa.schema(list(fields.values()), one.metadata)


def _fitted(batch: Any, schema: Any) -> Any:
    if batch.schema.equals(schema):
        return batch
    pa = import_module("pyarrow")
    arrays = []
    for field in schema:
        at = batch.schema.get_field_index(field.name)
        if at < 0:
            arrays.append(pa.nulls(batch.num_rows, field.type))
        elif batch.column(at).type.equals(field.type):
            arrays.append(batch.column(at))
        elif pa.types.is_string(field.type):
            arrays.append(_as_json(batch.column(at).to_pylist()))
        else:
            arrays.append(pa.array(batch.column(at).to_pylist(), field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
