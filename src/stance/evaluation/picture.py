"""A picture of a model's reliability and confusions; matplotlib is an extra, imported when used."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import DataError
from stance.evaluation.scores import BINS, calibration_error
from stance.labels import NONE

__all__ = ["confusion", "save_picture"]

_FORMATS = (".png", ".svg", ".pdf")
_COLOURS = ("#1b7f4d", "#c4561a", "#2b5fa8", "#7a4b9a", "#777777", "#a08000")


def confusion(truth: NDArray[np.int64], held: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count which stances were found where which hold; the last row and column are "none".

    Parameters
    ----------
    truth, held : ndarray of 0 and 1, shape (n_rows, n_stances)

    Returns
    -------
    ndarray of int64, shape (n_stances + 1, n_stances + 1)
        Rows are true, columns found.  A row of the data with several stances counts several times.

    Examples
    --------
    >>> confusion(np.array([[1, 0], [0, 0]]), np.array([[0, 1], [0, 0]])).tolist()
    [[0, 1, 0], [0, 0, 0], [0, 0, 1]]
    """
    y, z = (np.hstack([m, (m.sum(axis=1) == 0)[:, None]]).astype(np.int64) for m in (truth, held))
    counts: NDArray[np.int64] = y.T @ z
    return counts


def save_picture(
    path: str | os.PathLike[str],
    truth: NDArray[np.int64],
    held: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    sentiments: tuple[Sequence[str], Sequence[str]],
    labels: tuple[Sequence[str], Sequence[str]],
) -> None:
    """Draw reliability per stance, and the confusions of stances and of sentiments.

    Parameters
    ----------
    path : path-like
        Ending in .png, .svg or .pdf.
    truth, held : ndarray of 0 and 1, shape (n_rows, n_stances)
        Of the sentiments, where there are no stances.
    probabilities : ndarray of float64, shape (n_rows, n_stances)
    sentiments : tuple of (true, found)
        Sequences of str, length n_rows.
    labels : tuple of (stances, sentiments)
        One of the two may be empty.

    Raises
    ------
    DataError
        If matplotlib is missing, the ending is another, or the file cannot be written.
    """
    target = Path(path)
    if target.suffix not in _FORMATS:
        raise DataError(f"{target}: a picture ends in {', '.join(_FORMATS)}; name it so")
    try:
        from matplotlib import rc_context  # noqa: PLC0415  # an extra
        from matplotlib.figure import Figure  # noqa: PLC0415  # an extra
    except ImportError:
        raise DataError(
            "a picture wants matplotlib, which is not installed; run pip install 'stance[plots]'"
        ) from None
    panels = 1 + sum(map(bool, labels))
    figure = Figure(figsize=(4.7 * panels, 4.6), layout="constrained")
    reliability, *confusions = figure.subplots(1, panels)
    _draw_reliability(reliability, truth, probabilities, labels[0] or labels[1])
    if labels[0]:
        _draw_confusion(confusions.pop(0), confusion(truth, held), [*labels[0], NONE], "stances")
    if labels[1]:
        codes = [np.array([list(labels[1]).index(s) for s in found]) for found in sentiments]
        square = np.zeros((len(labels[1]), len(labels[1])), np.int64)
        np.add.at(square, (codes[0], codes[1]), 1)
        _draw_confusion(confusions.pop(0), square, labels[1], "sentiments" if labels[0] else "labels")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    # no dates and no random names inside: the same figures give the same bytes
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(target.suffix, {})
    try:
        with rc_context({"svg.hashsalt": "stance"}):
            figure.savefig(temporary, format=target.suffix[1:], dpi=120, metadata=metadata)
        temporary.replace(target)
    except OSError as error:
        raise DataError(f"{target} cannot be written: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)


def _draw_reliability(
    axes: Any, truth: NDArray[np.int64], probabilities: NDArray[np.float64], names: Sequence[str]
) -> None:
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for j, name in enumerate(names):
        order = np.argsort(probabilities[:, j], kind="stable")
        parts = [part for part in np.array_split(order, BINS) if len(part)]
        predicted = [probabilities[p, j].mean() for p in parts]
        observed = [truth[p, j].mean() for p in parts]
        error = calibration_error(probabilities[:, j], truth[:, j])
        axes.plot(
            predicted,
            observed,
            marker="o",
            markersize=4,
            color=_COLOURS[j % len(_COLOURS)],
            label=f"{name} (ECE {error:.3f})",
        )
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="predicted probability", ylabel="observed frequency")
    axes.set_title(f"reliability, {BINS} bins of equal mass")
    axes.legend(fontsize=8, loc="upper left")


def _draw_confusion(axes: Any, counts: NDArray[np.int64], names: Sequence[str], title: str) -> None:
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    short = [name.replace("_", "\n") for name in names]
    axes.set_xticks(range(len(names)), short, fontsize=8)
    axes.set_yticks(range(len(names)), short, fontsize=8)
    axes.set(xlabel="found", ylabel="true", title=f"confusion of {title}")
    for i in range(len(names)):
        for j in range(len(names)):
            colour = "white" if share[i, j] > 0.5 else "black"
            axes.text(
                j, i, f"{counts[i, j]}\n{share[i, j]:.0%}", ha="center", va="center", color=colour, fontsize=8
            )
