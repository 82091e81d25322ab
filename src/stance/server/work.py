"""Work off the event loop: so much at a time, waiting so long, taking so long, the rest turned away."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from math import ceil
from threading import Event
from time import monotonic
from typing import Any, TypeAlias, TypeVar

from stance.server.errors import RequestError
from stance.server.limits import SMALL, Limits
from stance.server.metrics import Metrics

__all__ = ["Lane", "Stopped", "StoppedError", "Work"]

T = TypeVar("T")
Stopped: TypeAlias = Callable[[], bool]
"""Tells a job that nobody waits for it any more."""
_EVERY = 1_000
"""Bytes that are added to a request's own, for what each costs however small it is."""
_FADING = 0.9
"""Weight of the jobs before at each one more: the last ten or so count."""


class StoppedError(Exception):
    """A job ended early because nobody waits for it."""


class Work:
    """Two lanes, so that small requests never wait behind large ones.

    Parameters
    ----------
    limits : Limits
    metrics : Metrics
        Its `in_flight` counts the places taken.
    """

    def __init__(self, limits: Limits, metrics: Metrics) -> None:
        self._small = Lane(limits, metrics)
        self._large = Lane(limits, metrics)

    def lane(self, route: str, length: str) -> Lane:
        """Return the lane of a request.

        Parameters
        ----------
        route : str
            One of :data:`stance.server.limits.SMALL`.
        length : str
            Its Content-Length, empty if it has none: such a request is taken for large.

        Returns
        -------
        Lane
        """
        is_small = length.isdecimal() and len(length) < 16 and int(length) <= SMALL[route]
        return self._small if is_small else self._large


class Lane:
    """A thread, and the places in the queue before it; used from one event loop alone.

    Parameters
    ----------
    limits : Limits
    metrics : Metrics
    clock : callable, optional
        Seconds, for the pace of work.
    """

    def __init__(self, limits: Limits, metrics: Metrics, clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits
        self._metrics = metrics
        self._clock = clock
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="stance")
        self._places: set[_Place] = set()
        self._paces: defaultdict[str, _Pace] = defaultdict(_Pace)

    def check_room(self) -> None:
        """Turn a request away if all places are taken, or if its turn would come too late.

        Raises
        ------
        RequestError
            503.
        """
        seconds = self._seconds_ahead()
        if seconds > self._limits.wait_seconds:
            raise _overloaded(f"the work before this request will take {ceil(seconds)} seconds", seconds)
        if len(self._places) >= self._limits.requests:
            raise _overloaded(f"{len(self._places)} requests wait or are worked on", seconds)

    def _seconds_ahead(self) -> float:
        now = self._clock()
        return sum(place.seconds_left(now) for place in self._places)

    @asynccontextmanager
    async def answer(self, route: str, n_bytes: int, job: Callable[[Stopped], T]) -> AsyncIterator[T]:
        """Run a job in the thread, in its turn; its place is held until what was made of it is sent.

        It is free again when the job has ended, however long its client has been gone.

        Parameters
        ----------
        route : str
            Each has a pace of its own.
        n_bytes : int
            Of the request.
        job : callable

        Yields
        ------
        object
            What the job returns.

        Raises
        ------
        RequestError
            503, if there is no room, the turn does not come in time or the job takes too long.
        """
        self.check_room()
        pace, given_up, ended = self._paces[route], Event(), asyncio.Event()
        place = _Place(partial(job, given_up.is_set), pace.seconds(n_bytes))

        def end(_: Future[T]) -> None:
            if place.took is not None:
                pace.add(n_bytes, place.took)
            ended.set()

        self._places.add(place)
        self._metrics.in_flight += 1
        future: Future[T] = self._pool.submit(place.work, self._clock)
        future.add_done_callback(_in_loop(end))
        try:
            await self._turn(future, ended, place)
            yield future.result()
        finally:
            given_up.set()
            future.cancel()  # which is in vain from the moment when its turn has come
            if future.done():  # at once: while a place that is free counts as taken, others are refused
                self._leave(place)
            else:
                future.add_done_callback(_in_loop(lambda _: self._leave(place)))

    async def _turn(self, future: Future[T], ended: asyncio.Event, place: _Place) -> None:
        """Wait until a job has ended, which must begin in time."""
        limits = self._limits
        if await _within(limits.wait_seconds, ended):
            return
        if future.cancel():
            about = f"its turn did not come within {limits.wait_seconds:g} seconds"
            raise _overloaded(about, self._seconds_ahead() - place.estimated)
        if not await _within(limits.seconds, ended):
            about = f"the work was not done within {limits.seconds:g} seconds; send less at once"
            raise RequestError(503, "deadline_exceeded", about, {"Retry-After": "5"})

    def _leave(self, place: _Place) -> None:
        self._places.remove(place)
        del place.job  # for the pool holds a place until the thread comes by
        self._metrics.in_flight -= 1


class _Place:
    """A job in its turn; the thread that works on it writes when it began and how long it took."""

    def __init__(self, job: Callable[[], Any], estimated: float) -> None:
        self.job = job
        self.estimated = estimated
        self.began: float | None = None
        self.took: float | None = None

    def work(self, clock: Callable[[], float]) -> Any:
        self.began = clock()
        found = self.job()
        self.took = clock() - self.began  # what was wrong says nothing of the pace
        return found

    def seconds_left(self, now: float) -> float:
        if self.took is not None:
            return 0.0
        return self.estimated if self.began is None else max(0.0, self.began + self.estimated - now)


class _Pace:
    """Seconds that a byte takes: sums of both over the last jobs."""

    def __init__(self) -> None:
        self._sum_seconds = 0.0
        self._sum_bytes = 0.0

    def add(self, n_bytes: int, seconds: float) -> None:
        self._sum_seconds = _FADING * self._sum_seconds + seconds
        self._sum_bytes = _FADING * self._sum_bytes + n_bytes + _EVERY

    def seconds(self, n_bytes: int) -> float:
        """Estimate; nothing, as long as nothing is known."""
        return (n_bytes + _EVERY) * self._sum_seconds / self._sum_bytes if self._sum_bytes else 0.0


def _in_loop(done: Callable[[Future[T]], None]) -> Callable[[Future[T]], None]:
    """Have a thread's end told to the event loop that runs now."""
    loop = asyncio.get_running_loop()

    def tell(future: Future[T]) -> None:
        with suppress(RuntimeError):  # the loop is closed: the process ends
            loop.call_soon_threadsafe(done, future)

    return tell


async def _within(seconds: float, ended: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await ended.wait()
    except TimeoutError:
        return False


def _overloaded(about: str, seconds: float) -> RequestError:
    wait = max(1, ceil(seconds))
    about = f"{about}; try again in {wait} second{'s' * (wait > 1)}"
    return RequestError(503, "overloaded", about, {"Retry-After": str(wait)})
