"""Words looked at for the first time: their normal forms, and what they match in the lexicon."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from stance.features.index import KERNEL, SEED
from stance.lexicon import Lexicon
from stance.lexicon.conjugation import PREFIXES, SUFFIXES
from stance.text import normalize
from stance.text.tokens import character_kinds

__all__ = ["Matcher", "Normalizer", "character_norms"]

_NOT_SIMPLE = 2**32 - 1
_SIMPLE_PAGES = (0x06, 0x20)
_OF_WORDS = 0b111
"""Letters, marks and invisible characters, as :func:`stance.text.tokens.character_kinds` has them."""


@cache
def character_norms(page: int) -> bytes:
    """Tell the normal forms of 256 characters that stand for themselves whatever is beside them.

    Parameters
    ----------
    page : int
        The characters are those from ``256 * page`` on.

    Returns
    -------
    bytes
        256 numbers of type uint32 in the machine's order of bytes: the normal form of an Arabic letter, mark or
        invisible character, 0 where it is deleted; 2 ** 32 - 1 for others, and where it is not one character or
        composes with those beside it.
    """
    norms = [_NOT_SIMPLE] * 256
    if page in _SIMPLE_PAGES:
        characters = [chr(256 * page + i) for i in range(256)]
        letters = [c for c in characters if not unicodedata.combining(c)]
        kinds = array("H", character_kinds(page))
        for i, c in enumerate(characters):
            norm = normalize(c)
            # marks that are deleted may change places among themselves, but not melt into a letter
            composes = unicodedata.combining(c) and (
                norm or any(unicodedata.normalize("NFC", letter + c) != letter + c for letter in letters)
            )
            if kinds[i] & _OF_WORDS and len(norm) < 2 and not composes:
                norms[i] = ord(norm) if norm else 0
    return array("I", norms).tobytes()


class Normalizer:
    """Normal forms of words; see :func:`stance.text.normalize`.

    Parameters
    ----------
    compiled : bool
        Whether the compiled kernel is used where there is one.
    """

    def __init__(self, compiled: bool) -> None:
        self._compiled = KERNEL.Normalizer(character_norms) if compiled and KERNEL else None

    def simple(self, words: list[str], longest: int) -> list[str | None]:
        """Return the normal forms of words, cut to so many letters; None for those that are not simple."""
        if self._compiled is None:
            return [None] * len(words)
        return self._compiled.forms(words, longest)


class Matcher:
    """The patterns of words; see :meth:`stance.lexicon.Lexicon.patterns`.

    Parameters
    ----------
    lexicon : Lexicon
    compiled : bool
        Whether the compiled kernel is used where there is one.
    """

    def __init__(self, lexicon: Lexicon, compiled: bool) -> None:
        self._lexicon = lexicon
        self._compiled = None
        if compiled and KERNEL is not None:
            self._compiled = KERNEL.Matcher(
                *_table(lexicon.forms),
                *_table(lexicon.exact_forms),
                list(PREFIXES),
                np.array(list(PREFIXES.values()), np.int32),
                list(SUFFIXES),
                SEED,
            )

    def patterns(self, words: list[str]) -> dict[int, tuple[int, ...]]:
        """Return the patterns of words, by their places in the list; those that match nothing are left out."""
        if self._compiled is None:
            found = ((i, self._lexicon.patterns(word)) for i, word in enumerate(words))
            return {i: patterns for i, patterns in found if patterns}
        counts, flat = self._compiled.match(words)
        count = np.frombuffer(counts, np.int64)
        ends = np.cumsum(count)
        patterns = np.frombuffer(flat, np.int32).tolist()
        at = np.flatnonzero(count)
        return {
            i: self._lexicon.with_classes(patterns[last - n : last])
            for i, last, n in zip(at.tolist(), ends[at].tolist(), count[at].tolist(), strict=True)
        }


def _table(forms: Mapping[str, Sequence[int]]) -> tuple[list[str], Any, Any]:
    ends = np.cumsum([0, *map(len, forms.values())], dtype=np.int32)
    return list(forms), ends, np.array([code for codes in forms.values() for code in codes], np.int32)
