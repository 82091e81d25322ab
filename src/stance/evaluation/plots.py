"""Pictures of a model: reliability, precision and recall, confusions, cues, what more rows would bring.

matplotlib is an extra, imported when used; from 3.11 on it shapes Arabic itself.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    matrix_side,
    wrapped,
)
from stance.evaluation.scores import Report
from stance.labels import NONE, are_own
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
    truth, held, probabilities, *_ = judged
    with _boxes_allowed():
        figures = {
            "reliability": _single(draw_reliability, truth, probabilities, judged.names),
            "precision-recall": _single(draw_precision_recall, truth, held, probabilities, judged.names),
            "confusion": _confusions(judged),
            "cues": _cues(cues),
        }
        if len(curve) > 1:
            points = [(p.report.stances or p.report.sentiments, p.metric) for p in curve]
            documents = [p.documents for p in curve]
            figures["learning-curve"] = _single(
                draw_learning_curve, documents, points, metric, width=6.4, height=4.6
            )
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
        _boxes_allowed(),
    ):
        figure.savefig(temporary, format=target.suffix[1:], dpi=120, metadata=metadata)
    return target


@contextmanager
def _boxes_allowed() -> Iterator[None]:
    """Say nothing of signs that no font has, such as an emoji: they are drawn as boxes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _figure(
    rows: int, columns: int, width: float, height: float, ratios: Sequence[float] | None = None
) -> tuple[Any, list[Any]]:
    """Make a figure of panels, `width` by `height` inches each, or as wide as `ratios` says."""
    from matplotlib.figure import Figure  # noqa: PLC0415  # an extra
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415  # an extra

    engine = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1)
    figure = Figure(figsize=(width * columns, height * rows), layout=engine)
    return figure, figure.subplots(rows, columns, squeeze=False, width_ratios=ratios).ravel().tolist()


def _grow(figure: Any, widths: Sequence[float], height: float) -> None:
    """Let a figure grow until what stands around its panels leaves them `widths`, by column, and `height`."""
    padding, dpi = 0.2, figure.dpi
    grid = figure.axes[0].get_gridspec()
    around = np.zeros((grid.nrows, grid.ncols, 4))
    wider = 1.0
    for axes in figure.axes:
        outer, inner, place = axes.get_tightbbox(for_layout_only=True), axes.bbox, axes.get_subplotspec()
        row, column = place.rowspan.start, place.colspan.start
        around[row, column] = np.concatenate([inner.min - outer.min, outer.max - inner.max]) / dpi
        # the layout leaves no room for a title that is wider than its panel
        wider = max(wider, (axes.title.get_window_extent().width / dpi - padding / 2) / widths[column])
    wide = wider * sum(widths) + padding * grid.ncols + around[..., ::2].max(axis=0).sum()
    high = (height + padding) * grid.nrows + around[..., 1::2].max(axis=1).sum()
    figure.set_size_inches(np.maximum(figure.get_size_inches(), (wide, high)))


def _single(draw_on: Callable[..., None], *what: Any, width: float = 5.4, height: float = 5.0) -> Any:
    """Make a figure of one panel."""
    figure, [axes] = _figure(1, 1, width, height)
    draw_on(axes, *what)
    # as wide as before the layout: the legend stands out by so much that was measured
    _grow(figure, [0.775 * width], height - 1.7)
    return figure


def _titles(stances: Sequence[str], sentiments: Sequence[str]) -> tuple[str, str]:
    """Return what the two kinds of labels are called."""
    if are_own(stances, sentiments):
        return "stances", "sentiments"
    if stances and sentiments:
        return "labels\nof which several may hold", "labels\nof which one holds"
    return "labels", "labels"


def _confusions(judged: Judged) -> Any:
    """Draw the confusions of stances and of sentiments, where there are such labels."""
    stances, sentiments = judged.labels
    several, one = _titles(stances, sentiments)
    squares: list[tuple[NDArray[np.int64], Sequence[str], str]] = []
    if stances:
        squares.append((confusion(judged.truth, judged.held), [*stances, NONE], several))
    if sentiments:
        number = {name: i for i, name in enumerate(sentiments)}
        true, found = ([number[s] for s in part] for part in judged.sentiments)
        square = np.zeros((len(number), len(number)), np.int64)
        np.add.at(square, (true, found), 1)
        squares.append((square, sentiments, one))
    sides = [matrix_side(len(names)) for _, names, _ in squares]
    figure, panels = _figure(1, len(squares), 4.6, 4.6, sides)
    for axes, (counts, names, title) in zip(panels, squares, strict=True):
        draw_confusion(axes, counts, names, title)
    _grow(figure, sides, max(sides))
    return figure


def _cues(cues: Mapping[str, TopCues]) -> Any:
    """Draw words and cue features of each label, those of many labels side by side."""
    beside = math.ceil(math.sqrt(len(cues) / 6))
    figure, panels = _figure(math.ceil(len(cues) / beside), 2 * beside, 4.8, 3.2)
    for axes in panels[2 * len(cues) :]:
        axes.remove()
    for (label, top), left, right in zip(cues.items(), panels[::2], panels[1::2], strict=False):
        name = wrapped(label, 30, 3)
        draw_bars(left, top.words, f"words of {name} ({top.n_rows} rows)")
        draw_bars(right, top.cues, f"cue classes of {name}")
    _grow(figure, [2.4] * 2 * beside, 2.2)
    return figure
