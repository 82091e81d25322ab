"""``stance explain``: options in, text out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

import stance
from stance.cli.output import SHORT, coloured
from stance.cli.shell import read_input, targets_of
from stance.cli.table import render
from stance.errors import DataError

__all__ = ["explain"]


def explain(options: argparse.Namespace) -> int:
    """``stance explain``: what each word adds."""
    text = read_input("-", options.encoding).strip() if options.text == "-" else options.text
    if not text.strip():
        raise DataError("the text is empty; give one statement in quotation marks")
    model = stance.load(options.model)
    targets_of([], "", "target" if options.target is not None else None, model.config.paired)
    found = model.explain(text, options.target)
    if options.format == "json":
        words = [{"text": w.text, "start": w.start, "end": w.end, "shares": w.shares} for w in found.words]
        document = {
            "text": text,
            "probabilities": found.probabilities,
            "log_odds": found.log_odds,
            "bias": found.bias,
            "words": words,
        }
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        return 0
    labels = found.labels
    widths = [18, *[max(10, len(SHORT.get(x, x))) for x in labels]]
    rows = [[w.text, *_numbers(w.shares[x] for x in labels)] for w in found.words]
    rows.append(["(base)", *_numbers(found.bias[x] for x in labels)])
    rows.append(["(sum: log-odds)", *_numbers(found.log_odds[x] for x in labels)])
    rows.append(["probability", *(f"{found.probabilities[x]:.3f}" for x in labels)])
    header = ["word", *(SHORT.get(x, x) for x in labels)]
    sys.stdout.write(render(header, rows, widths, coloured(), range(1, len(widths))))
    return 0


def _numbers(values: Iterable[float]) -> list[str]:
    return [f"{v:+.2f}" for v in values]
