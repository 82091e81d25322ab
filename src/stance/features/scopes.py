"""Scopes: the words near a text's beginning and behind its cues, where word vectors are summed apart.

A word means something else behind "calls for" than behind "praised".  For each scope the vectors
of the words in it are summed, so that a model can weigh the same word differently by what stands
before it; the sum stays a sum over words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.features.analysis import Analysis

__all__ = ["SCOPES", "scope_classes", "scope_tokens"]

_FIRST_TOKENS = 8
_REACH = 5
_CUE_SCOPES: dict[str, tuple[str, ...]] = {
    "calling": ("calling",),
    "warning": ("warning", "alarm"),
    "threat": ("threat",),
    "support": ("support_noun", "support_verb"),
    "readiness": ("readiness", "pledge"),
    "praise": ("praise", "welcome"),
    "reporting": ("reporting",),
    "negation": ("negation", "refusal", "denial"),
    "halting": ("halting",),
}
SCOPES: tuple[str, ...] = ("text", "first", *_CUE_SCOPES)
"""``text`` is all of it, ``first`` its first 8 tokens; the others are the 5 tokens behind cues of a
few classes, up to the next punctuation mark."""


def scope_classes(classes: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which classes' cues open each of the scopes behind cues.

    Parameters
    ----------
    classes : sequence of str
        Class names of the lexicon.

    Returns
    -------
    ndarray of bool, shape (n_scopes - 2, n_classes)
        In the order of :data:`SCOPES`, from the third on.
    """
    members = [[name in names for name in classes] for names in _CUE_SCOPES.values()]
    return np.array(members, np.bool_).reshape(len(_CUE_SCOPES), len(classes))


def scope_tokens(found: Analysis, classes: Sequence[str]) -> Iterator[NDArray[np.int64]]:
    """Yield the tokens of each scope, in the order of :data:`SCOPES`.

    Parameters
    ----------
    found : Analysis
    classes : sequence of str
        Class names of the lexicon.

    Yields
    ------
    ndarray of int64
        Ascending token numbers.
    """
    index = np.arange(len(found.word))
    yield index
    yield np.flatnonzero(found.position < _FIRST_TOKENS)
    text_start = index - found.position
    stop = np.maximum.accumulate(np.where(found.is_word, -1, index)) if len(index) else index
    for opens in scope_classes(classes):
        cues = found.cue_token[opens[found.cue_class]]
        if not len(cues):
            yield cues
            continue
        last = np.full(len(index) + 1, -1, np.int64)
        last[cues + 1] = cues  # a cue is not in its own scope
        last = np.maximum.accumulate(last)[:-1]
        yield np.flatnonzero((last >= text_start) & (index - last <= _REACH) & (stop < last) & found.is_word)
