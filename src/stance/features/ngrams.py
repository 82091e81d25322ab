"""Features of one word: itself and the character n-grams inside it."""

from __future__ import annotations

__all__ = ["word_ngrams"]


def word_ngrams(norm: str, shortest: int, longest: int) -> list[str]:
    """List the features of a word: the word, then its character n-grams with its edges as ``_``.

    Parameters
    ----------
    norm : str
        A normalised word.
    shortest, longest : int
        Lengths of the n-grams in characters, edges included; `longest` 0 gives the word alone.

    Returns
    -------
    list of str
        ``"w=" + word`` and ``"c=" + n-gram``, an n-gram as often as it occurs.

    Examples
    --------
    >>> word_ngrams("لن", 2, 3)
    ['w=لن', 'c=_ل', 'c=لن', 'c=ن_', 'c=_لن', 'c=لن_']
    """
    edged = f"_{norm}_"
    return ["w=" + norm] + [
        "c=" + edged[i : i + n]
        for n in range(shortest, longest + 1)
        for i in range(len(edged) - n + 1)
        if n < len(edged)
    ]
