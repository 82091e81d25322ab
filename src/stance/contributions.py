"""Which words and cues have most to do with a label, summed over explanations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.plots import TopCues
from stance.explain import Explanation
from stance.text import normalize

__all__ = ["top_cues"]


def top_cues(
    explanations: Iterable[Explanation], held: NDArray[np.int64], names: Sequence[str], n: int = 10
) -> dict[str, TopCues]:
    """Find the words and cue features with the largest shares where a label was found.

    Parameters
    ----------
    explanations : iterable of Explanation
        Read once, so that they need not be in memory together.
    held : ndarray of 0 and 1, shape (n_rows, n_labels)
        Which labels were found in the explained rows.
    names : sequence of str
        Of the labels.
    n : int
        So many of each.

    Returns
    -------
    dict of str to TopCues
        Only what speaks for a label; words are normalised.
    """
    words: dict[str, Counter[str]] = {name: Counter() for name in names}
    cues: dict[str, Counter[str]] = {name: Counter() for name in names}
    rows = Counter(dict.fromkeys(names, 0))
    for explanation, row in zip(explanations, held.tolist(), strict=True):
        found = [name for name, holds in zip(names, row, strict=True) if holds]
        rows.update(found)
        for name in found:
            for word in explanation.words:
                words[name][normalize(word.text)] += word.shares[name]  # type: ignore[assignment]  # typeshed has int
            for feature in explanation.features:
                if feature.name.startswith("cue="):
                    cues[name][feature.name] += feature.shares[name]  # type: ignore[assignment]  # the same
    return {
        name: TopCues(
            _largest(words[name], rows[name], n),
            [(_readable(cue), value) for cue, value in _largest(cues[name], rows[name], n)],
            rows[name],
        )
        for name in names
    }


def _largest(sums: Counter[str], n_rows: int, n: int) -> list[tuple[str, float]]:
    best = sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:n]
    return [(name, value / n_rows) for name, value in best if value > 0 and any(map(str.isalnum, name))]


def _readable(cue: str) -> str:
    """Write ``cue=calling>truce|near`` as ``calling > truce (near)``."""
    classes, _, where = cue.removeprefix("cue=").partition("|")
    return classes.replace(">", " > ").replace("_", " ") + (f" ({where})" if where else "")
