"""Parts of an output: written to a folder beside it, each committed by one rename, joined at the end.

::

    OUT.parts/job.json          what is labelled, and how
    OUT.parts/00000/rows        labelled rows of the first chunks, as they stand in the output
    OUT.parts/00000/rejects     rows that could not be labelled
    OUT.parts/00000/part.json   how many of each, and the pieces of which the rows consist
    OUT.parts/00001.tmp/        a part being written; worth nothing until it is renamed

Whatever moment a run is killed at, the folder holds whole parts and perhaps a temporary one.  ``job.json``
is written last when the folder is made and removed first when the run is done: a folder without it is rubbish.
A run holds ``OUT.parts/lock``, which is removed last: from then on the folder may be another run's.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from stance.errors import DataError
from stance.labelling.early import EarlyJoin
from stance.labelling.formats import Kind
from stance.labelling.sinks import PartFile, Piece, join
from stance.labelling.worker import Labelled
from stance.writing import cannot_write, sync_folder, write_synced

__all__ = ["CHUNKS", "Parts", "rejects_path"]

CHUNKS = 12
"""Chunks of a part: 24,000 rows, some ten megabytes, which are a row group of Parquet."""
_JOB = "job.json"
_JOINED = "joined"
_LOCK = "lock"
_TRIES = 10
"""Of taking the lock, as the run that has it may just be removing it."""


def rejects_path(output: str | os.PathLike[str]) -> Path:
    """Return where the rows go that could not be labelled."""
    return Path(f"{os.fspath(output)}.rejects.jsonl")


class Parts:
    """The parts of one output.

    Parameters
    ----------
    output : path-like
    kind : Kind
        Its format.
    job : mapping of str to object
        What must be the same for a run to go on with the parts of another.
    early : bool, default False
        Whether parts are joined while labelling goes on, by a thread of its own.

    Attributes
    ----------
    done : list of dict
        What ``part.json`` says of each committed part.
    """

    def __init__(
        self, output: str | os.PathLike[str], kind: Kind, job: Mapping[str, Any], *, early: bool = False
    ) -> None:
        self.output = Path(output)
        self.folder = Path(f"{os.fspath(output)}.parts")
        self.kind = kind
        self.job = json.loads(json.dumps(job))
        self.done: list[dict[str, Any]] = []
        self._held = False
        self._lock: IO[bytes] | None = None
        self._files: tuple[IO[bytes], IO[bytes]] | None = None
        self._early = EarlyJoin(self.folder / _JOINED, kind) if early else None
        self._begin()

    def _begin(self) -> None:
        self._record: dict[str, Any] = {"chunks": 0, "rows": 0, "rejects": 0, "blank": 0, "pieces": []}

    @property
    def chunks(self) -> int:
        """Chunks in the committed parts."""
        return sum(p["chunks"] for p in self.done)

    @property
    def rows(self) -> int:
        """Labelled rows in the committed parts."""
        return sum(p["rows"] for p in self.done)

    @property
    def rejects(self) -> int:
        """Rejects in the committed parts."""
        return sum(p["rejects"] for p in self.done)

    @property
    def blank(self) -> int:
        """Rows without text in the committed parts."""
        return sum(p["blank"] for p in self.done)

    def open(self, resume: bool, restart: bool) -> None:
        """Make the folder, or take up what a run before left in it.

        Parameters
        ----------
        resume : bool
            Whether to go on with the parts there are.
        restart : bool
            Whether to throw them away.

        Raises
        ------
        DataError
            If there are parts and neither is wished, they are of another job, another run is at
            work on them, or the place cannot be written.
        """
        if self.output.is_dir():
            raise DataError(f"{self.output} is a directory; name a file in it to write to")
        try:
            self._open(resume, restart)
        except OSError as error:
            self.close()
            raise cannot_write(self.output, error) from None
        except BaseException:
            self.close()
            raise

    def _open(self, resume: bool, restart: bool) -> None:
        known = self.folder / _JOB
        self._take_folder()
        if known.exists() and not restart:
            parts = self._committed()
            if not resume:
                rows = sum(p["rows"] for p in parts)
                raise DataError(
                    f"{self.folder} holds {rows} rows of a run that did not end; pass --resume to go on with it, "
                    "or --restart to begin anew"
                )
            self._check_job(json.loads(known.read_text(encoding="utf-8")))
            self.done = parts
            return
        known.unlink(missing_ok=True)
        sync_folder(self.folder)
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
        write_synced(self.folder / "job.tmp", json.dumps(self.job, ensure_ascii=False, indent=1).encode())
        (self.folder / "job.tmp").replace(known)
        sync_folder(self.folder)

    def _take_folder(self) -> None:
        for _ in range(_TRIES):
            self.folder.mkdir(exist_ok=True)
            with suppress(FileNotFoundError):  # the run before has just removed it
                self._held = self._take_lock()
            if self._held:
                return
            self._release()
        raise DataError(f"{self.output} is being written by another run; wait for it or end it")

    def _take_lock(self) -> bool:
        """Lock the folder; False where another run has the lock or has removed it before it was taken."""
        try:
            import fcntl  # noqa: PLC0415  # not on every system; there two runs must be kept apart by hand
        except ImportError:
            return True
        path = self.folder / _LOCK
        self._lock = path.open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return os.path.samestat(os.fstat(self._lock.fileno()), path.stat())

    def _committed(self) -> list[dict[str, Any]]:
        parts: list[dict[str, Any]] = []
        while (path := self._part(len(parts)) / "part.json").exists():
            parts.append(json.loads(path.read_text(encoding="utf-8")))
        return parts

    def hold_rows(self) -> bool:
        """Tell whether there is something in the folder to go on with."""
        return any(p["rows"] for p in self._committed())

    def _check_job(self, known: Mapping[str, Any]) -> None:
        for key, value in self.job.items():
            if known.get(key) != value:
                raise DataError(
                    f"{self.folder} was begun with another {key} ({known.get(key)} then, {value} now); resume it as it "
                    "was begun, or pass --restart to begin anew"
                )

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:05}"

    def add(self, labelled: Labelled) -> None:
        """Write a labelled chunk; every so many chunks the part is committed."""
        if self._files is None:
            folder = self._part(len(self.done)).with_suffix(".tmp")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            self._files = ((folder / "rows").open("wb"), (folder / "rejects").open("wb"))
            self._begin()
        rows, rejects = self._files
        rows.write(labelled.data)
        rejects.write(labelled.rejects)
        self._record["chunks"] += 1
        self._record["rows"] += labelled.rows
        self._record["rejects"] += labelled.n_rejects
        self._record["blank"] += labelled.blank
        self._add_piece(Piece(len(labelled.data), labelled.columns, labelled.added))
        if self._record["chunks"] == CHUNKS:
            self.commit()

    def _add_piece(self, piece: Piece) -> None:
        pieces = self._record["pieces"]
        if pieces and self.kind.format != "parquet" and pieces[-1][1:] == list(piece[1:]):
            pieces[-1][0] += piece.size
        else:
            pieces.append(list(piece))

    def commit(self) -> None:
        """Make what was added since the last commit a part; nothing where nothing was."""
        if self._files is None:
            return
        for file in self._files:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        self._files = None
        final = self._part(len(self.done))
        folder = final.with_suffix(".tmp")
        write_synced(folder / "part.json", json.dumps(self._record, ensure_ascii=False).encode())
        sync_folder(folder)
        folder.replace(final)
        sync_folder(self.folder)
        self.done.append(self._record)
        self._join_early()

    def _join_early(self) -> None:
        if self._early is not None:
            for number in range(self._early.n_parts, len(self.done)):
                self._early.add(self._file(number))

    def _file(self, number: int) -> PartFile:
        return PartFile(self._part(number) / "rows", [Piece(*p) for p in self.done[number]["pieces"]])

    def finish(self) -> None:
        """Join the parts to the output and remove the folder."""
        joined, rejects = self.folder / _JOINED, self.folder / "rejects"
        if self._early is None or not self._early.finish():
            with joined.open("wb") as file:
                join([self._file(i) for i in range(len(self.done))], self.kind, file)
                file.flush()
                os.fsync(file.fileno())
        with rejects.open("wb") as file:
            for i in range(len(self.done)):
                with (self._part(i) / "rejects").open("rb") as part:
                    shutil.copyfileobj(part, file)
            file.flush()
            os.fsync(file.fileno())
        joined.replace(self.output)
        if self.rejects:
            rejects.replace(rejects_path(self.output))
        else:
            rejects_path(self.output).unlink(missing_ok=True)
        sync_folder(self.output.absolute().parent)
        self.discard()

    def discard(self) -> None:
        """Remove the folder, if this run still holds it."""
        if not self._held:
            return
        self._close_files()
        (self.folder / _JOB).unlink(missing_ok=True)
        for path in sorted(self.folder.glob("*"), key=lambda path: path.name == _LOCK):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
        self._release()
        with suppress(OSError):  # another run has begun in it
            self.folder.rmdir()

    def close(self) -> None:
        """Close files without a commit, and let go of the folder."""
        self._close_files()
        self._release()

    def _close_files(self) -> None:
        if self._early is not None:
            self._early.close()
        for file in self._files or ():
            try:
                file.close()
            except OSError:  # a full disk says so again when what is buffered is given up
                continue
        self._files = None

    def _release(self) -> None:
        self._held = False
        if self._lock is not None:
            self._lock.close()
            self._lock = None
