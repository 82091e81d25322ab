"""Formats of files by their names, and their compression."""

from __future__ import annotations

import gzip
import io
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NamedTuple

from stance.datasets import INPUT_FORMATS, format_of
from stance.errors import DataError

__all__ = ["INPUT_FORMATS", "Kind", "compress", "input_kind", "open_binary", "output_kind", "unpack"]

_ENDINGS = {".gz": "gz", ".zst": "zst"}
_GZIP_LEVEL = 1
"""The fastest: level 6 takes three times as long for a fifth fewer bytes, and labelling waits for it."""
_BUFFER = 1 << 20


class Kind(NamedTuple):
    """What a file is.

    Attributes
    ----------
    format : str
        One of :data:`INPUT_FORMATS`.
    compression : {"", "gz", "zst"}
    """

    format: str
    compression: str = ""


def input_kind(name: str, given: str | None = None) -> Kind:
    """Tell what a file to read is.

    Parameters
    ----------
    name : str
    given : str, optional
        Its format, whatever its name; compression is known by the ending alone.

    Returns
    -------
    Kind

    Raises
    ------
    DataError
        If neither says what it is.
    """
    path = Path(name)
    compression = _ENDINGS.get(path.suffix.lower(), "")
    inner = path.with_suffix("") if compression else path
    is_parquet = given == "parquet" or (given is None and inner.suffix.lower() in (".parquet", ".pq"))
    if not is_parquet:
        return Kind(format_of(inner, given), compression)
    if compression:
        raise DataError(f"{name}: Parquet is compressed inside; unpack it and name it .parquet")
    return Kind("parquet")


def output_kind(name: str) -> Kind:
    """Tell what a file to write is, by its name.

    Parameters
    ----------
    name : str

    Returns
    -------
    Kind

    Raises
    ------
    DataError
        If its ending is none of a format that has columns.
    """
    kind = input_kind(name)
    if kind.format == "txt":
        raise DataError(
            f"{name}: labels want columns; name the output .csv, .tsv, .jsonl or .parquet "
            "(all but the last also with .gz or .zst behind it)"
        )
    return kind


def compress(data: bytes, compression: str) -> bytes:
    """Compress bytes to a gzip member or Zstandard frame of their own: such pieces may be strung together.

    Parameters
    ----------
    data : bytes
    compression : {"", "gz", "zst"}

    Returns
    -------
    bytes
        The same for the same data.
    """
    if not data or not compression:
        return data
    if compression == "gz":
        return gzip.compress(data, _GZIP_LEVEL, mtime=0)
    packed: bytes = zstandard().ZstdCompressor(level=3).compress(data)
    return packed


def unpack(data: bytes, compression: str) -> bytes:
    """Undo :func:`compress`."""
    if not data or not compression:
        return data
    if compression == "gz":
        return gzip.decompress(data)
    with zstandard().ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
        found: bytes = reader.read()
    return found


def zstandard() -> Any:
    """Return the package ``zstandard``, an extra.

    Raises
    ------
    DataError
        If it is not installed.
    """
    try:
        return import_module("zstandard")
    except ImportError:
        raise DataError(
            ".zst files want the package zstandard, which is not installed; run pip install 'stance[zstd]' or use .gz"
        ) from None


def open_binary(raw: IO[bytes], compression: str) -> IO[bytes]:
    """Return a buffered reader of the content of a file that may be compressed.

    Parameters
    ----------
    raw : binary file
    compression : {"", "gz", "zst"}

    Returns
    -------
    binary file
    """
    if compression == "gz":
        return io.BufferedReader(gzip.GzipFile(fileobj=raw), _BUFFER)
    if compression == "zst":
        reader = zstandard().ZstdDecompressor().stream_reader(raw, read_across_frames=True, closefd=False)
        return io.BufferedReader(reader, _BUFFER)
    return raw
