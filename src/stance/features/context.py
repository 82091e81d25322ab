"""Features of several words: cues in their surroundings.

A feature is a number that encodes its kind and classes, so that a batch is done in a few numpy
operations.  Kinds, for classes ``a`` and ``b`` of the lexicon:

- ``cue=a``: the cue occurs;
- ``cue=a|negated``: a negation stands at most :data:`NEGATION_SCOPE` tokens before it, with no
  punctuation between;
- ``cue=a|quoted``: inside quotation marks;
- ``cue=a|start``, ``cue=a|early``: among the first 3, or the first 8 tokens of the text;
- ``cue=a>b|adjacent``, ``|near``, ``|far``: `a` before `b`, at most 2, 6 or 15 tokens apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.features.analysis import Analysis

__all__ = ["NEGATION", "context_features", "dense_rows", "feature_key", "feature_name"]

NEGATION = "negation"
NEGATION_SCOPE = 4
_SINGLE = ("", "|negated", "|quoted", "|start", "|early")
_PAIR = ("|adjacent", "|near", "|far")
_REACH = (2, 6, 15)
_WIDTH = 1024  # more classes than any lexicon has


def feature_name(key: int, classes: Sequence[str]) -> str:
    """Return the name of a context feature.

    Parameters
    ----------
    key : int
        As :func:`context_features` gives it.
    classes : sequence of str
        Class names of the lexicon.

    Returns
    -------
    str

    Examples
    --------
    >>> feature_name(1024 * 1024, ["alarm", "truce"])
    'cue=alarm|negated'
    """
    rest, second = divmod(key, _WIDTH)
    kind, first = divmod(rest, _WIDTH)
    if kind < len(_SINGLE):
        return f"cue={classes[first]}{_SINGLE[kind]}"
    return f"cue={classes[first]}>{classes[second]}{_PAIR[kind - len(_SINGLE)]}"


def feature_key(name: str, classes: Sequence[str]) -> int:
    """Return the number of a context feature: the inverse of :func:`feature_name`.

    Parameters
    ----------
    name : str
    classes : sequence of str
        Class names of the lexicon.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the name is not a context feature over these classes.

    Examples
    --------
    >>> feature_key("cue=alarm|negated", ["alarm", "truce"])
    1048576
    """
    body, bar, kind = name.removeprefix("cue=").partition("|")
    first, arrow, second = body.partition(">")
    kinds = _PAIR if arrow else _SINGLE
    number = kinds.index(bar + kind) + (len(_SINGLE) if arrow else 0)
    return (number * _WIDTH + classes.index(first)) * _WIDTH + (classes.index(second) if arrow else 0)


def dense_rows(keys: NDArray[np.int64], n_classes: int) -> NDArray[np.int32]:
    """Return a table of the rows of context features, as the compiled kernel looks them up.

    Parameters
    ----------
    keys : ndarray of int64, shape (n_features,)
        Of the known features, in the order of their rows.
    n_classes : int

    Returns
    -------
    ndarray of int32, shape (5 * n_classes + 3 * n_classes ** 2,)
        Rows, -1 where there is none: single cues by kind and class, then pairs by kind, first and second class.
    """
    rest, second = np.divmod(keys, _WIDTH)
    kind, first = np.divmod(rest, _WIDTH)
    n_single = len(_SINGLE)
    single = kind * n_classes + first
    pair = n_single * n_classes + ((kind - n_single) * n_classes + first) * n_classes + second
    rows = np.full(n_single * n_classes + len(_PAIR) * n_classes**2, -1, np.int32)
    rows[np.where(kind < n_single, single, pair)] = np.arange(len(keys))
    return rows


def _key(
    kind: int | NDArray[np.int64], first: NDArray[np.int64], second: int | NDArray[np.int64] = 0
) -> NDArray[np.int64]:
    key: NDArray[np.int64] = (kind * _WIDTH + first) * _WIDTH + second
    return key


def context_features(found: Analysis, classes: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the context features of analysed texts.

    Parameters
    ----------
    found : Analysis
    classes : sequence of str
        Class names of the lexicon; the one called :data:`NEGATION` opens negation scopes.

    Returns
    -------
    token : ndarray of int64, shape (n_features,)
        The token that each feature stands at: that of its (first) cue.
    key : ndarray of int64, shape (n_features,)
    """
    token, cue = found.cue_token, found.cue_class
    keys = [_key(0, cue)]
    at = [token]

    def add(kind: int, where: NDArray[np.bool_]) -> None:
        keys.append(_key(kind, cue[where]))
        at.append(token[where])

    negation = classes.index(NEGATION) if NEGATION in classes else -1
    position = found.position[token]
    add(1, _negated(found, negation))
    add(2, found.quoted[token])
    add(3, position < 3)
    add(4, position < 8)
    for lag in range(1, len(token)):
        near = token[lag:] - token[:-lag]
        pair = (near <= _REACH[-1]) & (near > 0) & (found.text[token[lag:]] == found.text[token[:-lag]])
        # Cues are ordered by token: once every pair of this lag is out of reach, all later ones are.
        if not ((near <= _REACH[-1]) & (found.text[token[lag:]] == found.text[token[:-lag]])).any():
            break
        kind = len(_SINGLE) + np.searchsorted(_REACH, near[pair])
        keys.append(_key(kind, cue[:-lag][pair], cue[lag:][pair]))
        at.append(token[:-lag][pair])
    return np.concatenate(at), np.concatenate(keys)


def _negated(found: Analysis, negation: int) -> NDArray[np.bool_]:
    """Tell which cues stand in the scope of a negation."""
    if not len(found.word):
        return np.zeros(0, np.bool_)
    index = np.arange(len(found.word))
    stop = np.maximum.accumulate(np.where(found.is_word, -1, index))
    opened = np.full(len(found.word), -1, np.int64)
    where = found.cue_token[found.cue_class == negation]
    opened[where] = where
    opened = np.maximum.accumulate(opened)
    before = np.where(found.cue_token > 0, opened[found.cue_token - 1], -1)
    text_start = found.cue_token - found.position[found.cue_token]
    negated: NDArray[np.bool_] = (
        (before >= text_start)
        & (found.cue_token - before <= NEGATION_SCOPE)
        & (stop[found.cue_token] < before)
        & (found.cue_class != negation)
    )
    return negated
