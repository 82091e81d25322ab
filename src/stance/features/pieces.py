"""Pieces of words: the word itself, and beginnings and endings, by which one never met is like others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["PIECES", "PieceNumbers", "word_pieces"]

_KINDS = ("w", "b2", "b3", "e2", "e3")
PIECES = len(_KINDS)
"""Of every word."""


def word_pieces(norm: str) -> tuple[str, ...]:
    """Return the pieces of a word.

    Parameters
    ----------
    norm : str
        Its normal form.

    Returns
    -------
    tuple of str, length PIECES
        ``w=`` the word, ``b2=`` and ``b3=`` its first two and three letters, ``e2=`` and ``e3=`` its last.

    Examples
    --------
    >>> word_pieces("هدنه")
    ('w=هدنه', 'b2=هد', 'b3=هدن', 'e2=نه', 'e3=دنه')
    """
    return f"w={norm}", f"b2={norm[:2]}", f"b3={norm[:3]}", f"e2={norm[-2:]}", f"e3={norm[-3:]}"


class PieceNumbers:
    """Finds the numbers of words' pieces.

    Parameters
    ----------
    names : iterable of str
        The pieces that are known, as :func:`word_pieces` names them; others are never found.

    Examples
    --------
    >>> PieceNumbers(["b2=هد", "w=هدنه"]).of(["هدنه", "هدف"]).tolist()
    [[1, 0, -1, -1, -1], [-1, 0, -1, -1, -1]]
    """

    def __init__(self, names: Iterable[str]) -> None:
        # a dictionary for each kind: all but the words' are small, and no name has to be put together
        self._by_kind: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS}
        for number, name in enumerate(names):
            kind, _, letters = name.partition("=")
            self._by_kind.get(kind, {})[letters] = number

    def of(self, norms: Sequence[str]) -> NDArray[np.int64]:
        """Return the numbers of the pieces of words, shape (n_words, PIECES); -1 for those that are not known."""
        word, b2, b3, e2, e3 = (numbers.get for numbers in self._by_kind.values())
        found = np.empty((PIECES, len(norms)), np.int64)
        found[0] = [word(norm, -1) for norm in norms]
        found[1] = [b2(norm[:2], -1) for norm in norms]
        found[2] = [b3(norm[:3], -1) for norm in norms]
        found[3] = [e2(norm[-2:], -1) for norm in norms]
        found[4] = [e3(norm[-3:], -1) for norm in norms]
        return found.T
