"""Pictures of what a statement costs: by batch size, by lexicon size, by time running, by cap of the word table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Figures
from speed_streams import WORDS, Course

BLUE, SAND, GREY, RED = "#2b5fa8", "#c4a15a", "#8a8a8a", "#a83232"


def axes_of(n: int = 1) -> tuple[Any, list[Any]]:
    import matplotlib as mpl  # noqa: PLC0415  # only for pictures

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  # see above

    figure, axes = plt.subplots(n, 1, figsize=(8, 3.2 + 2.2 * (n - 1)), sharex=True, layout="constrained")
    found = list(np.atleast_1d(axes))
    for ax in found:
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(axis="y", color="#e4e4e4", linewidth=0.8)
        ax.set_axisbelow(True)
    return figure, found


def save(figure: Any, path: Path) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415  # see axes_of

    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)


def numbers(ax: Any) -> None:
    """Write the numbers of statements out: 200,000 rather than 2e5."""
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def draw_spreads(
    ax: Any, cost: Mapping[str, Mapping[str, float]], label: str, colour: str = BLUE, marker: str = "o-"
) -> None:
    """Draw medians by a whole number on a logarithmic axis, with the range of the rounds."""
    x = [int(size) for size in cost]
    low, middle, high = ([c[key] for c in cost.values()] for key in ("low", "median", "high"))
    ax.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0)
    ax.plot(x, middle, marker, color=colour, label=f"{label}: median, range of the rounds")
    ax.set_xscale("log")


def draw_batches(cost: Figures, path: Path) -> None:
    figure, [ax] = axes_of()
    draw_spreads(ax, cost, "warm")
    ax.set_ylim(bottom=0)
    numbers(ax)
    ax.set_xlabel("statements in a batch")
    ax.set_ylabel("microseconds a statement")
    ax.set_title("Cost by batch size")
    ax.legend(frameon=False)
    save(figure, path)


def draw_lexicons(found: Figures, path: Path) -> None:
    figure, [ax] = axes_of()
    for state, colour, marker in (("cold", SAND, "s--"), ("warm", BLUE, "o-")):
        draw_spreads(ax, {size: row[state] for size, row in found.items()}, state, colour, marker)
    ax.set_xticks([int(size) for size in found], [f"{int(size):,}" for size in found])
    ax.minorticks_off()
    ax.set_ylim(bottom=0)
    ax.set_xlabel("terms in the lexicon")
    ax.set_ylabel("microseconds a statement")
    ax.set_title("Cost by lexicon size")
    ax.legend(frameon=False)
    save(figure, path)


def draw_time(course: Course, path: Path) -> None:
    figure, [cost, memory] = axes_of(2)
    cost.plot(course.statements, course.cost, color=BLUE, linewidth=1)
    cost.set_ylim(bottom=0)
    cost.set_ylabel("microseconds a statement")
    cost.set_title("A stream of news, no statement twice")
    memory.plot(course.statements, course.memory, color=SAND)
    memory.set_ylim(bottom=0)
    memory.set_ylabel("MB held by the process")
    memory.set_xlabel("statements labelled")
    memory.set_xlim(left=0)
    memory.locator_params(axis="x", nbins=6)
    numbers(memory)
    save(figure, path)


def draw_caps(courses: Mapping[str, Course], path: Path) -> None:
    figure, [cost, memory] = axes_of(2)
    for (name, course), colour in zip(courses.items(), _colours(len(courses)), strict=True):
        words = np.array(course.statements) * WORDS
        label = "no cap" if name == "none" else f"cap {name}"
        cost.plot(words, np.array(course.cost) / WORDS, color=colour, linewidth=1, label=label)
        memory.plot(words, course.memory, color=colour, label=label)
    cost.set_ylim(bottom=0)
    cost.set_ylabel("microseconds a word")
    cost.set_title("A stream of random words, none seen before")
    memory.set_ylim(bottom=0)
    memory.set_ylabel("MB held by the process")
    memory.set_xlabel("words")
    memory.set_xlim(left=0)
    memory.locator_params(axis="x", nbins=6)
    numbers(memory)
    figure.legend(*memory.get_legend_handles_labels(), loc="outside right upper", frameon=False)
    save(figure, path)


def _colours(n: int) -> list[Any]:
    import matplotlib as mpl  # noqa: PLC0415  # see axes_of

    fixed = [BLUE, SAND, GREY, RED]
    return fixed[:n] if n <= len(fixed) else list(mpl.colormaps["viridis"](np.linspace(0, 0.9, n)))
