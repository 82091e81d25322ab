"""Chunks labelled, in this process or on all cores."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from typing import Any, NamedTuple

from stance.datasets.records import Reject
from stance.errors import DataError
from stance.interrupts import undisturbed
from stance.labelling.predicted import Predicted
from stance.labelling.rows import Rows, Task, rows_of
from stance.labelling.sinks import json_text, piece_of
from stance.labelling.sources import Chunk
from stance.predictions import Decisions
from stance.predictor import Predictor, load

__all__ = ["ENVIRONMENT", "Labelled", "label_chunk", "labelled_chunks"]

_AHEAD = 3
"""Chunks for each process that are read before the first of them is written: so many are in memory."""
_PIPE = 2**20
"""Bytes of a pipe, as many as any user may have."""
ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # gives back what it does not need
}
"""Of the worker processes; those that are spawned have what the main process has."""


class Labelled(NamedTuple):
    """What comes of a chunk.

    Attributes
    ----------
    rows : int
        Labelled ones.
    data : bytes
        They, formatted.
    columns, added : list of str
        As in :class:`stance.labelling.sinks.Piece`.
    rejects : bytes
        One JSON object a line.
    n_rejects : int
    first : Reject or None
        The first of them.
    position : int
        As in :class:`stance.labelling.sources.Chunk`.
    lines : list of int
        Of the rows whose batch is kept in the main process; empty where none was rejected.
    decisions : Decisions or None
        Of them, in place of `data`.
    blank : int
        Rows labelled though there is no text in them.
    """

    rows: int
    data: bytes
    columns: list[str]
    added: list[str]
    rejects: bytes
    n_rejects: int
    first: Reject | None
    position: int
    lines: Sequence[int] = ()
    decisions: Decisions | None = None
    blank: int = 0


@lru_cache(maxsize=1)
def _predictor(model: str | None) -> Predictor:
    """Load a model once in each process."""
    return load(model)


def label_chunk(task: Task, chunk: Chunk) -> Labelled:
    """Label the rows of a chunk.

    Parameters
    ----------
    task : Task
    chunk : Chunk

    Returns
    -------
    Labelled
        The same for the same chunk, whatever the process labelled before.
    """
    rows = rows_of(task, chunk)
    model = _predictor(task.model)
    if task.keeps_batches:
        rejects = b"".join(map(_reject_line, rows.rejects))
        return Labelled(
            len(rows.lines), b"", [], [], rejects, len(rows.rejects), next(iter(rows.rejects), None), chunk.position,
            rows.lines if rejects else (), model.decide(rows.texts, rows.targets, abstain=task.abstain), rows.blank,
        )  # fmt: skip
    try:
        data, columns, added = piece_of(task, rows, _predicted(task, model, rows))
    except _UNWRITABLE:
        rows = rows.without(_unwritable(task, rows, model))
        data, columns, added = piece_of(task, rows, _predicted(task, model, rows))
    found = rows.rejects
    return Labelled(
        len(rows.lines), data, columns, added, b"".join(map(_reject_line, found)), len(found),
        found[0] if found else None, chunk.position, blank=rows.blank,
    )  # fmt: skip


def _predicted(task: Task, model: Predictor, rows: Rows) -> Predicted:
    decisions = model.decide(rows.texts, rows.targets, abstain=task.abstain)
    return Predicted(decisions, model.config, flagged=task.abstain > 0)


_UNWRITABLE = (RecursionError, ValueError, OverflowError)
"""What formats raise at values they cannot hold; pyarrow's errors of values are ValueError too."""


def _unwritable(task: Task, rows: Rows, model: Predictor) -> list[Reject]:
    """Find the rows that the output's format cannot hold."""
    bad = []
    for line, fields in zip(rows.lines, rows.records, strict=True):
        one = rows.only(line)
        try:
            piece_of(task, one, _predicted(task, model, one))
        except _UNWRITABLE as error:
            reason = (
                "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
            )
            bad.append(Reject(line, f"cannot be written as {task.target.format} ({reason})", fields))
    return bad


def _reject_line(reject: Reject) -> bytes:
    fields = {"line": reject.line, "reason": reject.reason, "row": reject.row}
    try:
        return f"{json_text(fields)}\n".encode()
    except RecursionError:
        return _reject_line(reject._replace(row=None))
    except UnicodeEncodeError:  # bytes that are no text stand as \udcXX
        import json  # noqa: PLC0415  # beside its rare use

        return f"{json.dumps(fields, default=str)}\n".encode()


@lru_cache(maxsize=1)
def _settle(model: str | None) -> None:
    """Load the model, and take what is there out of the collector's sight: loky has it look at everything each second."""
    _predictor(model)
    gc.freeze()


def _label_in_worker(task: Task, chunk: Chunk) -> Labelled:
    _settle(task.model)
    return label_chunk(task, chunk)


def _start_worker(parent: int) -> None:
    """Leave Ctrl-C to the main process, and end when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def labelled_chunks(
    task: Task, chunks: Iterable[Chunk], jobs: int, start: str | None = None
) -> Iterator[Iterator[Labelled]]:
    """Label chunks, in order.

    Parameters
    ----------
    task : Task
    chunks : iterable of Chunk
        Read no further ahead than the processes are kept busy.
    jobs : int
        Processes; 1 labels in this one.
    start : str, optional
        How they are started, see :class:`stance.labelling.run.Job`.

    Yields
    ------
    iterator of Labelled

    Raises
    ------
    DataError
        While it is iterated, if a process dies.
    """
    if jobs == 1:
        yield map(partial(label_chunk, task), chunks)
        return
    from joblib.externals.loky import get_reusable_executor  # noqa: PLC0415  # wanted only here

    executor = get_reusable_executor(
        max_workers=jobs,
        reuse=False,
        context=start,
        env=ENVIRONMENT,
        initializer=_start_worker,
        initargs=(os.getpid(),),
    )
    _widen_pipes(executor)
    waiting: deque[Any] = deque()
    try:
        yield _in_order(executor, task, chunks, waiting, _AHEAD * jobs)
    finally:
        for future in waiting:
            future.cancel()
        with (
            undisturbed()
        ):  # broken off, it would leave workers that wait for work, and an end that waits for them
            executor.shutdown(wait=True)  # killing the workers while they are sent work ends in a traceback


def _widen_pipes(executor: Any) -> None:
    """Let a whole chunk wait in the executor's pipes, where Linux allows it: 64 KB at a time keep both ends waking each other."""
    with suppress(AttributeError, ImportError, OSError):  # nothing but time is lost then
        import fcntl  # noqa: PLC0415  # not on Windows

        queues = executor._call_queue, executor._result_queue  # noqa: SLF001  # loky has no other way to them
        for queue in queues:
            fcntl.fcntl(queue._writer.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)  # noqa: SLF001  # likewise


def _in_order(
    executor: Any, task: Task, chunks: Iterable[Chunk], waiting: deque[Any], ahead: int
) -> Iterator[Labelled]:
    """Keep so many chunks at work, and never more: a slow disk must not fill the memory with results."""
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415  # see above

    try:
        for chunk in chunks:
            with undisturbed():  # the first begins the pool
                waiting.append(executor.submit(_label_in_worker, task, chunk))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise DataError(
            "a worker process was ended from outside, as happens where memory runs out; pass fewer --jobs"
        ) from None
