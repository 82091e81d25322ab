"""Learning curves: what more rows have brought, and so may bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stance.datasets import LabelledRow
from stance.errors import TrainingError
from stance.evaluation.plots import CurvePoint
from stance.features.vectors import WordVectors
from stance.fitting import Estimators
from stance.labels import OWN_LABELS, Labels
from stance.lexicon import Lexicon
from stance.row_checks import check_rows
from stance.settings import TrainingConfig
from stance.validation import LabelArrays, cross_validate

__all__ = ["SHARES", "learning_curve"]

SHARES = (1 / 8, 1 / 4, 1 / 2)
"""Of the documents; with all of them, training has cross-validated already."""


def learning_curve(
    rows: Sequence[LabelledRow],
    extra: Sequence[LabelledRow] = (),
    *,
    shares: Sequence[float] = SHARES,
    config: TrainingConfig | None = None,
    lexicon: Lexicon | None = None,
    vectors: WordVectors | None = None,
    labels: Labels = OWN_LABELS,
    metric: str = "macro-f1",
    folds: int = 5,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> list[CurvePoint]:
    """Cross-validate with growing parts of the documents to learn from.

    All points are measured on the same rows, by the same folds, and what is learned from grows:
    each part holds the smaller ones.

    Parameters
    ----------
    rows, extra, config, lexicon, vectors, labels, metric, folds, seed, jobs, progress
        As :func:`stance.training.train`.
    shares : sequence of float
        Parts of the documents, each above 0 and at most 1.

    Returns
    -------
    list of CurvePoint
        Parts that are too small to learn every label from are left out.

    Raises
    ------
    TrainingError, DataError
        As :func:`stance.training.train`.
    """
    check_rows(rows, labels, folds)
    found = LabelArrays(rows, labels, metric)
    estimators = Estimators.from_config(
        config or TrainingConfig(), lexicon, vectors, labels, rows[0].target is not None, seed
    )
    points = []
    for share in shares:
        try:
            validated = cross_validate(estimators, found, extra, folds, seed, jobs, share=share)
        except TrainingError as error:
            progress(f"learning curve, {share:.1%} of the documents: left out, as {error}")
            continue
        progress(f"learning curve, {share:.1%} of the documents: {metric} {validated.metric:.4f}")
        points.append(CurvePoint(validated.documents, validated.report, validated.metric))
    return points
