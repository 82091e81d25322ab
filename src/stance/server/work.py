"""Work off the event loop: so much at a time, so long, the rest turned away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from threading import Event
from typing import Any, TypeAlias, TypeVar

from stance.server.errors import RequestError
from stance.server.limits import Limits
from stance.server.metrics import Metrics

__all__ = ["Stopped", "StoppedError", "Work"]

T = TypeVar("T")
Stopped: TypeAlias = Callable[[], bool]
"""Tells a job that nobody waits for it any more."""


class StoppedError(Exception):
    """A job ended early because nobody waits for it."""


class Work:
    """Threads that label, and the places in the queue before them.

    Parameters
    ----------
    limits : Limits
    metrics : Metrics
        Its `in_flight` counts the places taken.
    """

    def __init__(self, limits: Limits, metrics: Metrics) -> None:
        self._limits = limits
        self._metrics = metrics
        self._pool = ThreadPoolExecutor(limits.threads, thread_name_prefix="stance")

    def check_room(self) -> None:
        """Turn a request away if all places are taken.

        Raises
        ------
        RequestError
            503.
        """
        if self._metrics.in_flight >= self._limits.requests:
            raise RequestError(
                503,
                "overloaded",
                f"{self._limits.requests} requests are being worked on; try again in a second",
                {"Retry-After": "1"},
            )

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Callable[[Callable[[Stopped], T]], Awaitable[T]]]:
        """Take a place; it is free again when its job has ended, however long its client has been gone.

        Yields
        ------
        callable
            Runs a job in a thread and returns what the job returns.

        Raises
        ------
        RequestError
            503, if there is no room; the callable's, if a job takes too long.
        """
        self.check_room()
        self._metrics.in_flight += 1
        jobs: list[Future[Any]] = []
        try:
            yield partial(self._run, jobs)
        finally:
            running = next((job for job in jobs if not job.done()), None)
            if running is None:
                self._leave()
            else:
                running.add_done_callback(partial(self._leave_from_thread, asyncio.get_running_loop()))

    def _leave(self) -> None:
        self._metrics.in_flight -= 1

    def _leave_from_thread(self, loop: asyncio.AbstractEventLoop, _: Future[Any]) -> None:
        with suppress(RuntimeError):  # the loop is closed: the process ends
            loop.call_soon_threadsafe(self._leave)

    async def _run(self, jobs: list[Future[Any]], job: Callable[[Stopped], T]) -> T:
        given_up = Event()
        future = self._pool.submit(job, given_up.is_set)
        jobs.append(future)
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise RequestError(
                503,
                "deadline_exceeded",
                f"the work was not done within {self._limits.seconds:g} seconds; send less at once",
                {"Retry-After": "5"},
            ) from None
        finally:
            given_up.set()
