"""What the speed benchmark measures with: a clock, rounds that take turns, spreads, bounds, memory."""

from __future__ import annotations

import math
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Figures = dict[str, Any]
Call = Callable[[], object]

GROWTH = 1.25
"""By how much a cost that must not grow may differ: what remains between runs on a shared machine."""


class Spread(NamedTuple):
    """Median and range of repeated measurements."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        found = sorted(values)
        return cls(statistics.median(found), found[0], found[-1])

    def __str__(self) -> str:
        return f"{figure(self.median)} ({figure(self.low)} to {figure(self.high)})"


class Bound(NamedTuple):
    """A figure that is demanded: at least, or at most, a limit; no value is not measured."""

    what: str
    value: float | None
    at_least: float = 0.0
    at_most: float = math.inf

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        return "met" if self.at_least <= self.value <= self.at_most else "MISSED"

    def __str__(self) -> str:
        limit = f">= {self.at_least:g}" if self.at_least else f"<= {self.at_most:g}"
        value = "" if self.value is None else figure(self.value)
        return f"{self.what:62}{value:>9}{limit:>9}  {self.verdict}"


class Part(NamedTuple):
    """What one part of the benchmark found."""

    figures: Figures
    bounds: list[Bound]


def figure(value: float) -> str:
    """Three digits that count, or all those before the point."""
    digits = 0 if not value else max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def seconds(call: Call) -> float:
    """Time a call; what it returns is thrown away after the clock has stopped."""
    started = time.perf_counter()
    result = call()
    took = time.perf_counter() - started
    del result
    return took


def in_turn(calls: Mapping[str, Call], rounds: int) -> dict[str, list[float]]:
    """Time each call once a round, so that what disturbs a round disturbs them all."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            found[name].append(seconds(call))
    return found


def resident() -> float:
    """Return the megabytes that this process holds; where the system does not tell, the most it has held."""
    path = Path("/proc/self/statm")
    if path.is_file():
        return int(path.read_text().split()[1]) * resource.getpagesize() / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def later_to_earlier(values: list[float]) -> float:
    """Return how the mean of a series' last quarter compares with its second's, the first being warm-up."""
    quarter = max(len(values) // 4, 1)
    return statistics.fmean(values[-quarter:]) / statistics.fmean(values[quarter : 2 * quarter] or values)
