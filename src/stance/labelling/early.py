"""Parts joined while labelling goes on: a thread writes each behind the others as soon as it is committed."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from stance.labelling.formats import Kind
from stance.labelling.sinks import PartFile, header

__all__ = ["EarlyJoin"]


class _Text:
    """Lines behind lines."""

    def __init__(self, file: IO[bytes], kind: Kind) -> None:
        self._file, self._kind = file, kind
        self._columns: list[str] | None = None

    def add(self, part: PartFile) -> bool:
        """Write a part; False if its columns are others."""
        first = next((piece for piece in part.pieces if piece.size or piece.columns), None)
        if first is not None and self._columns is None:
            self._columns = first.columns + first.added
            self._file.write(header(self._columns, self._kind))
        if not part.has(self._columns or []):
            return False
        part.copy(self._file)
        return True

    def close(self) -> None:
        """Nothing stands at the end of the file."""


class _Parquet:
    """Row groups behind row groups."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._groups: Any = None
        self._shape: Any = None

    def add(self, part: PartFile) -> bool:
        """Write a part; False if its columns or types are others."""
        from stance.labelling.arrow import RowGroups, from_stream  # noqa: PLC0415  # pyarrow is an extra

        batches = [from_stream(data) for data in part.read()]
        added = [piece.added for piece in part.pieces if piece.size]
        shapes = list(zip((batch.schema for batch in batches), added, strict=True))
        if not shapes:
            return False
        if self._shape is None:
            self._shape = shapes[0]
            self._groups = RowGroups(self._file, *self._shape)
        schema, names = self._shape
        if not all(s.equals(schema, check_metadata=True) and n == names for s, n in shapes):
            return False
        self._groups.write(batches)
        return True

    def close(self) -> None:
        """Write what stands at the end of the file."""
        if self._groups is not None:
            self._groups.close()


class EarlyJoin:
    """Joins parts as long as all have the same columns and types.

    Its file has the bytes that :func:`stance.labelling.sinks.join` would write; where it cannot go on, for a part
    brought other columns, that is what is left to do.

    Parameters
    ----------
    path : pathlib.Path
        Where it writes.
    kind : Kind
        Of the output.

    Attributes
    ----------
    n_parts : int
        Parts that were given to it.
    """

    def __init__(self, path: Path, kind: Kind) -> None:
        self.n_parts = 0
        self._path, self._kind = path, kind
        self._file: IO[bytes] | None = None
        self._joined: _Text | _Parquet | None = None
        self._fits = True
        self._pool = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def add(self, part: PartFile) -> None:
        """Take a part; the one before is waited for, so that a slow disk makes the run wait.

        Raises
        ------
        OSError
            If a part before could not be written.
        """
        self.n_parts += 1
        self._wait()
        self._last = self._pool.submit(self._write, part)

    def _wait(self) -> None:
        if self._last is not None:
            self._last.result()

    def _write(self, part: PartFile) -> None:
        if self._joined is None:
            self._file = self._path.open("wb")
            parquet = self._kind.format == "parquet"
            self._joined = _Parquet(self._file) if parquet else _Text(self._file, self._kind)
        self._fits = self._fits and self._joined.add(part)

    def finish(self) -> bool:
        """End the file, hand it to the disk and close it.

        Returns
        -------
        bool
            Whether it holds all parts.

        Raises
        ------
        OSError
            If it could not be written.
        """
        self._wait()
        if not self._fits or self._joined is None or self._file is None:
            self.close()  # before another file is written in its place
            return False
        self._joined.close()
        self._joined = None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()  # it will be renamed, which Windows does to closed files only
        return True

    def close(self) -> None:
        """Let go of thread and file, whatever they hold."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        joined, file, self._joined, self._file = self._joined, self._file, None, None
        for closing in (joined and joined.close, file and file.close):
            if closing:
                with suppress(OSError):  # a full disk says so again when what is buffered is given up
                    closing()
