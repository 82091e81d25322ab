"""The index: cuts texts into tokens and numbers the distinct ones, in Python or by the compiled kernel."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, Protocol

import numpy as np

from stance.text.tokens import LONGEST, TOKEN, character_kinds

if TYPE_CHECKING:
    from stance.features import _kernel

    KERNEL = _kernel  # by its stub: of a variable, any attribute and any call would do
else:
    try:
        from stance.features import _kernel
    except ImportError:  # installed where there was no compiler
        _kernel = None
    KERNEL = None if os.environ.get("STANCE_KERNEL") == "0" else _kernel
    """The compiled kernel, or None: where it could not be built, or ``STANCE_KERNEL=0`` in the environment says so."""

__all__ = ["KERNEL", "SEED", "Index", "PythonIndex", "new_index"]

SEED = hash("stance") & 0xFFFFFFFF
"""Of the kernel's hashing, different in each process as Python's own: no text can be made to fill one place."""


class Index(Protocol):
    """What numbers tokens."""

    def find(self, texts: list[str]) -> tuple[bytes, bytes, list[str]]:
        """Return the numbers of the tokens, how many each text has, and the tokens met for the first time.

        Numbers are int32, counts int64; the new tokens stand in the order of their numbers.  Of a token
        no more than its first :data:`~stance.text.tokens.LONGEST` letters count.
        """

    def add(self, word: str) -> int:
        """Enter a word and return its number."""


class PythonIndex:
    """An index in plain Python, equal to the kernel's."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def find(self, texts: list[str]) -> tuple[bytes, bytes, list[str]]:
        """Cut and number; see :class:`Index`."""
        numbers, find = self._numbers, TOKEN.findall
        tokens = [
            find(text) if len(text) <= LONGEST else [token[:LONGEST] for token in find(text)]
            for text in texts
        ]
        fresh = [t for t in dict.fromkeys(chain.from_iterable(tokens)) if t not in numbers]
        numbers.update(zip(fresh, range(len(numbers), len(numbers) + len(fresh)), strict=True))
        lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
        ids = np.fromiter(map(numbers.__getitem__, chain.from_iterable(tokens)), np.int32, int(lengths.sum()))
        return ids.tobytes(), lengths.tobytes(), fresh

    def add(self, word: str) -> int:
        """Enter a word; see :class:`Index`."""
        return self._numbers.setdefault(word, len(self._numbers))


def new_index(compiled: bool = True) -> Index:
    """Return an empty index.

    Parameters
    ----------
    compiled : bool, default True
        Whether it is the kernel's, where there is one.

    Returns
    -------
    Index
    """
    if compiled and KERNEL is not None:
        return KERNEL.Index(character_kinds, SEED, LONGEST)
    return PythonIndex()
