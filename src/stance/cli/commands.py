"""The sub-commands of ``stance``: options in, text out."""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import IO, Any

import stance
from stance.cli.shell import load_rows, read_input, targets_of
from stance.cli.table import paint, render
from stance.datasets import FORMATS, atomic_writer, format_of, write_jsonl
from stance.errors import DataError
from stance.labels import OWN_LABELS, Labels
from stance.predictor import Prediction

__all__ = ["explain", "label", "read"]

_SHORT = {"calling_for_ceasefire": "ceasefire"}


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width() -> int:
    return max(80, min(shutil.get_terminal_size((110, 24)).columns, 200))


def read(options: argparse.Namespace) -> int:
    """``stance read``: statements of articles."""
    model = stance.load(options.model)
    if model.config.paired:
        raise DataError("an article names no targets, and the model was trained with them; use stance label")
    texts = [
        (name, read_input(name, options.encoding)) for name in options.files
    ]  # all, before anything is printed
    articles = [(name, stance.read(text, model)) for name, text in texts]
    if options.format == "json":
        document = [{"file": name, "statements": [s.to_dict() for s in a]} for name, a in articles]
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    elif options.format == "jsonl":
        write_jsonl(({"file": name, **s.to_dict()} for name, a in articles for s in a), sys.stdout)
    elif options.format == "csv":
        rows = [_flat({"file": name, **s.to_dict()}) for name, a in articles for s in a]
        _write_delimited(rows, sys.stdout, ",")
    else:
        for name, article in articles:
            sys.stdout.write(_article_table(name, article))
    return 0


def _article_table(name: str, article: stance.Article) -> str:
    colour = _coloured()
    widths = [3, 10, 9, 5, 22]
    widths.append(_width() - sum(widths) - 2 * len(widths))
    rows = []
    for i, s in enumerate(article, 1):
        held = [_SHORT.get(x, x) for x in s.probabilities if x in s.stances]
        probability = f"{s.probabilities[s.stance]:.2f}" if held else ""
        rows.append([str(i), " ".join(held) or "-", s.sentiment, probability, s.speaker or "", s.text])
    title = paint(name, "head", colour)
    return f"{title}\n{render(['#', 'stance', 'sentiment', 'p', 'speaker', 'statement'], rows, widths, colour)}\n"


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
    own = Labels(model.stances, model.sentiments) == OWN_LABELS
    labelled_rows = [{**r.fields, **_predicted(p, own)} for r, p in zip(rows, predictions, strict=True)]
    if to_stdout:
        write_jsonl(labelled_rows, sys.stdout)
    else:
        with atomic_writer(options.output) as file:
            if out_format == "jsonl":
                write_jsonl(labelled_rows, file)
            else:
                _write_delimited(
                    [_flat(r) for r in labelled_rows], file, "," if out_format == "csv" else "\t"
                )
    sys.stderr.write(f"{len(rows)} rows labelled\n")
    return 0


def _predicted(p: Prediction, own: bool) -> dict[str, Any]:
    several, one = ("stances", "sentiment") if own else ("labels", "label")
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


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Give every value a cell: lists joined by ``|``, probabilities a column each."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if key in ("probabilities", "sentiment_probabilities", "label_probabilities") and isinstance(
            value, dict
        ):
            flat.update({f"p_{k}": v for k, v in value.items()})
        elif isinstance(value, list):
            flat[key] = "|".join(map(str, value)) or "none"
        elif isinstance(value, dict):
            flat[key] = json.dumps(value, ensure_ascii=False)
        else:
            flat[key] = value
    return flat


def _write_delimited(rows: Sequence[dict[str, Any]], file: IO[str], delimiter: str) -> None:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(file, columns, delimiter=delimiter, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)


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
    widths = [18, *[max(10, len(_SHORT.get(x, x))) for x in labels]]
    rows = [[w.text, *_numbers(w.shares[x] for x in labels)] for w in found.words]
    rows.append(["(base)", *_numbers(found.bias[x] for x in labels)])
    rows.append(["(sum: log-odds)", *_numbers(found.log_odds[x] for x in labels)])
    rows.append(["probability", *(f"{found.probabilities[x]:.3f}" for x in labels)])
    header = ["word", *(_SHORT.get(x, x) for x in labels)]
    sys.stdout.write(render(header, rows, widths, _coloured(), range(1, len(widths))))
    return 0


def _numbers(values: Iterable[float]) -> list[str]:
    return [f"{v:+.2f}" for v in values]
