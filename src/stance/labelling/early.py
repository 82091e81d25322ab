"""Parquet joined while labelling goes on: a thread writes each part behind the others as soon as it is committed."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from stance.labelling.arrow import RowGroups, from_stream
from stance.labelling.sinks import PartFile

__all__ = ["EarlyJoin"]


class EarlyJoin:
    """Joins parts as long as all have the same columns and types.

    Its file has the bytes that :func:`stance.labelling.sinks.join` would write; where it cannot go on, for a part
    brought other columns, that is what is left to do.

    Parameters
    ----------
    path : pathlib.Path
        Where it writes.

    Attributes
    ----------
    n_parts : int
        Parts that were given to it.
    """

    def __init__(self, path: Path) -> None:
        self.n_parts = 0
        self._path = path
        self._file: IO[bytes] | None = None
        self._groups: RowGroups | None = None
        self._shape: Any = None
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
        if not self._fits:
            return
        batches = [from_stream(data) for data in part.read()]
        added = [piece.added for piece in part.pieces if piece.size]
        shapes = list(zip((batch.schema for batch in batches), added, strict=True))
        if self._shape is None and shapes:
            self._shape = shapes[0]
            self._file = self._path.open("wb")
            self._groups = RowGroups(self._file, *self._shape)
        schema, names = self._shape or (None, None)
        self._fits = self._groups is not None and all(
            s.equals(schema, check_metadata=True) and n == names for s, n in shapes
        )
        if self._fits and self._groups is not None:
            self._groups.write(batches)

    def finish(self) -> bool:
        """End the file and hand it to the disk.

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
        if not self._fits or self._groups is None or self._file is None:
            self.close()  # before another file is written in its place
            return False
        self._groups.close()
        self._groups = None
        self._file.flush()
        os.fsync(self._file.fileno())
        return True

    def close(self) -> None:
        """Let go of thread and file, whatever they hold."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        groups, file, self._groups, self._file = self._groups, self._file, None, None
        for closing in (groups and groups.close, file and file.close):
            if closing:
                with suppress(OSError):  # a full disk says so again when what is buffered is given up
                    closing()
