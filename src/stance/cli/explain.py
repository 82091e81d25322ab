"""``stance explain``: what each word adds, as bars or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import stance
from stance.cli.bars import bar
from stance.cli.output import SHORT
from stance.cli.screen import coloured, draws_blocks, screen_width
from stance.cli.shell import read_input
from stance.cli.table import Palette, paint, palette, wrap
from stance.errors import DataError
from stance.explain import Explanation
from stance.labelling import check_target_column
from stance.text.cells import cell_width, isolated

__all__ = ["explain"]

_FIRST = 18
"""Cells of the longest words; what is longer goes on below."""
_NUMBER, _LEAST, _MOST = 6, 5, 12
"""Cells of a number, and of half a bar at least and at most."""


class _Look(NamedTuple):
    """What the terminal can show."""

    width: int
    blocks: bool
    colours: Palette


def explain(options: argparse.Namespace) -> int:
    """``stance explain``: what each word adds."""
    text = read_input("-", options.encoding).strip() if options.text == "-" else options.text
    if not text.strip():
        raise DataError("the text is empty; give one statement in quotation marks")
    model = stance.load(options.model)
    check_target_column("target" if options.target is not None else None, model.config.paired, "--target")
    found = model.explain(text, options.target)
    if options.format == "json":
        sys.stdout.write(json.dumps(_document(found), ensure_ascii=False, indent=1) + "\n")
        return 0
    [held] = model.predict([text], None if options.target is None else [options.target])
    # in bars it is what speaks against that is dimmed
    colours = {**palette(found.labels, coloured(options.color)), "neutral": ""}
    look = _Look(screen_width(), draws_blocks(), colours)
    for labels, total in ((model.stances, "log-odds"), (model.sentiments, "logits")):
        for part in _panels(labels, look):
            sys.stdout.write(_panel(found, part, {*held.stances, held.sentiment}, look, total))
    return 0


def _document(found: Explanation) -> dict[str, object]:
    words = [{"text": w.text, "start": w.start, "end": w.end, "shares": w.shares} for w in found.words]
    return {
        "text": found.text,
        "probabilities": found.probabilities,
        "log_odds": found.log_odds,
        "bias": found.bias,
        "words": words,
    }


def _column(half: int) -> int:
    return _NUMBER + 1 + 2 * half + 1


def _panels(labels: Sequence[str], look: _Look) -> list[Sequence[str]]:
    """Put as many labels beside each other as there is room for, and as many in each panel as in the next."""
    at_once = max(1, (look.width - _FIRST) // (_column(_LEAST) + 2))
    n_panels = -(-len(labels) // at_once) or 1
    size = -(-len(labels) // n_panels) or 1
    return [labels[i : i + size] for i in range(0, len(labels), size)]


def _panel(
    found: Explanation, labels: Sequence[str], held: set[str], look: _Look, total: str = "log-odds"
) -> str:
    words = [("(base)", found.bias), *((w.text, w.shares) for w in found.words)]
    first = min(_FIRST, max(11, *(cell_width(word) for word, _ in words)))
    room = (look.width - first) // len(labels) - 2
    half = max(1, min(_MOST, (room - _column(0)) // 2))
    scale = max(abs(shares[label]) for _, shares in words for label in labels)
    lines = [
        *_heads(labels, first, _column(half), look),
        _line(_rule(first, look), [_rule(_column(half), look)] * len(labels), first),
    ]
    for word, shares in words:
        cells = [_cell(shares, label, scale, half, look) for label in labels]
        start, *more = wrap(word, first)
        lines += [_line(start, cells, first), *(_line(piece, [], first) for piece in more)]
    sums = [f"{found.log_odds[x]:+{_NUMBER}.2f}".ljust(_column(half)) for x in labels]
    lines.append(_line(f"= {total}", sums, first))
    shown = [_probability(found, x, x in held, look).ljust(_column(half)) for x in labels]
    painted = [
        paint(s, look.colours.get("head", "") if x in held else "")
        for s, x in zip(shown, labels, strict=True)
    ]
    lines.append(_line("probability", painted, first))
    return "".join(lines) + "\n"


def _heads(labels: Sequence[str], first: int, width: int, look: _Look) -> list[str]:
    """Write the names of labels, in several lines where one's own are long."""
    names = [wrap(SHORT.get(label, label), width) for label in labels]
    lines = []
    for n in range(max(map(len, names))):
        cells = []
        for label, pieces in zip(labels, names, strict=True):
            piece = pieces[n] if n < len(pieces) else ""
            blank = " " * (width - cell_width(piece))
            cells.append(paint(isolated(piece) + blank, look.colours.get(label, "")))
        lines.append(_line("word" if n == 0 else "", cells, first, look.colours.get("head", "")))
    return lines


def _rule(width: int, look: _Look) -> str:
    return ("\u2500" if look.blocks else "-") * width


def _cell(shares: Mapping[str, float], label: str, scale: float, half: int, look: _Look) -> str:
    value = shares[label]
    left, axis, right = bar(value, scale, half, look.blocks)
    drawn = paint(left, look.colours.get("-", "")) + axis + paint(right, look.colours.get(label, ""))
    return f"{value:+{_NUMBER}.2f} {drawn}"


def _probability(found: Explanation, label: str, holds: bool, look: _Look) -> str:
    """Write a probability, and whether it was enough: sentiments and thresholds differ, so that it cannot be seen."""
    mark = " \u2714" if look.blocks else " *"
    return f"{found.probabilities[label]:{_NUMBER}.3f}{mark if holds else ''}"


def _line(first: str, cells: Sequence[str], width: int, head: str = "") -> str:
    start = paint(isolated(first) + " " * (width - cell_width(first)), head)
    return "  ".join([start, *cells]).rstrip() + "\n"
