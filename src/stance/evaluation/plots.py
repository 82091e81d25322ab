"""Pictures of a model: reliability, precision and recall, confusions, cues, what more rows would bring.

matplotlib is an extra, imported when used; from 3.11 on it shapes Arabic itself.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.errors import DataError
from stance.evaluation.drawing import (
    draw_bars,
    draw_confusion,
    draw_learning_curve,
    draw_precision_recall,
    draw_reliability,
    isolated,
)
from stance.evaluation.scores import Report
from stance.labels import NONE
from stance.writing import atomic_path, check_place

__all__ = ["FORMATS", "CurvePoint", "Judged", "TopCues", "check_plots", "confusion", "draw", "save_plots"]

FORMATS = ("png", "svg", "pdf")
_MATPLOTLIB = (3, 11)


class Judged(NamedTuple):
    """Labels that were found beside the true ones.

    Attributes
    ----------
    truth, held : ndarray of 0 and 1, shape (n_rows, n_stances)
        Of the sentiments, where there are no stances.
    probabilities : ndarray of float64, shape (n_rows, n_stances)
    sentiments : tuple of (true, found)
        Sequences of str, length n_rows.
    labels : tuple of (stances, sentiments)
        One of the two may be empty.
    """

    truth: NDArray[np.int64]
    held: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    sentiments: tuple[Sequence[str], Sequence[str]]
    labels: tuple[Sequence[str], Sequence[str]]

    @property
    def names(self) -> Sequence[str]:
        """Names of the columns."""
        return self.labels[0] or self.labels[1]


class TopCues(NamedTuple):
    """Words and cue features with the largest shares of one label, largest first.

    Attributes
    ----------
    words, cues : list of (str, float)
        With what they add to the label's log-odds, in the mean of the rows in which it was found.
    n_rows : int
        In so many rows it was found.
    """

    words: list[tuple[str, float]]
    cues: list[tuple[str, float]]
    n_rows: int


class CurvePoint(NamedTuple):
    """Cross-validation with fewer documents to learn from.

    Attributes
    ----------
    documents : int
        Learned from, in the mean of the folds.
    report : Report
    metric : float
    """

    documents: int
    report: Report
    metric: float


def confusion(truth: NDArray[np.int64], held: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count which stances were found where which hold; the last row and column are "none".

    Stances that hold and were found stand on the diagonal and nowhere else; those that were missed are
    crossed with those found instead.

    Parameters
    ----------
    truth, held : ndarray of 0 and 1, shape (n_rows, n_stances)

    Returns
    -------
    ndarray of int64, shape (n_stances + 1, n_stances + 1)
        Rows are true, columns found.  A row of the data with several stances counts several times, one with
        neither once.

    Examples
    --------
    >>> confusion(np.array([[1, 0], [0, 0], [1, 1]]), np.array([[0, 1], [0, 0], [1, 1]])).tolist()
    [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    """
    right = truth & held
    missed, surplus = truth - right, held - right
    right, missed, surplus = (
        np.hstack([m, none[:, None]]).astype(np.int64)
        for m, none in (
            (right, (truth + held).sum(axis=1) == 0),
            (missed, (missed.sum(axis=1) == 0) & (surplus.sum(axis=1) > 0)),
            (surplus, (surplus.sum(axis=1) == 0) & (missed.sum(axis=1) > 0)),
        )
    )
    counts: NDArray[np.int64] = np.diag(right.sum(axis=0)) + missed.T @ surplus
    return counts


def check_plots(folder: str | os.PathLike[str]) -> None:
    """Refuse what would fail after the work: no matplotlib that shapes Arabic, a folder that cannot be.

    Parameters
    ----------
    folder : path-like
        Made if it is not there.

    Raises
    ------
    DataError
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415  # an extra
    except ImportError:
        raise DataError(
            "plots want matplotlib, which is not installed; run pip install 'stance[plots]'"
        ) from None
    if tuple(map(int, mpl.__version__.split(".")[:2])) < _MATPLOTLIB:
        raise DataError(
            f"plots want matplotlib 3.11, which joins Arabic letters, got {mpl.__version__}; "
            "run pip install 'stance[plots]'"
        )
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder} cannot be made a folder: {error.strerror or error}") from None
    check_place(Path(folder) / "plots")


def draw(
    judged: Judged, cues: Mapping[str, TopCues], curve: Sequence[CurvePoint] = (), metric: str = "macro-f1"
) -> dict[str, Any]:
    """Draw the plots.

    Parameters
    ----------
    judged : Judged
    cues : mapping of str to TopCues
        By label.
    curve : sequence of CurvePoint
        By rising number of documents; no learning curve is drawn of fewer than two.
    metric : str
        Name of what the curve's metric is.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        ``reliability``, ``precision-recall``, ``confusion``, ``cues`` and ``learning-curve``.
    """
    figures = {}
    figures["reliability"], [axes] = _figure(1, 1, 5.4, 5.0)
    draw_reliability(axes, judged.truth, judged.probabilities, judged.names)
    figures["precision-recall"], [axes] = _figure(1, 1, 5.4, 5.0)
    draw_precision_recall(axes, judged.truth, judged.held, judged.probabilities, judged.names)
    figures["confusion"] = _confusions(judged)
    figures["cues"], panels = _figure(len(cues), 2, 4.8, 3.2)
    for (label, top), left, right in zip(cues.items(), panels[::2], panels[1::2], strict=True):
        draw_bars(left, top.words, f"words of {isolated(label)} ({top.n_rows} rows)")
        draw_bars(right, top.cues, f"cue classes of {isolated(label)}")
    if len(curve) > 1:
        figures["learning-curve"], [axes] = _figure(1, 1, 6.4, 4.6)
        points = [(p.report.stances or p.report.sentiments, p.metric) for p in curve]
        draw_learning_curve(axes, [p.documents for p in curve], points, metric)
    return figures


def save_plots(figures: Mapping[str, Any], folder: str | os.PathLike[str], ending: str = "png") -> list[Path]:
    """Write figures, each under its name; the same figures give the same bytes.

    Parameters
    ----------
    figures : mapping of str to matplotlib.figure.Figure
    folder : path-like
    ending : str
        One of :data:`FORMATS`.

    Returns
    -------
    list of Path

    Raises
    ------
    DataError
        If a file cannot be written.
    """
    return [_save(figure, Path(folder) / f"{name}.{ending}") for name, figure in figures.items()]


def _save(figure: Any, target: Path) -> Path:
    from matplotlib import rc_context  # noqa: PLC0415  # an extra

    # no dates and no random names inside
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(target.suffix, {})
    # letters are drawn as paths in .svg: they look the same whatever fonts a viewer has
    with (
        atomic_path(target) as temporary,
        rc_context({"svg.hashsalt": "stance"}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # an emoji is a box then
        figure.savefig(temporary, format=target.suffix[1:], dpi=120, metadata=metadata)
    return target


def _figure(rows: int, columns: int, width: float, height: float) -> tuple[Any, list[Any]]:
    """Make a figure of panels, `width` by `height` inches each."""
    from matplotlib.figure import Figure  # noqa: PLC0415  # an extra
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415  # an extra

    engine = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1)
    figure = Figure(figsize=(width * columns, height * rows), layout=engine)
    return figure, figure.subplots(rows, columns, squeeze=False).ravel().tolist()


def _confusions(judged: Judged) -> Any:
    """Draw the confusions of stances and of sentiments, where there are such labels."""
    stances, sentiments = judged.labels
    size = max(4.6, 0.6 * max(len(stances) + 1, len(sentiments)))
    figure, panels = _figure(1, bool(stances) + bool(sentiments), size, size)
    if stances:
        draw_confusion(panels.pop(0), confusion(judged.truth, judged.held), [*stances, NONE], "stances")
    if sentiments:
        number = {name: i for i, name in enumerate(sentiments)}
        true, found = ([number[s] for s in part] for part in judged.sentiments)
        square = np.zeros((len(number), len(number)), np.int64)
        np.add.at(square, (true, found), 1)
        draw_confusion(panels.pop(0), square, sentiments, "sentiments" if stances else "labels")
    return figure
