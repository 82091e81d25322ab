"""``stance read`` and ``stance graph``: articles in, statements, events and sums out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import stance
from stance.cli.output import SHORT, write_records
from stance.cli.screen import Status, coloured, screen_width
from stance.cli.shell import read_input
from stance.cli.table import Palette, isolated, paint, palette, render
from stance.datasets import atomic_writer, format_of, read_rows
from stance.errors import DataError
from stance.hints import did_you_mean
from stance.pages import graph_page, report
from stance.predictor import Predictor
from stance.statements import Article, Event, Graph, Reader, article_rows, graphml, write_articles

__all__ = ["graph", "read"]

_ENDINGS = (".csv", ".jsonl", ".graphml", ".html")
_SENTENCE = 36
"""Cells that a column of sentences must have, or they are set below."""
_NARROW, _LEAST = 10, 6
"""Cells of a column that keeps its width, and of one that was made narrow."""


def _model(options: argparse.Namespace) -> Predictor:
    model = stance.load(options.model)
    if model.config.paired:
        raise DataError("an article names no targets, and the model was trained with them; use stance label")
    return model


def _articles(options: argparse.Namespace, model: Predictor | None = None) -> Iterator[tuple[str, Article]]:
    """Read the files one after the other; what is wrong with one is said before the first is read."""
    if model is None:
        model = _model(options)
    for name in options.files:
        if name != "-" and not Path(name).is_file():
            read_input(name, options.encoding)  # says what is wrong
    reader = Reader(model)
    with Status(options) as status:
        for number, name in enumerate(options.files, 1):
            status(f"reading {number} of {len(options.files)}: {name}")
            yield name, reader.read(read_input(name, options.encoding))


def read(options: argparse.Namespace) -> int:
    """``stance read``: statements of articles, or their events."""
    page = _page(options)
    if options.output and page:
        with atomic_writer(options.output) as file:
            file.write(page)
        return 0
    if options.output:
        rows = (
            row for name, article in _articles(options) for row in article_rows(name, article, options.events)
        )
        columns = ["file", *(f.name for f in fields(Event))] if options.events else ["file"]
        write_records(rows, options.output, columns)
        return 0
    kind = options.format or "table"
    if page:
        sys.stdout.write(page)
    elif kind == "table":
        model, table = _model(options), _event_table if options.events else _article_table
        colours = palette([*model.stances, *model.sentiments], coloured(options.color))
        # all are read before anything is printed
        for name, article in list(_articles(options, model)):
            head = paint(isolated(name), colours.get("head", ""))
            sys.stdout.write(f"{head}\n{table(article, screen_width(), colours)}\n")
    else:
        write_articles(list(_articles(options)), sys.stdout, kind, events=options.events)
    return 0


def _page(options: argparse.Namespace) -> str:
    """Return the page that is asked for, or nothing if rows are."""
    ending = Path(options.output).suffix.lower() if options.output else ""
    if ending != ".html" and (options.output or options.format != "html"):
        if options.dates:
            raise DataError("--dates belongs to a page; name the output .html or leave --dates out")
        return ""
    if options.events:
        raise DataError("a page shows statements and events alike; leave --events out")
    dates = _dates(options.dates, options.encoding) if options.dates else {}
    model = _model(options)
    return report(list(_articles(options, model)), model, dates)


def _dates(name: str, encoding: str) -> dict[str, date]:
    """Read the dates of articles: columns ``file`` and ``date``."""
    found = {}
    for row in read_rows(read_input(name, encoding), name, format_of(name), "file"):
        try:
            found[row.text] = date.fromisoformat(str(row.fields["date"]).strip())
        except KeyError:
            raise DataError(
                f"{name}, line {row.line}: there is no column 'date'; file and date are wanted"
            ) from None
        except ValueError:
            raise DataError(
                f"{name}, line {row.line}: {row.fields['date']!r} is no date; write it as 2026-03-01"
            ) from None
    return found


def _article_table(article: Article, width: int, colours: Palette) -> str:
    rows = []
    for i, s in enumerate(article, 1):
        held = [SHORT.get(x, x) for x in s.probabilities if x in s.stances]
        probability = f"{s.probabilities[s.stance]:.2f}" if held else ""
        speaker = s.speaker or ""
        if speaker == "~" and s.speaker_resolved:
            speaker = f"~ {s.speaker_resolved}"
        rows.append(
            [str(i), " ".join(held) or "-", s.sentiment, probability, speaker, s.recipient or "", s.text]
        )
    header = ["#", "stance", "sentiment", "p", "speaker", "to / about", "statement"]
    return _fitted(header, rows, [3, 10, 9, 4, 22, 16], width, colours)


def _event_table(article: Article, width: int, colours: Palette) -> str:
    rows = [
        [
            e.speaker,
            e.speaker_country + e.speaker_role,
            SHORT.get(e.stance, e.stance),
            f"{e.probability:.2f}",
            e.recipient,
            e.recipient_country + e.recipient_role,
            e.quote,
        ]
        for e in article.events()
    ]
    header = ["speaker", "code", "stance", "p", "to / about", "code", "quote"]
    return _fitted(header, rows, [24, 8, 10, 4, 24, 8], width, colours)


def _fitted(header: list[str], rows: list[list[str]], widths: list[int], width: int, colours: Palette) -> str:
    """Lay out rows whose last cell is a sentence: beside the others where there is room, else below them."""
    last = width - sum(widths) - 2 * len(widths)
    if last >= _SENTENCE:
        return render(header, rows, [*widths, last], colours, prose=[len(widths)])
    names = [
        i for i, w in enumerate(widths) if w > _NARROW
    ]  # of speaker and recipient: they share what is left
    room = width - 2 * (len(widths) - 1) - sum(w for w in widths if w <= _NARROW)
    both = sum(widths[i] for i in names)
    for i in names:
        widths[i] = max(_LEAST, room * widths[i] // both)
    texts = [row[-1] for row in rows]
    return render(header[:-1], [row[:-1] for row in rows], widths, colours, below=texts)


def graph(options: argparse.Namespace) -> int:
    """``stance graph``: who stands how towards whom, summed."""
    ending = Path(options.output).suffix.lower()
    if ending not in _ENDINGS:
        near = did_you_mean(ending, _ENDINGS)
        raise DataError(f"{options.output}: name the output {', '.join(_ENDINGS)}{near}")
    sums, articles = Graph(options.roles), 0
    for _, article in _articles(options):
        sums.add(article.events())
        articles += 1
    edges = sums.edges()
    if ending in (".csv", ".jsonl"):
        columns = ["source", "target", "stance", "count", "probability", "sentiment"]
        write_records((e.to_dict() for e in edges), options.output, columns)
    else:
        page = (
            graphml(edges)
            if ending == ".graphml"
            else graph_page(edges, articles, sums.n_events, sums.n_open)
        )
        with atomic_writer(options.output) as file:
            file.write(page)
    Status(options).note(
        f"{articles} articles, {sums.n_events} events, {len(edges)} edges; {sums.n_open} events name no speaker or "
        "no recipient"
    )
    return 0
