"""Linear ranking of described things: each template of a description has a table of weights.

A thing is described by a tuple of values, one for each template ("the word before it", "the class of
the verb before it"); its score is the sum of the weights that the tables hold for these values.  The
same descriptions serve training and use, and the sum shows which value spoke for what.  Training is a
conditional logit (McFadden 1974): of the things that compete in one sentence, one is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Description", "Tables", "score"]

Description = tuple[str, ...]
"""A value for each template; empty values weigh nothing."""
Tables = tuple[Mapping[str, float], ...]
"""A table of weights for each template."""


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
