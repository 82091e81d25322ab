"""Interruptions that wait until what must not be broken off is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["undisturbed"]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait until the block is done; processes that are started within never see it.

    Half begun, a pool of processes would wait for ever for what it lacks, and processes that are loading their
    libraries would end in tracebacks.  In another thread than the main one, which no signal interrupts, where a
    platform cannot block signals, or where Ctrl-C is ignored, as in a shell's background, nothing is done.

    Yields
    ------
    None

    Raises
    ------
    KeyboardInterrupt
        Behind the block, if Ctrl-C or the signal to end came within and the handler of before raises it.

    Examples
    --------
    >>> before = signal.signal(signal.SIGINT, lambda *_: print("interrupted"))
    >>> with undisturbed():
    ...     signal.raise_signal(signal.SIGINT)
    ...     print("done")
    done
    interrupted
    >>> _ = signal.signal(signal.SIGINT, before)
    """
    on_main = threading.current_thread() is threading.main_thread() and hasattr(signal, "pthread_sigmask")
    if not on_main or signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        yield
        return
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: came.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which children inherit
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for number, handler in before.items():
            signal.signal(number, handler)
        for again in came[:1]:
            signal.raise_signal(again)
