"""What rows must hold to be learned from and measured on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.datasets import LabelledRow
from stance.errors import TrainingError
from stance.labels import MAX_LABELS, Labels

__all__ = ["check_learned", "check_rows"]


def check_rows(rows: Sequence[LabelledRow], labels: Labels, folds: int) -> None:
    """Refuse rows that cannot be cross-validated.

    Parameters
    ----------
    rows : sequence of LabelledRow
    labels : Labels
    folds : int

    Raises
    ------
    TrainingError
        If there are too few documents for the folds, a label is missing or alone or of both kinds, or there are too many.
    """
    documents = len({r.group for r in rows})
    if folds < 2:
        raise TrainingError(f"cross-validation wants at least 2 folds, got {folds}; pass --folds 5")
    if documents < folds:
        raise TrainingError(
            f"{folds} folds want at least {folds} documents, got {documents}; give more rows or fewer --folds"
        )
    if shared := sorted({*labels.stances} & {*labels.sentiments}):
        raise TrainingError(
            f"{shared[0]!r} is a label of which one holds and one of which several may; rename it in one of the two columns"
        )
    most = max(len(labels.stances), len(labels.sentiments))
    if most > MAX_LABELS:
        raise TrainingError(
            f"a model has at most {MAX_LABELS} labels of a kind, got {most}; join the rare ones, or name the right column"
        )
    if len(labels.sentiments) == 1:
        raise TrainingError(
            f"every row has the label {labels.sentiments[0]!r}; training wants rows of at least two labels"
        )
    for label in (*labels.stances, *labels.sentiments):
        with_it = {r.group for r in rows if label in r.stances or label == r.sentiment}
        if not with_it:
            raise TrainingError(
                f"{label!r} is found in no row; give rows with it, or name the columns by --labels-column stances "
                "--label-column sentiment to train on the labels that are there"
            )
        if len(with_it) < folds:
            plural = "" if len(with_it) == 1 else "s"
            raise TrainingError(
                f"{label!r} is found in {len(with_it)} document{plural}; training with {folds} folds wants at least "
                f"{folds} with it: give more rows or fewer --folds"
            )


def check_learned(
    parts: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]],
    rows: Sequence[LabelledRow],
    labels: Labels,
    seed: int,
) -> None:
    """Refuse folds of which one holds all rows with a label, or all without one of which several may hold.

    Parameters
    ----------
    parts : sequence of (ndarray of int64, ndarray of int64)
        The numbers of the rows that are learned from, and of those that are measured on, for each fold.
    rows : sequence of LabelledRow
    labels : Labels
    seed : int
        By which the folds were drawn.

    Raises
    ------
    TrainingError
    """
    linear = np.array([not row.attention_only for row in rows])
    for label in (*labels.stances, *labels.sentiments):
        has = np.array([label in row.stances or label == row.sentiment for row in rows])
        for wanted in (has, ~has) if label in labels.stances else (has,):
            if not all((wanted & linear)[learned].any() for learned, _ in parts):
                raise TrainingError(
                    f"with the seed {seed} all rows {'with' if wanted is has else 'without'} {label!r} fall into one "
                    "fold, and none is left to learn from; pass another --seed or fewer --folds, or give more rows"
                )
