"""How the networks use torch: only while they are trained, on one thread, with a way out where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from stance.errors import TrainingError

__all__ = ["check_torch", "one_thread"]


def check_torch(wanted_by: str, otherwise: str) -> None:
    """Check that torch is installed.

    Parameters
    ----------
    wanted_by : str
        What wants it, with its verb.
    otherwise : str
        What to do without it.

    Raises
    ------
    TrainingError
        If it is not.
    """
    if find_spec("torch") is None:
        raise TrainingError(
            f"{wanted_by} torch, which is not installed; run pip install torch, or {otherwise}"
        )


@contextmanager
def one_thread() -> Iterator[Any]:
    """Lend torch with one thread, so that the same input gives the same bits.

    Its number of threads and its random state are afterwards what they were.

    Yields
    ------
    module
        torch.
    """
    import torch  # noqa: PLC0415  # heavy, and wanted only here

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            yield torch
    finally:
        torch.set_num_threads(threads)
