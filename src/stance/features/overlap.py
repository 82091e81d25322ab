"""What a text and its target have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.features.context import NEGATION
from stance.lexicon import Lexicon
from stance.text import words

__all__ = ["overlap_features", "overlap_names"]

_SHARES = ("words_of_target", "words_of_text", "stems_of_target", "stems_of_text", "negation_in_one")
_STEM = 4


class _Side(NamedTuple):
    words: frozenset[str]
    stems: frozenset[str]
    classes: frozenset[int]


def overlap_names(lexicon: Lexicon) -> list[str]:
    """Return the names of the columns of :func:`overlap_features`.

    Parameters
    ----------
    lexicon : Lexicon

    Returns
    -------
    list of str
    """
    kinds = ("in_both", "in_text", "in_target")
    return [*_SHARES, *(f"{c}|{kind}" for c in lexicon.classes for kind in kinds)]


def overlap_features(texts: Sequence[str], targets: Sequence[str], lexicon: Lexicon) -> NDArray[np.float64]:
    """Compare texts with their targets.

    Parameters
    ----------
    texts, targets : sequence of str, of one length
    lexicon : Lexicon

    Returns
    -------
    ndarray of float64, shape (n_pairs, n_overlaps)
        Shares of words and of stems (their first letters, without the article) that the other side
        has too; whether one side alone is negated; for each cue class, whether both have it, only
        the text, or only the target.

    Examples
    --------
    >>> from stance.lexicon import Cue
    >>> lexicon = Lexicon([Cue("truce", "هدنة", "")])
    >>> overlap_features(["تمديد الهدنة"], ["الهدنة تنهار"], lexicon)[0].tolist()
    [0.5, 0.5, 0.5, 0.5, 0.0, 1.0, 0.0, 0.0]
    """
    known: dict[str, _Side] = {}
    for text in (*texts, *targets):
        if text not in known:
            known[text] = _side(text, lexicon)
    negation = list(lexicon.classes).index(NEGATION) if NEGATION in lexicon.classes else -1
    found = np.zeros((len(texts), len(_SHARES) + 3 * len(lexicon.classes)))
    for row, text, target in zip(found, texts, targets, strict=True):
        a, b = known[text], known[target]
        row[:4] = [
            _share(b.words, a.words), _share(a.words, b.words), _share(b.stems, a.stems), _share(a.stems, b.stems)
        ]  # fmt: skip
        row[4] = (negation in a.classes) != (negation in b.classes)
        for kind, classes in enumerate((a.classes & b.classes, a.classes - b.classes, b.classes - a.classes)):
            row[[len(_SHARES) + 3 * c + kind for c in classes]] = 1
    return found


def _side(text: str, lexicon: Lexicon) -> _Side:
    norms = [w.norm for w in words(text)]
    stems = frozenset(n.removeprefix("و").removeprefix("ال")[:_STEM] for n in norms)
    classes = frozenset(c for n in norms for c in lexicon.word_classes(lexicon.patterns(n)))
    return _Side(frozenset(norms), stems, classes)


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / max(len(part), 1)
