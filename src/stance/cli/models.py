"""``stance models``: which models there are, and what they were measured at."""

from __future__ import annotations

import argparse
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from stance.cli.screen import coloured, screen_width
from stance.cli.table import Palette, paint, palette, render
from stance.datasets import read_text
from stance.errors import ModelError, ModelFormatError
from stance.labels import column_nouns
from stance.model import ModelConfig, find_listed, listed_models, read_model_config
from stance.statements import read_reader_facts
from stance.text.cells import clean

__all__ = ["models"]

_LABELS = 30
"""Cells that the column of labels must have, or they are set below with the figures."""
_DIGITS = 12
"""Of a digest that a list shows; as many tell models apart."""


def models(options: argparse.Namespace) -> int:
    """``stance models``: a list of the installed models, or all about some."""
    folders = [_find(name) for name in options.models] or list(listed_models())
    found = [_described(folder) for folder in folders]
    colours = palette((), coloured(options.color))
    if options.format == "json":
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    elif options.models:
        for folder, about in zip(folders, found, strict=True):
            card = folder / "README.md"
            text = _plain(read_text(card)) if card.is_file() else "It has no card.\n"
            head = paint(str(folder), colours.get("head", ""))
            sys.stdout.write(
                f"{head}\n{_size(about)}, sha256 {about['sha256'] or 'not recorded'}\n\n{text}\n"
            )
    else:
        sys.stdout.write(_table(found, screen_width(), colours))
    return 0


def _plain(card: str) -> str:
    """Take out of a card, which anybody may have written, what a terminal would act on."""
    return "\n".join(map(clean, card.split("\n")))


def _find(name: str) -> Path:
    folder = Path(name)
    if (folder / "config.json").is_file():
        return folder
    return find_listed(name)


def _described(folder: Path) -> dict[str, Any]:
    """Return what is told of a model, or what is wrong with it."""
    sums = folder / "SHA256SUMS"
    about: dict[str, Any] = {
        "name": folder.name,
        "path": str(folder),
        "bytes": sum(path.stat().st_size for path in folder.iterdir() if path.is_file()),
        "sha256": sha256(sums.read_bytes()).hexdigest() if sums.is_file() else None,
    }
    try:
        return {**about, **_facts(folder)}
    except ModelError as error:
        return {**about, "kind": "damaged", "problem": str(error)}


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts = read_reader_facts(folder)
    except ModelFormatError:  # it labels
        return _label_facts(read_model_config(folder))
    measured = facts.get("measured")
    return {
        "kind": "reader",
        "stance_version": facts.get("stance_version"),
        "rows": facts.get("rows"),
        "extra_rows": facts.get("extra_rows"),
        "folds": facts.get("folds"),
        "metrics": measured if isinstance(measured, dict) else {},
    }


def _label_facts(config: ModelConfig) -> dict[str, Any]:
    training = config.training
    return {
        "kind": "labels",
        "stance_version": config.versions.get("stance"),
        "stances": list(config.stances),
        "sentiments": list(config.sentiments),
        "paired": config.paired,
        "targets": list(config.targets),
        "rows": training.get("rows", {}).get("n"),
        "extra_rows": training.get("extra", {}).get("n"),
        "folds": training.get("folds"),
        "metrics": config.metrics,
    }


def _table(found: list[dict[str, Any]], width: int, colours: Palette) -> str:
    header = ["model", "kind", "version", "size", "sha256", "cross-validated", "finds"]
    rows = [
        [
            about["name"],
            about["kind"],
            str(about.get("stance_version") or ""),
            _size(about),
            (about["sha256"] or "")[:_DIGITS],
            _figures(about),
            about.get("problem") or _finds(about),
        ]
        for about in found
    ]
    widths = [min(36, max(map(len, column))) for column in zip(header, *rows, strict=True)]
    last = width - sum(widths[:-1]) - 2 * (len(widths) - 1)
    if last >= _LABELS:
        return render(header, rows, [*widths[:-1], last], colours)
    kept = slice(0, -2 if sum(widths[:-2]) + 2 * (len(widths) - 3) <= width else -3)
    below = [
        [f"{header[4]} {row[4]}"] * (kept.stop == -3) + [". ".join(filter(None, row[-2:]))] for row in rows
    ]
    return render(header[kept], [row[kept] for row in rows], widths[kept], colours, below=below, room=width)


def _size(about: dict[str, Any]) -> str:
    return f"{about['bytes'] / 1e6:.1f} MB"


def _figures(about: dict[str, Any]) -> str:
    """Write the figures that a model is chosen by."""
    several, one = column_nouns(about.get("stances", ()), about.get("sentiments", ()))
    names = {
        "stance_macro_f1": f"{several.removesuffix('s')} F1",
        "sentiment_macro_f1": f"{one} F1",
        "speaker_overlap": "speakers",
        "recipient_overlap": "recipients",
    }
    measured = about.get("metrics", {})
    known = {name: value for name, value in measured.items() if isinstance(value, float)}
    return ", ".join(f"{text} {known[name]:.3f}" for name, text in names.items() if known.get(name))


def _finds(about: dict[str, Any]) -> str:
    if about["kind"] == "reader":
        return "speakers and recipients"
    labels = ", ".join([*about["stances"], *about["sentiments"]])
    targets = f"; about {', '.join(about['targets']) or 'a target'}" if about["paired"] else ""
    return f"{labels}{targets}"
