"""Features of one word: itself and the character n-grams inside it."""

from __future__ import annotations

import re

__all__ = ["word_ngrams"]

_RUN = re.compile(r"(.)\1{2,}")


def word_ngrams(norm: str, shortest: int, longest: int) -> list[str]:
    """List the features of a word: the word, then its character n-grams with its edges as ``_``.

    Letters drawn out for emphasis count twice at most.  A hashtag of several words counts as itself
    and as its words.

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
    >>> word_ngrams("#لا_للحرب", 1, 0), word_ngrams("مبرووووك", 1, 0)
    (['w=#لا_للحرب', 'w=لا', 'w=للحرب'], ['w=مبرووك'])
    """
    norm = _RUN.sub(r"\1\1", norm)
    if norm[:1] != "#" or len(norm) == 1:
        return ["w=" + norm, *_inside(norm, shortest, longest)]
    parts = [part for part in norm[1:].split("_") if part]
    return ["w=" + norm] + [f for part in parts for f in ("w=" + part, *_inside(part, shortest, longest))]


def _inside(word: str, shortest: int, longest: int) -> list[str]:
    edged = f"_{word}_"
    return [
        "c=" + edged[i : i + n]
        for n in range(shortest, longest + 1)
        for i in range(len(edged) - n + 1)
        if n < len(edged)
    ]
