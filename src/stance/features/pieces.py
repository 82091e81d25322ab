"""Pieces of words: the word itself, and beginnings and endings, by which one never met is like others."""

from __future__ import annotations

__all__ = ["PIECES", "word_pieces"]

PIECES = 5
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
