"""Who stands how towards whom: a matrix, drawn and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain

from stance.pages.drawing import LABELS, figure, label_at, tile, write
from stance.pages.looks import Look, looks, stances_in_order
from stance.pages.markup import both, name, plain, said
from stance.pages.names import arabic_of
from stance.pages.views import EventView

__all__ = ["Cells", "cells_of", "left_out", "matrix", "matrix_table"]

Cells = dict[tuple[str, str], "Counter[str]"]
_TILE = 38
_HEIGHT = 30
_HEAD = 130


def cells_of(events: Iterable[EventView]) -> Cells:
    """Count the stances from each speaker to each recipient.

    Parameters
    ----------
    events : iterable of EventView

    Returns
    -------
    dict of (str, str) to Counter
        Events whose speaker or recipient is not known are left out.
    """
    cells: Cells = {}
    for event in events:
        if event.source and event.target:
            cells.setdefault((event.source, event.target), Counter())[event.stance] += 1
    return cells


def _shown(cells: Cells, most: int) -> tuple[list[str], list[str], dict[str, Look]]:
    """Return the sources and targets of the pairs of most events, and the stances."""
    weights: Counter[str] = Counter()
    sources: set[str] = set()
    targets: set[str] = set()
    for source, target in sorted(cells, key=lambda ends: (-cells[ends].total(), ends)):
        if len(sources | {source}) <= most and len(targets | {target}) <= most:
            sources.add(source)
            targets.add(target)
        weights.update({end: cells[source, target].total() for end in (source, target)})
    ordered = sorted(weights, key=lambda n: (-weights[n], n))
    return (
        [n for n in ordered if n in sources],
        [n for n in ordered if n in targets],
        looks(stances_in_order(chain.from_iterable(cells.values()))),
    )


def left_out(cells: Cells, most: int) -> int:
    """Count the events that a matrix of so many rows and columns leaves out.

    Parameters
    ----------
    cells : dict of (str, str) to Counter
    most : int
        As :func:`matrix`.

    Returns
    -------
    int
    """
    sources, targets, _ = _shown(cells, most)
    return sum(n.total() for (s, t), n in cells.items() if s not in sources or t not in targets)


def matrix(cells: Cells, uid: str, most: int = 14) -> str:
    """Draw the matrix: rows speak, columns are spoken to or about.

    Parameters
    ----------
    cells : dict of (str, str) to Counter
        As :func:`cells_of` returns them.
    uid : str
    most : int
        Rows and columns that are drawn, those of the pairs of most events.

    Returns
    -------
    str
        SVG, from right to left.
    """
    sources, targets, names = _shown(cells, most)
    widths = [6 + _TILE * max(len(cells.get((s, t), ())) for s in sources) for t in targets]
    plot = max(sum(widths), 120)
    rights = [plot - before - 3 for before in accumulate(widths, initial=0)]
    parts = [
        label_at(right - width / 2 + 3, _HEAD - 8, arabic_of(target), turned=True)
        for target, right, width in zip(targets, rights, widths, strict=False)
    ]
    for row, source in enumerate(sources):
        y = _HEAD + row * _HEIGHT
        parts.append(f'<path class="axis" d="M0 {y}H{plot + LABELS}"/>')
        parts.append(label_at(plot + 8, y + _HEIGHT / 2 + 5, arabic_of(source)))
        for target, right in zip(targets, rights, strict=False):
            parts += _tiles(right, y, _marks(cells, source, target, names))
    strongest = sorted(cells.items(), key=lambda item: (-item[1].total(), item[0]))[:3]
    arabic = "؛ ".join(
        f"{arabic_of(source)} إلى {arabic_of(target)}: "
        + "، ".join(f"{names[s].arabic} {n}" for s, n in counts.items())
        for (source, target), counts in strongest
    )
    english = "; ".join(
        f"{source} to {target}: "
        + ", ".join(f"{names[s].english or names[s].arabic} {n}" for s, n in counts.items())
        for (source, target), counts in strongest
    )
    about = (f"{arabic}؛ الأرقام في الجدول", f"{english}; the numbers are in the table")
    title = ("من يقف أي موقف من من", "who stands how towards whom")
    height = _HEAD + len(sources) * _HEIGHT + 4
    return figure(uid, title, about, plot + LABELS, height, "".join(parts))


def _tiles(right: float, y: float, marks: Sequence[tuple[Look, str, str]]) -> Iterator[str]:
    for i, (shown, about, text) in enumerate(marks):
        x = right - (i + 1) * _TILE
        yield tile(x + 1, y + 2, _TILE - 2, _HEIGHT - 4, shown, about)
        yield write(x + _TILE / 2, y + _HEIGHT / 2 + 5, text, css="count")


def _marks(cells: Cells, source: str, target: str, names: Mapping[str, Look]) -> list[tuple[Look, str, str]]:
    counts = cells.get((source, target), Counter())
    return [
        (
            shown,
            f"{said('من', 'from')} {arabic_of(source)}, {said('إلى', 'to')} {arabic_of(target)}: {shown.names} {counts[s]}",
            f"{shown.sign}{counts[s]}",
        )
        for s, shown in names.items()
        if counts[s]
    ]


def matrix_table(cells: Cells, caption: str, corner: str, most: int) -> str:
    """Write the matrix as a table.

    Parameters
    ----------
    cells : dict of (str, str) to Counter
    caption, corner : str
        HTML of the caption and of the cell in the corner.
    most : int
        Rows and columns that are shown, those of the pairs of most events.

    Returns
    -------
    str
    """
    sources, targets, names = _shown(cells, most)
    head = "".join(f'<th scope="col"><span>{name(arabic_of(target))}</span></th>' for target in targets)
    body = "".join(
        f'<tr><th scope="row">{name(arabic_of(source))}</th>'
        + "".join(f"<td>{_cell(_marks(cells, source, target, names))}</td>" for target in targets)
        + "</tr>\n"
        for source in sources
    )
    return (
        f'<table class="matrix">\n<caption>{caption}</caption>\n'
        f'<thead><tr><th scope="col">{corner}</th>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>'
    )


def _cell(marks: Sequence[tuple[Look, str, str]]) -> str:
    return " ".join(
        f'<span class="chip {shown.css}" title="{plain(about)}"><bdi dir="ltr">{plain(text)}</bdi>'
        f'<span class="vh"> {both(shown.arabic, shown.english) if shown.english else plain(shown.arabic)}</span></span>'
        for shown, about, text in marks
    )
