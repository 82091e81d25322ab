"""Sources: files cut into chunks of rows, which worker processes take apart.

The main process does as little as it can: of JSONL, TSV and plain lines it only counts lines; of CSV it
reads the records that have quotation marks, for quoted cells may hold line ends.  Chunks depend on the file alone, so that a
resumed run meets the same ones.
"""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple

from stance.datasets.delimiters import delimiter_of
from stance.datasets.files import check_codec, check_head
from stance.datasets.records import (
    MAX_ROW,
    Cells,
    Reject,
    csv_cells,
    csv_pieces,
    missing_column,
    tsv_cells,
)
from stance.datasets.rows import check_header
from stance.errors import DataError, EncodingError
from stance.hints import near_file
from stance.labelling.formats import Kind, open_binary, zstandard

__all__ = ["ROWS", "Chunk", "Source", "check_no_folder", "open_source", "opened", "read_errors"]

ROWS = 2_000
"""Rows of a chunk: enough that sending them to a process costs little, few enough to be a few megabytes."""
_CHUNK_SIZE = 1 << 22
"""A chunk of very long rows ends here."""
_NAME = "utf-8"


class Chunk(NamedTuple):
    """Rows as they stand in the file.

    Attributes
    ----------
    line : int
        Number of the first line, or row where there are no lines.
    content : bytes, str, dict or pyarrow.RecordBatch
        Lines in an encoding that extends ASCII, or records of CSV as text; of Parquet a record batch, which goes to
        a worker process as an Arrow stream or, where the batch is kept, as the columns of its texts and targets.
    position : int
        How far the file has been read, in the unit of :attr:`Source.total`.
    """

    line: int
    content: Any
    position: int


class Source(NamedTuple):
    """A file of rows.

    Attributes
    ----------
    chunks : iterator of Chunk
    header : tuple of str or None
        Names of the columns, where the file says them.
    encoding : str
        Of the content of the chunks.
    total : int
        Bytes, or rows of Parquet; 0 where that is not known.
    delimiter : str
        What parts the columns of CSV.
    """

    chunks: Iterator[Chunk]
    header: tuple[str, ...] | None
    encoding: str
    total: int
    delimiter: str = ","


@contextmanager
def opened(name: str, stdin: IO[bytes] | None) -> Iterator[IO[bytes]]:
    """Open a file to read, or take standard input; errors are one sentence.

    Parameters
    ----------
    name : str
    stdin : binary file, optional
        Taken in place of a file.

    Yields
    ------
    binary file
    """
    if stdin is not None:
        yield stdin
        return
    check_no_folder(name)
    try:
        file = Path(name).open("rb", buffering=1 << 20)  # noqa: SIM115  # only opening it is tried
    except FileNotFoundError:
        raise DataError(f"{name}: there is no such file{near_file(name)}; check the path") from None
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}") from None
    with file:
        yield file


def check_no_folder(name: str) -> None:
    """Refuse a directory.

    Parameters
    ----------
    name : str

    Raises
    ------
    DataError
    """
    if Path(name).is_dir():
        raise DataError(f"{name} is a directory; name a file of rows in it")


@contextmanager
def read_errors(name: str) -> Iterator[None]:
    """Say in one sentence that a file broke off or was damaged while it was read."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{name} cannot be read as gzip ({error}); get the file anew") from None
    except UnicodeDecodeError as error:
        raise EncodingError(f"{name} is not {error.encoding}: {error.reason}; pass its --encoding") from None
    except UnicodeError as error:  # as UTF-16 has it where there is no byte order mark
        raise EncodingError(f"{name} cannot be decoded ({error}); pass its --encoding") from None
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}") from None


def open_source(raw: IO[bytes], name: str, kind: Kind, encoding: str, text_column: str) -> Source:
    """Read the head of a file and make it a source.

    Parameters
    ----------
    raw : binary file
    name : str
        How errors call it.
    kind : Kind
    encoding : str
        Of text formats.
    text_column : str

    Returns
    -------
    Source

    Raises
    ------
    DataError
        If the file is empty, cannot be read, is not text, or its header lacks the column of the texts.
    """
    total = os.fstat(raw.fileno()).st_size if isinstance(raw, io.BufferedReader) and raw.seekable() else 0
    if kind.format == "parquet":
        from stance.labelling.arrow import parquet_source  # noqa: PLC0415  # pyarrow is an extra

        header, chunks, total = parquet_source(raw, name, ROWS)
        _check_column(header, text_column, name)
        return Source((Chunk(*c) for c in chunks), header, _NAME, total)
    codec = check_codec(encoding)
    if kind.compression == "zst":
        zstandard()  # says so where it is missing
    with read_errors(name):
        file = open_binary(raw, kind.compression)
        file = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
        head = file.peek(4)
    if not head:
        raise DataError(f"{name} is empty; rows are wanted")
    check_head(head, name, codec)
    if codec == "utf-8" and head.startswith(codecs.BOM_UTF8):
        file.read(len(codecs.BOM_UTF8))
    position = raw.tell if total else (lambda: 0)
    delimiter = ","
    if kind.format == "csv":
        header, chunks, delimiter = _csv(file, name, codec, position, text_column)
    else:
        header, chunks = _CUT[kind.format](file, name, codec, position)
    if header is not None:
        _check_column(header, text_column, name)
    return Source(chunks, header, codec if _extends_ascii(codec) else _NAME, total, delimiter)


def _check_column(header: tuple[str, ...], text_column: str, name: str) -> None:
    if text_column not in header:
        raise DataError(f"{name}, line 1: {missing_column(text_column, header)}")


def _extends_ascii(codec: str) -> bool:
    ascii_text = '\n\r\t",{}[]:\\aZ09'
    return ascii_text.encode(codec) == ascii_text.encode("ascii")


def _text_lines(file: IO[bytes], codec: str) -> Iterator[str]:
    text = io.TextIOWrapper(file, codec, errors="surrogateescape", newline="")
    try:
        yield from _bounded(text)
    finally:
        if not file.closed:
            text.detach()  # or the file would be closed with it


def _bounded(file: Any) -> Iterator[Any]:
    """Yield lines, the very long ones cut: their first letters, one more than a row may have."""
    readline = file.readline
    while line := readline(MAX_ROW + 1):
        if len(line) > MAX_ROW:
            end = line[:0] + (b"\n" if isinstance(line, bytes) else "\n")
            rest = line
            while rest and not rest.endswith(end):
                rest = readline(MAX_ROW)
        yield line


def _byte_lines(file: IO[bytes], codec: str) -> Iterator[bytes]:
    if _extends_ascii(codec):
        return _bounded(file)
    return (line.encode(_NAME, "surrogateescape") for line in _text_lines(file, codec))


def _cut(pieces: Iterable[Any], first: int, position: Any, name: str) -> Iterator[Chunk]:
    """Put pieces of a file together to chunks: lines as bytes, or records of CSV as text; of no pieces an empty one."""
    number = first
    held: list[Any] = []
    size = 0
    with read_errors(name):
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if len(held) == ROWS or size >= _CHUNK_SIZE:
                content = piece[:0].join(held)
                yield Chunk(number, content, position())
                number += _n_lines(content, len(held))
                held, size = [], 0
    if held or number == first:
        yield Chunk(number, held[0][:0].join(held) if held else "", position())


def _n_lines(content: bytes | str, n_pieces: int) -> int:
    """Count lines as they were cut: bytes at line feeds, text at any line end."""
    return n_pieces if isinstance(content, bytes) else sum(1 for _ in io.StringIO(content, newline=""))


def _lines(file: IO[bytes], name: str, codec: str, position: Any) -> tuple[None, Iterator[Chunk]]:
    return None, _cut(_byte_lines(file, codec), 1, position, name)


def _tsv(file: IO[bytes], name: str, codec: str, position: Any) -> tuple[tuple[str, ...], Iterator[Chunk]]:
    lines = _byte_lines(file, codec)
    known = codec if _extends_ascii(codec) else _NAME
    with read_errors(name):
        for number, line in enumerate(lines, 1):
            for cells in tsv_cells(line.decode(known, "surrogateescape")):
                return _header(cells, name, codec), _cut(lines, number + 1, position, name)
    raise DataError(f"{name} is empty; rows are wanted")


def _csv(
    file: IO[bytes], name: str, codec: str, position: Any, column: str
) -> tuple[tuple[str, ...], Iterator[Chunk], str]:
    text = _text_lines(file, codec)
    with read_errors(name):
        head = next(text, "")
        delimiter = delimiter_of(head, column)
        lines = _Counted(chain([head], text))
        first = next(csv_cells(lines, delimiter=delimiter), None)
    if first is None:
        raise DataError(f"{name} is empty; rows are wanted")
    if isinstance(first, Reject):
        raise DataError(f"{name}, line {first.line}: {first.reason}")
    chunks = _cut(csv_pieces(lines, delimiter), lines.seen + 1, position, name)
    return _header(first, name, codec), chunks, delimiter


class _Counted:
    """Lines that are counted as they are taken."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.seen = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.seen += 1
        return line


def _header(cells: Cells, name: str, codec: str) -> tuple[str, ...]:
    joined = "".join(cells[1])
    if "\0" in joined:
        raise DataError(
            f"{name} is binary (its header holds a NUL); a text file is wanted, or --encoding utf-16-le if it is UTF-16 without its mark"
        )
    try:
        joined.encode()
    except UnicodeEncodeError:
        raise EncodingError(
            f"{name} is not {codec}: its header is not text; pass its encoding, for old Arabic Windows "
            "files --encoding cp1256"
        ) from None
    return tuple(check_header(cells[1], name))


_CUT: dict[str, Any] = {"jsonl": _lines, "txt": _lines, "tsv": _tsv}
