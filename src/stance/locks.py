"""Locks that a fork does not leave locked."""

from __future__ import annotations

import os
import threading
from functools import cache
from weakref import WeakSet

__all__ = ["Locked"]

_EVERY: WeakSet[Locked] = WeakSet()


class Locked:
    """Something with a lock, which is another and free one in every forked process.

    A forked process has one thread, the one that forked.  A lock that another thread held at that
    moment would stay locked in it for ever, and labelling would wait for ever.

    Attributes
    ----------
    lock : threading.Lock

    Examples
    --------
    >>> with Locked().lock as held:
    ...     held
    True
    """

    def __init__(self) -> None:
        _watch_forks()
        self.lock = threading.Lock()
        _EVERY.add(self)


def _renew() -> None:
    # not released but replaced: one that was being taken at the moment of the fork cannot be released
    for one in _EVERY:
        one.lock = threading.Lock()


@cache
def _watch_forks() -> None:
    """Have locks renewed in forked processes; asked for with the first lock, not at import."""
    if hasattr(os, "register_at_fork"):  # not where there is no fork
        os.register_at_fork(after_in_child=_renew)
