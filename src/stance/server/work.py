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
from typing import TypeAlias, TypeVar

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
        self._turn = asyncio.Lock()
        self._taken = 0
        self._waiting: list[float] = []  # seconds that each of them is estimated to work
        self._until = 0.0  # when what is worked on is estimated to end
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
        if self._taken >= self._limits.requests:
            raise _overloaded(f"{self._taken} requests wait or are worked on", seconds)

    def _seconds_ahead(self) -> float:
        return sum(self._waiting) + max(0.0, self._until - self._clock())

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
        pace = self._paces[route]
        self._take(1)
        try:
            await self._wait(pace.seconds(n_bytes))
        except BaseException:
            self._take(-1)
            raise
        given_up = Event()
        future = self._begin(pace, n_bytes, partial(job, given_up.is_set))
        try:
            yield await self._result(future)
        finally:
            given_up.set()
            future.add_done_callback(_in_loop(lambda _: self._take(-1)))

    def _take(self, places: int) -> None:
        self._taken += places
        self._metrics.in_flight += places

    async def _wait(self, estimated: float) -> None:
        """Wait for the turn; first come, first served."""
        self._waiting.append(estimated)
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                await self._turn.acquire()
        except TimeoutError:
            about = f"its turn did not come within {self._limits.wait_seconds:g} seconds"
            raise _overloaded(about, self._seconds_ahead() - estimated) from None
        finally:
            self._waiting.remove(estimated)

    def _begin(self, pace: _Pace, n_bytes: int, job: Callable[[], T]) -> Future[T]:
        began = self._clock()
        self._until = began + pace.seconds(n_bytes)

        def ended(future: Future[T]) -> None:
            self._until = 0.0
            self._turn.release()
            if not (future.cancelled() or future.exception()):  # what was wrong took no work
                pace.add(n_bytes, self._clock() - began)

        future = self._pool.submit(job)
        future.add_done_callback(_in_loop(ended))
        return future

    async def _result(self, future: Future[T]) -> T:
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


def _overloaded(about: str, seconds: float) -> RequestError:
    wait = max(1, ceil(seconds))
    about = f"{about}; try again in {wait} second{'s' * (wait > 1)}"
    return RequestError(503, "overloaded", about, {"Retry-After": str(wait)})
