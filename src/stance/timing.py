"""How long the stages of a training run take, and how much memory a process has taken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Stopwatch", "peak_memory"]


class Stopwatch:
    """Seconds by stage.

    Attributes
    ----------
    seconds : dict of str to float
        In the order in which the stages began; stages of one name are added up.

    Examples
    --------
    >>> watch = Stopwatch()
    >>> with watch.stage("features"):
    ...     pass
    >>> watch.to_text()
    'features 0.0 s'
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside the ``with`` block."""
        self.seconds.setdefault(name, 0.0)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - started

    @property
    def total(self) -> float:
        """The seconds of all stages."""
        return sum(self.seconds.values())

    def to_text(self) -> str:
        """Return the stages with their seconds, such as ``features 1.2 s, stances 3.4 s``."""
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())


def peak_memory() -> int:
    """Return the most memory that this process has held, in bytes; 0 where the system does not tell.

    Pages that processes share count in each of them.

    Returns
    -------
    int
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line[:6] == "VmHWM:"), 0)
