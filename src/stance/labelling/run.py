"""A run over a file: read, labelled, written in parts, joined; or over a stream, written as it comes."""

from __future__ import annotations

import hashlib
import itertools
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import stance
from stance.datasets.records import Reject
from stance.errors import DataError
from stance.labelling import sources
from stance.labelling.formats import Kind, zstandard
from stance.labelling.parts import CHUNKS, Parts
from stance.labelling.rows import Task
from stance.labelling.sources import Chunk, Source, open_source, opened
from stance.labelling.worker import Labelled, labelled_chunks
from stance.model import ModelConfig, find_model, read_model_config
from stance.model.files import SUMS, ModelFolder
from stance.predictions import check_margin
from stance.writing import cannot_write, place_of

__all__ = ["Job", "Progress", "check_target_column", "label_file", "label_stream"]

_SMALL = 10
"""Chunks that are labelled in this process where no number of jobs is given: others take a second to start."""


@dataclass(frozen=True)
class Job:
    """What is labelled, and how.

    Attributes
    ----------
    name : str
        The input; how errors call it where `stdin` is given.
    source : Kind
    model : str or None
        The model folder; None for the installed model.
    text_column : str
    target_column : str or None
    encoding : str
    jobs : int or None
        Processes; None for one where the input is small and for all cores otherwise.
    strict : bool
        Whether the first bad row ends the run.
    stdin : binary file or None
        Read in place of the input.
    start : str or None
        How processes are started: None for joblib's own way, which works from any program but keeps one
        of 40 MB more; ``"spawn"`` where the main module may be imported by them, as that of the command may.
    abstain : float
        Margin by which the model abstains, as :meth:`stance.Predictor.predict`.  CSV then has ``unsure`` in place of
        the stances; JSONL and Parquet have no stances and a further column ``unsure``.
    """

    name: str
    source: Kind
    model: str | None = None
    text_column: str = "text"
    target_column: str | None = None
    encoding: str = "utf-8"
    jobs: int | None = None
    strict: bool = False
    stdin: IO[bytes] | None = None
    start: str | None = None
    abstain: float = 0.0


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    rows : int
        Labelled, earlier runs included.
    rejects : int
        Rows that could not be labelled, earlier runs included.
    new_rows : int
        Labelled or rejected in this run.
    seconds : float
        Since this run began.
    part : float or None
        Of the input that has been read and labelled; None where its size is not known.
    left : float or None
        Seconds, at the rate so far.
    blank : int
        Of the labelled rows those without text, earlier runs included.
    """

    rows: int
    rejects: int
    new_rows: int
    seconds: float
    part: float | None
    left: float | None
    blank: int = 0


Report = Callable[[Progress], None]


def label_file(
    job: Job,
    output: str | os.PathLike[str],
    kind: Kind,
    report: Report,
    *,
    resume: bool = False,
    restart: bool = False,
) -> Progress:
    """Label a file into another, in parts that outlast a run that is killed.

    Parameters
    ----------
    job : Job
    output : path-like
        Appears under its name when it is whole; rows that could not be labelled stand in
        ``OUT.rejects.jsonl``, and parts in ``OUT.parts`` until then.
    kind : Kind
        Of the output.
    report : callable
        Called with a :class:`Progress` after each chunk.
    resume : bool
        Whether to go on with what a run before left; the output has the same bytes as without a break.
    restart : bool
        Whether to throw away what a run before left.

    Returns
    -------
    Progress

    Raises
    ------
    DataError
        If the input cannot be read, holds no row that can be labelled (and more than a header), or a bad row and ``job.strict``; the
        output cannot be written; a worker process dies; the parts there are do not fit; or the job abstains and the
        model has no stances.
    ModelError
        If the model cannot be used.
    """
    if kind.compression == "zst":
        zstandard()
    if kind.format == "parquet":
        from stance.labelling.arrow import pyarrow  # noqa: PLC0415  # an extra

        pyarrow(os.fspath(output))
    output = place_of(output)
    with opened(job.name, job.stdin) as raw:
        source, task, config = _prepared(job, kind, raw)
        parts = Parts(output, kind, _identity(job, kind, raw), early=job.jobs != 1)
        parts.open(resume, restart)
        try:
            _check_strict(job, None, parts.rejects)
            meter = _Meter(report, source.total, parts.rows, parts.rejects, parts.blank)
            chunks = itertools.islice(source.chunks, parts.chunks, None)
            for labelled in _results(job, task, config, chunks):
                _check_strict(job, labelled.first)
                parts.add(labelled)
                meter.add(labelled)
            parts.commit()
            _check_any(job, source, parts.rows, parts.rejects, meter.first)
            parts.finish()
        except OSError as error:
            raise DataError(f"{cannot_write(output, error)}{_kept(parts)}") from None
        except DataError as error:
            raise type(error)(f"{error}{_kept(parts)}") from None
        finally:
            _leave(parts)
    return meter.progress


def label_stream(
    job: Job, write: Callable[[bytes], Any], rejected: Callable[[bytes], Any], report: Report
) -> Progress:
    """Label a file into a stream of JSONL, written as it comes.

    Parameters
    ----------
    job : Job
    write, rejected : callable
        Called with bytes: labelled rows, and rows that could not be labelled.
    report : callable
        Called with a :class:`Progress` after each chunk.

    Returns
    -------
    Progress

    Raises
    ------
    DataError, ModelError
        As :func:`label_file`.
    """
    with opened(job.name, job.stdin) as raw:
        source, task, config = _prepared(job, Kind("jsonl"), raw)
        meter = _Meter(report, source.total, 0, 0)
        for labelled in _results(job, task, config, source.chunks):
            _check_strict(job, labelled.first)
            write(labelled.data)
            rejected(labelled.rejects)
            meter.add(labelled)
    _check_any(job, source, meter.rows, meter.rejects, meter.first)
    return meter.progress


def _prepared(job: Job, kind: Kind, raw: IO[bytes]) -> tuple[Source, Task, ModelConfig]:
    config = read_model_config(find_model(job.model))
    check_target_column(job.target_column, config.paired)
    check_margin(job.abstain, config.stances)
    source = open_source(raw, job.name, job.source, job.encoding, job.text_column)
    task = Task(
        job.model,
        job.source,
        kind,
        source.header,
        source.encoding,
        job.text_column,
        job.target_column,
        source.delimiter,
        job.abstain,
    )
    return source, task, config


def check_target_column(column: str | None, paired: bool, option: str = "--target-column") -> None:
    """Refuse a column of targets for a model that wants none, and the reverse.

    Parameters
    ----------
    column : str or None
    paired : bool
        Whether the model was trained with targets.
    option : str
        By which the column, or the target itself, is given.

    Raises
    ------
    DataError
    """
    if paired != bool(column):
        raise DataError(
            f"the model was trained with targets; {'name their column' if 'column' in option else 'give one'} with {option}"
            if paired
            else f"the model was trained without targets; leave {option} out"
        )


def _results(job: Job, task: Task, config: ModelConfig, chunks: Iterator[Chunk]) -> Iterable[Labelled]:
    if task.source.format != "parquet":
        return _worked(job, task, chunks)
    from stance.labelling.kept import labelled_batches  # noqa: PLC0415  # pyarrow is an extra

    return labelled_batches(task, config, chunks, partial(_worked, job, task))


def _worked(job: Job, task: Task, chunks: Iterator[Chunk]) -> Iterator[Labelled]:
    jobs = job.jobs or _cores()
    first: list[Chunk] = []
    if job.jobs is None and jobs > 1:
        first = list(itertools.islice(chunks, _SMALL))
        jobs = jobs if len(first) == _SMALL else 1
    every: Iterable[Chunk] = itertools.chain(first, chunks)
    with labelled_chunks(task, every, jobs, job.start) as results:
        yield from results


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _identity(job: Job, kind: Kind, raw: IO[bytes]) -> dict[str, Any]:
    """Return what must be the same for the same bytes to come out."""
    found: dict[str, Any] = {"version of stance": stance.__version__, "size of parts": sources.ROWS * CHUNKS}
    if job.stdin is None:
        state = os.fstat(raw.fileno())
        found["input"] = str(Path(job.name).absolute())
        found["input size"] = state.st_size
        found["input time"] = state.st_mtime_ns
    if "parquet" in (kind.format, job.source.format):
        import pyarrow as pa  # noqa: PLC0415  # an extra

        found["version of pyarrow"] = pa.__version__
    with ModelFolder(find_model(job.model)) as folder:
        found["model"] = hashlib.sha256(folder.read(SUMS)).hexdigest()
    found["format"] = [*job.source, *kind]
    for key in ("text_column", "target_column", "encoding", "abstain"):
        found[key.replace("_", " ")] = getattr(job, key)
    return found


def _check_strict(job: Job, first: Reject | None, before: int = 0) -> None:
    if job.strict and before:
        raise DataError(f"{before} rows were rejected by the run before; leave --strict out to go on")
    if job.strict and first is not None:
        raise DataError(f"{job.name}, line {first.line}: {first.reason}")


def _check_any(job: Job, source: Source, rows: int, rejects: int, first: Any) -> None:
    """Refuse an input of which nothing can be labelled; a header without rows is what an empty day leaves."""
    if rows or (not rejects and source.header and job.source.format != "parquet"):
        return
    if not rejects:
        raise DataError(f"{Path(job.name).name} holds no rows; give a file with one text a row")
    where = "" if first is None else f"; the first: line {first.line}: {first.reason}"
    raise DataError(f"{job.name}: none of the {rejects} rows can be labelled{where}")


def _kept(parts: Parts) -> str:
    return f"; {parts.rows} labelled rows are kept, pass --resume to go on behind them" if parts.rows else ""


def _leave(parts: Parts) -> None:
    """Close the parts; a folder in which there is nothing to go on with is removed."""
    try:
        if not parts.hold_rows():
            parts.discard()
    finally:
        parts.close()


class _Meter:
    """Counts, and tells how long the rest will take."""

    def __init__(self, report: Report, total: int, rows: int, rejects: int, blank: int = 0) -> None:
        self.rows, self.rejects, self.blank = rows, rejects, blank
        self.first: Any = None
        self._report, self._total = report, total
        self._started = time.monotonic()
        self._new = 0
        self._from: int | None = None
        self.progress = Progress(rows, rejects, 0, 0.0, None, None, blank)

    def add(self, labelled: Labelled) -> None:
        self.rows += labelled.rows
        self.rejects += labelled.n_rejects
        self.blank += labelled.blank
        self.first = self.first or labelled.first
        self._new += labelled.rows + labelled.n_rejects
        seconds = time.monotonic() - self._started
        part = left = None
        if self._total:
            part = min(1.0, labelled.position / self._total)
            if self._from is None:
                self._from = labelled.position
            done = labelled.position - self._from
            left = seconds * (self._total - labelled.position) / done if done else None
        self.progress = Progress(self.rows, self.rejects, self._new, seconds, part, left, self.blank)
        self._report(self.progress)
