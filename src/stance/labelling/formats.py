"""Formats of files by their names, and their compression."""

from __future__ import annotations

import gzip
import io
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NamedTuple

from stance.datasets import INPUT_FORMATS, format_of
from stance.errors import DataError
from stance.hints import did_you_mean

__all__ = ["INPUT_FORMATS", "Kind", "compress", "input_kind", "open_binary", "output_kind", "unpack"]

_ENDINGS = {".gz": "gz", ".zst": "zst"}
_WITH_COLUMNS = (".csv", ".tsv", ".tab", ".jsonl", ".json", ".ndjson", ".parquet", ".pq")
_GZIP_LEVEL = 1
"""The fastest: level 6 takes three times as long for a fifth fewer bytes, and labelling waits for it."""
_BUFFER = 1 << 20
_PIECE = 1 << 10
"""Compressed bytes unpacked at once: of so few, no bomb makes more than some 30 megabytes."""


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
    path = Path(name)
    inner = path.with_suffix("") if path.suffix.lower() in _ENDINGS else path
    if inner.suffix.lower() not in _WITH_COLUMNS:
        raise DataError(
            f"{name}: labels want columns{did_you_mean(inner.suffix.lower(), _WITH_COLUMNS)}; name the output .csv, .tsv, "
            ".jsonl or .parquet (all but the last also with .gz or .zst behind it)"
        )
    return input_kind(name)


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
        return io.BufferedReader(_Frames(raw), _BUFFER)
    return raw


class _Frames(io.RawIOBase):
    """The content of Zstandard frames, one behind the other.

    zstandard's own reader takes a file that breaks off for one that ends.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._zstandard = zstandard()
        self._frame: Any = None
        self._held = memoryview(b"")

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a part of a buffer; 0 at the end.

        Raises
        ------
        OSError
            If the data is damaged or breaks off.
        """
        while not self._held and (piece := self._piece()):
            try:
                self._held = memoryview(self._frame.decompress(piece))
            except self._zstandard.ZstdError as error:
                raise OSError(f"its Zstandard data is damaged ({error}); get the file anew") from None
        n = min(len(buffer), len(self._held))
        buffer[:n] = self._held[:n]
        self._held = self._held[n:]
        return n

    def _piece(self) -> bytes:
        """Return the next compressed bytes for the frame at hand, which may be a new one."""
        if self._frame is not None and not self._frame.eof:
            piece = self._raw.read(_PIECE)
            if not piece:
                raise OSError("its Zstandard data breaks off; get the file anew")
            return piece
        piece = (self._frame.unused_data if self._frame is not None else b"") or self._raw.read(_PIECE)
        self._frame = self._zstandard.ZstdDecompressor().decompressobj()
        return piece
