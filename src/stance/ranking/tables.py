"""Linear ranking of described things: each template of a description has a table of weights.

A thing is described by a tuple of values, one for each template ("the word before it", "the class of
the verb before it"); its score is the sum of the weights that the tables hold for these values.  The
same descriptions serve training and use, and the sum shows which value spoke for what.  Training is a
conditional logit (McFadden 1974): of the things that compete in one sentence, one is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Description", "PairTables", "Tables", "joined", "score", "score_both"]

Description = tuple[str, ...]
"""A value for each template; empty values weigh nothing."""
Tables = tuple[dict[str, float], ...]
"""A table of weights for each template."""
PairTables = tuple[Mapping[str, tuple[float, float]], ...]
"""Two rankers' weights of each value, for descriptions that both look at."""
_NOTHING = (0.0, 0.0)


def score(tables: Tables, description: Sequence[str]) -> float:
    """Add up the weights of a description.

    Parameters
    ----------
    tables : Tables
    description : sequence of str
        As many values as tables.

    Returns
    -------
    float

    Examples
    --------
    >>> score(({"قال": 2.0}, {"وزير": 0.5}), ("قال", "رئيس"))
    2.0
    """
    total = 0.0
    for table, value in zip(tables, description, strict=True):
        total += table.get(value, 0.0)
    return total


def joined(first: Tables, second: Tables) -> PairTables:
    """Put the tables of two rankers together, so that a value is looked up once for both.

    Parameters
    ----------
    first, second : Tables
        For the same templates.

    Returns
    -------
    PairTables

    Examples
    --------
    >>> joined(({"قال": 2.0},), ({"قال": -1.0, "رئيس": 0.5},))
    ({'قال': (2.0, -1.0), 'رئيس': (0.0, 0.5)},)
    """
    return tuple(
        {value: (a.get(value, 0.0), b.get(value, 0.0)) for value in (*a, *(v for v in b if v not in a))}
        for a, b in zip(first, second, strict=True)
    )


def score_both(tables: PairTables, description: Sequence[str]) -> tuple[float, float]:
    """Add up the weights of a description for two rankers.

    Parameters
    ----------
    tables : PairTables
    description : sequence of str
        As many values as tables.

    Returns
    -------
    (float, float)
        What :func:`score` gives for each.

    Examples
    --------
    >>> score_both(joined(({"قال": 2.0}, {}), ({"قال": -1.0}, {"رئيس": 0.5})), ("قال", "رئيس"))
    (2.0, -0.5)
    """
    one = other = 0.0
    for table, value in zip(tables, description, strict=True):
        a, b = table.get(value, _NOTHING)
        one += a
        other += b
    return one, other
