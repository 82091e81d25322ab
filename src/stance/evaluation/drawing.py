"""Panels of the plots: what is drawn on one pair of matplotlib's axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve

from stance.evaluation.scores import BINS, LabelScore, calibration_error

__all__ = [
    "draw_bars",
    "draw_confusion",
    "draw_learning_curve",
    "draw_precision_recall",
    "draw_reliability",
    "isolated",
]

Floats = NDArray[np.float64]
_COLOURS = ("#1b7f4d", "#c4561a", "#2b5fa8", "#7a4b9a", "#777777", "#a08000")
_STYLES = ("-", "--", "-.", ":")
_MARKERS = "os^Dvp*"
_DARK = 0.72
"""From this share on white letters stand out from the blue of a cell, below it black ones, by 4.5 to 1."""


def isolated(name: str) -> str:
    """Enclose a label so that figures beside it keep their place, whichever way it is written.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return f"\u2068{name}\u2069"


def _style(j: int) -> dict[str, Any]:
    """Return how the label number `j` is drawn: never by colour alone, which not everybody sees."""
    return {
        "color": _COLOURS[j % len(_COLOURS)],
        "linestyle": _STYLES[j % len(_STYLES)],
        "marker": _MARKERS[j % len(_MARKERS)],
        "markersize": 5,
    }


def _legend(axes: Any, n: int) -> None:
    """Put the legend of `n` labels below the panel, where it hides no curve."""
    axes.legend(
        fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=1 if n <= 4 else 2, frameon=False
    )


def draw_reliability(
    axes: Any, truth: NDArray[np.int64], probabilities: Floats, names: Sequence[str]
) -> None:
    """Draw observed frequency over predicted probability, a line for each label.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    truth : ndarray of 0 and 1, shape (n_rows, n_labels)
    probabilities : ndarray of float64, shape (n_rows, n_labels)
    names : sequence of str
    """
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for j, name in enumerate(names):
        order = np.argsort(probabilities[:, j], kind="stable")
        parts = [part for part in np.array_split(order, BINS) if len(part)]
        predicted = [probabilities[p, j].mean() for p in parts]
        observed = [truth[p, j].mean() for p in parts]
        error = calibration_error(probabilities[:, j], truth[:, j])
        label = f"{isolated(name)} (ECE {error:.3f})"
        axes.plot(predicted, observed, label=label, **_style(j))
    axes.set(
        xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="predicted probability", ylabel="observed frequency"
    )
    axes.set_title(f"reliability, {BINS} bins of equal mass")
    _legend(axes, len(names))


def draw_precision_recall(
    axes: Any, truth: NDArray[np.int64], held: NDArray[np.int64], probabilities: Floats, names: Sequence[str]
) -> None:
    """Draw precision over recall, a curve for each label with a mark at what was decided.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    truth, held : ndarray of 0 and 1, shape (n_rows, n_labels)
    probabilities : ndarray of float64, shape (n_rows, n_labels)
    names : sequence of str
        Labels that hold for no row have no curve.
    """
    for j, name in enumerate(names):
        if not truth[:, j].any():
            continue
        precision, recall, _ = precision_recall_curve(truth[:, j], probabilities[:, j])
        area = average_precision_score(truth[:, j], probabilities[:, j])
        label, style = f"{isolated(name)} (AP {area:.3f})", _style(j)
        axes.plot(recall, precision, label=label, **{**style, "markevery": [0]})
        right = (truth[:, j] * held[:, j]).sum()
        if right:
            at = right / truth[:, j].sum(), right / held[:, j].sum()
            axes.plot(*at, zorder=3, markeredgecolor="black", **{**style, "markersize": 9})
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="recall", ylabel="precision")
    axes.set_title("precision and recall; large marks: as decided")
    if axes.lines:
        _legend(axes, len(names))


def draw_confusion(axes: Any, counts: NDArray[np.int64], names: Sequence[str], title: str) -> None:
    """Draw how often each label was found for each true one.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    counts : ndarray of int64, shape (n_labels, n_labels)
        Rows are true, columns found.
    names : sequence of str
    title : str
    """
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    short = [name.replace("_", "\n") for name in names]
    axes.set_xticks(range(len(names)), short, fontsize=8, rotation=0 if len(names) <= 5 else 90)
    axes.set_yticks(range(len(names)), short, fontsize=8)
    axes.set(xlabel="found", ylabel="true", title=f"confusion of {title}")
    for i in range(len(names)):
        for j in range(len(names)):
            colour = "white" if share[i, j] >= _DARK else "black"
            axes.text(
                j, i, f"{counts[i, j]}\n{share[i, j]:.0%}", ha="center", va="center", color=colour, fontsize=8
            )


def draw_bars(axes: Any, bars: Sequence[tuple[str, float]], title: str) -> None:
    """Draw named values as bars, the first on top.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    bars : sequence of (str, float)
    title : str
    """
    axes.set_title(title, fontsize=10)
    if not bars:
        axes.text(0.5, 0.5, "none", ha="center", va="center", color="0.5", transform=axes.transAxes)
        axes.set_axis_off()
        return
    places = range(len(bars))
    axes.barh(places, [value for _, value in bars], color=_COLOURS[2], height=0.7)
    axes.set_yticks(places, [name for name, _ in bars], fontsize=9)
    axes.invert_yaxis()
    axes.tick_params(axis="x", labelsize=8)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel("added to the log-odds, mean of the rows", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def draw_learning_curve(
    axes: Any, documents: Sequence[int], points: Sequence[tuple[Sequence[LabelScore], float]], metric: str
) -> None:
    """Draw F1 of each label, and the metric, over the number of documents learned from.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    documents : sequence of int
    points : sequence of (sequence of LabelScore, float)
        One for each number of documents.
    metric : str
        What the second of each is called.
    """
    scores = [labels for labels, _ in points]
    for j, name in enumerate(s.label for s in scores[0]):
        axes.plot(documents, [s[j].f1 for s in scores], label=name, **_style(j))
    axes.plot(
        documents,
        [m for _, m in points],
        marker="P",
        markersize=7,
        color="black",
        linewidth=2.5,
        label=metric,
    )
    axes.set_xscale("log", base=2)
    axes.set_xticks(documents, [f"{d:,}" for d in documents])
    axes.minorticks_off()
    axes.set(ylim=(0, 1), xlabel="documents learned from", ylabel="F1, cross-validated")
    axes.set_title("learning curve")
    axes.grid(axis="y", color="0.9")
    _legend(axes, len(scores[0]) + 1)
