"""What values of a description weigh together: a factorization machine beside the tables of a ranker.

A table knows what a value weighs by itself.  Here every value has a short vector besides; the vectors of
a thing's values are added up, and the weighed squares of the sums are added to its score, so that any two values
weigh something together without a table of pairs (S. Rendle 2010, "Factorization machines", ICDM).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.ranking.tables import Description

__all__ = ["Factors", "Numbers", "number_values"]

Numbers = tuple[Mapping[str, int], ...]
"""The rows of the values of each template."""


@dataclass(frozen=True, eq=False)
class Factors:
    """Vectors of the values in the tables of a ranker, row by row in the order of :func:`number_values`.

    Attributes
    ----------
    plain : ndarray of float32, shape (n_values,)
        What a value weighs by itself, beside its weight in the table.
    vectors : ndarray of int8, shape (n_values, n_factors)
    scales : ndarray of float32, shape (n_factors,)
        What the square of a sum of whole numbers weighs; sums of bytes are exact on every machine.
    """

    plain: NDArray[np.float32]
    vectors: NDArray[np.int8]
    scales: NDArray[np.float32]

    def scores(self, things: Sequence[tuple[Numbers, Description]]) -> list[float]:
        """Say what is to be added to the scores of things.

        Parameters
        ----------
        things : sequence of (Numbers, Description)
            The description of each thing, and the rows of the values of its kind of thing.

        Returns
        -------
        list of float

        Examples
        --------
        >>> factors = Factors(np.zeros(2, np.float32), np.array([[1], [2]], np.int8), np.ones(1, np.float32))
        >>> factors.scores([(({"قال": 0}, {"وزير": 1}), ("قال", "وزير")), (({"قال": 0}, {}), ("قال", "وزير"))])
        [9.0, 1.0]
        """
        if not things:
            return []
        rows = [
            [known[value] for known, value in zip(numbers, description, strict=True) if value in known]
            for numbers, description in things
        ]
        sums = np.array([self.vectors[r].sum(axis=0, dtype=np.int64) for r in rows], np.float64)
        plain = np.array([self.plain[r].sum(dtype=np.float64) for r in rows])
        found: list[float] = (plain + (sums * sums) @ self.scales).tolist()
        return found


def number_values(tables: Sequence[Mapping[str, float]], first: int = 0) -> Numbers:
    """Give the values of tables numbers, sorted within each table.

    Parameters
    ----------
    tables : sequence of dict of str to float
    first : int
        Number of the first.

    Returns
    -------
    tuple of dict of str to int

    Examples
    --------
    >>> number_values([{"قال": 1.5, "أكد": 0.5}, {"وزير": 2.0}])
    ({'أكد': 0, 'قال': 1}, {'وزير': 2})
    """
    found = []
    for table in tables:
        found.append({value: first + i for i, value in enumerate(sorted(table))})
        first += len(table)
    return tuple(found)
