"""Tasks worked on by several processes, whose beginning Ctrl-C does not disturb."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

from stance.interrupts import undisturbed

__all__ = ["results"]


def results(tasks: Iterable[Any], jobs: int, **options: Any) -> Iterator[Any]:
    """Work on tasks in some processes.

    Parameters
    ----------
    tasks : iterable
        As :func:`joblib.delayed` makes them.
    jobs : int
        Processes; with 1 each task is done here when it is asked for.
    **options
        Of :class:`joblib.Parallel`.

    Yields
    ------
    object
        What comes of the tasks, in their order.

    Examples
    --------
    >>> from joblib import delayed
    >>> list(results([delayed(abs)(-1), delayed(abs)(2)], 1))
    [1, 2]
    """
    from joblib import Parallel  # noqa: PLC0415  # this module must be light
    from joblib.externals.loky.backend import resource_tracker as of_joblib  # noqa: PLC0415  # likewise

    if jobs != 1:
        for tracker in (resource_tracker, of_joblib):
            tracker.ensure_running()  # when they begin they let Ctrl-C through to what begins behind them
    found: Any = None
    try:
        with undisturbed():
            found = Parallel(n_jobs=jobs, return_as="generator", **options)(tasks)
        for result in found:  # noqa: UP028  # "yield from" would close it before its warning is caught
            yield result
    finally:
        with warnings.catch_warnings(), _quiet_manager():
            warnings.simplefilter("ignore", UserWarning)  # that what was begun is thrown away
            if found is not None:
                found.close()


@contextmanager
def _quiet_manager() -> Iterator[None]:
    """Let the thread that manages a pool end in silence where its tasks are taken away while it hands them out."""
    before = threading.excepthook

    def hook(failed: threading.ExceptHookArgs) -> None:
        if failed.thread is None or failed.thread.name != "ExecutorManagerThread":
            before(failed)

    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = before
