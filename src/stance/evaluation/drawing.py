"""Panels of the plots: what is drawn on one pair of matplotlib's axes."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
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
    "matrix_side",
    "wrapped",
]

Floats = NDArray[np.float64]
_COLOURS = ("#1b7f4d", "#c4561a", "#2b5fa8", "#7a4b9a", "#777777", "#a08000")
_STYLES = ("-", "--", "-.", ":")
_MARKERS = "os^Dvp*"
_MOST = 12
"""So many lines can be told apart in one panel."""
_REST = {"color": "0.8", "linewidth": 1, "zorder": 1}
_DARK = 0.72
"""From this share on white letters stand out from the blue of a cell, below it black ones, by 4.5 to 1."""


def wrapped(name: str, width: int, lines: int) -> str:
    """Break a name into lines, and leave words out where there would be too many.

    Each line is enclosed so that it runs as the whole name does and figures beside it keep their place.

    Parameters
    ----------
    name : str
    width : int
        Letters of a line.
    lines : int

    Returns
    -------
    str
        With ``$`` escaped, which would begin a formula.
    """
    spaced = name.replace("_", "_ ")
    parts = [name] if len(name) <= width else textwrap.wrap(spaced, width)
    if len(parts) > lines:  # names that begin alike often end differently
        end = textwrap.wrap(spaced[::-1], width - 1)[0][::-1]
        parts = [*parts[: lines - 1], f"…{end}"] if lines > 1 else [f"{parts[0]}…"]
    if len(parts) > 1:
        parts = [part.replace("_ ", "_").removesuffix("_") for part in parts]
    strong = next((d for d in map(unicodedata.bidirectional, name) if d in {"L", "R", "AL"}), "L")
    start = "\u2066" if strong == "L" else "\u2067"
    return "\n".join(f"{start}{part}\u2069" for part in parts).replace("$", r"\$")


def matrix_side(n: int) -> float:
    """Return how many inches a matrix of `n` labels wants at least: the counts in a cell take half an inch.

    Parameters
    ----------
    n : int

    Returns
    -------
    float
    """
    return max(3.2, 0.5 * n)


def _style(j: int) -> dict[str, Any]:
    """Return how the label number `j` is drawn: never by colour alone, which not everybody sees."""
    return {
        "color": _COLOURS[j % len(_COLOURS)],
        "linestyle": _STYLES[j % len(_STYLES)],
        "marker": _MARKERS[j % len(_MARKERS)],
        "markersize": 5,
    }


def _styles(rows: Iterable[int]) -> list[dict[str, Any]]:
    """Return how each label is drawn, by its `rows`: of many, those with the fewest are all alike."""
    counts = np.array(list(rows))
    most = sorted(np.argsort(-counts, kind="stable")[:_MOST].tolist())
    return [_style(most.index(j)) if j in most else _REST for j in range(len(counts))]


def _entry(name: str) -> str:
    """Return a name as it stands in a legend."""
    return wrapped(name, 44, 2)


def _legend(axes: Any, n_rest: int) -> None:
    """Put the legend below the panel, where it hides no curve; `n_rest` labels have no entry of their own."""
    if n_rest:
        axes.plot([], [], label=f"{n_rest} more, with fewer rows", **_REST)
    n = len(axes.get_legend_handles_labels()[0])
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
    styles = _styles(truth.sum(axis=0))
    for j, (name, style) in enumerate(zip(names, styles, strict=True)):
        order = np.argsort(probabilities[:, j], kind="stable")
        parts = [part for part in np.array_split(order, BINS) if len(part)]
        predicted = [probabilities[p, j].mean() for p in parts]
        observed = [truth[p, j].mean() for p in parts]
        error = calibration_error(probabilities[:, j], truth[:, j])
        label = None if style is _REST else f"{_entry(name)} (ECE {error:.3f})"
        axes.plot(predicted, observed, label=label, **style)
    axes.set(
        xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="predicted probability", ylabel="observed frequency"
    )
    axes.set_title(f"reliability, {BINS} bins of equal mass")
    _legend(axes, styles.count(_REST))


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
    styles = {j: style for j, style in enumerate(_styles(truth.sum(axis=0))) if truth[:, j].any()}
    for j, style in styles.items():
        precision, recall, _ = precision_recall_curve(truth[:, j], probabilities[:, j])
        if style is _REST:
            axes.plot(recall, precision, **style)
            continue
        area = average_precision_score(truth[:, j], probabilities[:, j])
        label = f"{_entry(names[j])} (AP {area:.3f})"
        axes.plot(recall, precision, label=label, **{**style, "markevery": [0]})
        right = (truth[:, j] * held[:, j]).sum()
        if right:
            at = right / truth[:, j].sum(), right / held[:, j].sum()
            axes.plot(*at, zorder=3, markeredgecolor="black", **{**style, "markersize": 9})
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="recall", ylabel="precision")
    axes.set_title("precision and recall; large marks: as decided")
    if styles:
        _legend(axes, list(styles.values()).count(_REST))


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
    n = len(names)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    axes.set(xlabel="found", ylabel="true", title=f"confusion of {title}")
    _name_cells(axes, names)
    for i in range(n):
        for j in range(n):
            if n > _MOST and not counts[i, j]:
                continue  # so many noughts would hide the rest
            colour = "white" if share[i, j] >= _DARK else "black"
            figures = f"{counts[i, j]}\n{share[i, j]:.0%}"
            # left out of the layout, which would measure each: they lie within the panel
            axes.text(j, i, figures, ha="center", va="center", color=colour, fontsize=8, in_layout=False)


def _name_cells(axes: Any, names: Sequence[str]) -> None:
    """Write names beside the rows and below the columns of a matrix, there upwards if they do not fit."""
    places = range(len(names))
    cell = 72 * matrix_side(len(names)) / len(names) - 4
    longest = max(map(len, " ".join(names).replace("_", " ").split()), default=0)
    for width in (24, 12):
        short = [wrapped(name, width, 3) for name in names]
        axes.set_yticks(places, short, fontsize=8)
        labels = axes.set_xticks(places, short, fontsize=8)
        widest = max(tick.label1.get_window_extent().width for tick in labels) * 72 / axes.figure.dpi
        if longest <= width and "…" not in "".join(short) and widest <= cell:
            return
    short = [wrapped(name, 30, 3) for name in names]
    axes.set_yticks(places, short, fontsize=8)
    axes.set_xticks(places, short, fontsize=8, rotation=90, multialignment="right")


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
    axes.set_yticks(places, [wrapped(name, 48, 1) for name, _ in bars], fontsize=9)
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
    styles = _styles(s.support for s in scores[-1])
    for j, style in enumerate(styles):
        label = None if style is _REST else _entry(scores[-1][j].label)
        axes.plot(documents, [s[j].f1 for s in scores], label=label, **style)
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
    _legend(axes, styles.count(_REST))
