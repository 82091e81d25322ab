"""The sub-commands of ``stance``: options in, text out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

import stance
from stance.cli.output import SHORT, coloured, write_rows
from stance.cli.shell import load_rows, read_input, targets_of
from stance.cli.table import render
from stance.datasets import FORMATS, format_of, write_jsonl
from stance.errors import DataError
from stance.labels import column_nouns
from stance.predictions import Prediction

__all__ = ["explain", "label"]


def label(options: argparse.Namespace) -> int:
    """``stance label``: rows in, the same rows with labels out."""
    to_stdout = options.output == "-"
    out_format = "jsonl" if to_stdout else format_of(options.output)
    if out_format == "txt":
        raise DataError(f"{options.output}: labels want columns; name the output .csv, .tsv or .jsonl")
    if options.input == "-" and options.input_format is None:
        raise DataError(f"standard input has no ending; pass --input-format, one of {', '.join(FORMATS)}")
    rows = load_rows(options.input, options)
    model = stance.load(options.model)
    targets = targets_of(rows, options.input, options.target_column, model.config.paired)
    predictions = model.predict([r.text for r in rows], targets)
    nouns = column_nouns(model.stances, model.sentiments)
    labelled_rows = [{**r.fields, **_predicted(p, nouns)} for r, p in zip(rows, predictions, strict=True)]
    if to_stdout:
        write_jsonl(labelled_rows, sys.stdout)
    else:
        write_rows(labelled_rows, options.output, out_format)
    sys.stderr.write(f"{len(rows)} rows labelled\n")
    return 0


def _predicted(p: Prediction, nouns: tuple[str, str]) -> dict[str, Any]:
    several, one = nouns
    found: dict[str, Any] = {}
    if p.probabilities:
        found[f"predicted_{several}"] = [s for s in p.probabilities if s in p.stances]
    if p.sentiment_probabilities:
        found[f"predicted_{one}"] = p.sentiment
    for column, values in (
        ("probabilities", p.probabilities),
        (f"{one}_probabilities", p.sentiment_probabilities),
    ):
        if values:
            found[column] = {k: round(v, 6) for k, v in values.items()}
    return found


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
