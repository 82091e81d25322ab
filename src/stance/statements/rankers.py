"""Rankers in use: their tables handed to the compiled kernel, where there is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stance.features.index import KERNEL
from stance.ranking import Description, Tables, joined, score, score_both

__all__ = ["scorer", "scorer_of_both"]


def scorer(tables: Tables, compiled: bool = True) -> Callable[[Description], float]:
    """Return what scores descriptions by a ranker's tables.

    Parameters
    ----------
    tables : Tables
        Not changed from here on.
    compiled : bool, default True
        Whether it is the kernel, where there is one.

    Returns
    -------
    callable
        Gives what :func:`stance.ranking.score` gives, to the bit.

    Examples
    --------
    >>> scorer(({"قال": 2.0}, {"وزير": 0.5}))(("قال", "رئيس"))
    2.0
    """
    if compiled and KERNEL is not None:
        return KERNEL.Ranker(tables).score
    return partial(score, tables)


def scorer_of_both(
    first: Tables, second: Tables, compiled: bool = True
) -> Callable[[Description], tuple[float, float]]:
    """Return what scores descriptions by two rankers that look at the same, each value looked up once.

    Parameters
    ----------
    first, second : Tables
        For the same templates.
    compiled : bool, default True
        As for :func:`scorer`.

    Returns
    -------
    callable
        Gives what :func:`stance.ranking.score` gives for each, to the bit.

    Examples
    --------
    >>> scorer_of_both(({"قال": 2.0}, {}), ({"قال": -1.0}, {"رئيس": 0.5}))(("قال", "رئيس"))
    (2.0, -0.5)
    """
    if compiled and KERNEL is not None:
        return KERNEL.Ranker(first, second).scores
    return partial(score_both, joined(first, second))
