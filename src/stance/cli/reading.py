"""``stance read`` and ``stance graph``: articles in, statements, events and sums out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import stance
from stance.cli.output import SHORT, coloured, screen_width, write_records
from stance.cli.shell import read_input
from stance.cli.table import paint, render
from stance.datasets import atomic_writer, format_of, read_rows
from stance.errors import DataError
from stance.pages import graph_page, report
from stance.predictor import Predictor
from stance.statements import Article, Event, Graph, Reader, article_rows, graphml, write_articles

__all__ = ["graph", "read"]

_ENDINGS = (".csv", ".jsonl", ".graphml", ".html")


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
    for name in options.files:
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
        # all are read before anything is printed
        for name, article in list(_articles(options)):
            sys.stdout.write(_event_table(name, article) if options.events else _article_table(name, article))
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


def _article_table(name: str, article: Article) -> str:
    colour = coloured()
    widths = [3, 10, 9, 5, 22, 16]
    widths.append(screen_width() - sum(widths) - 2 * len(widths))
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
    return f"{paint(name, 'head', colour)}\n{render(header, rows, widths, colour)}\n"


def _event_table(name: str, article: Article) -> str:
    colour = coloured()
    widths = [28, 10, 10, 5, 28, 10]
    widths.append(screen_width() - sum(widths) - 2 * len(widths))
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
    return f"{paint(name, 'head', colour)}\n{render(header, rows, widths, colour)}\n"


def graph(options: argparse.Namespace) -> int:
    """``stance graph``: who stands how towards whom, summed."""
    ending = Path(options.output).suffix.lower()
    if ending not in _ENDINGS:
        raise DataError(f"{options.output}: name the output {', '.join(_ENDINGS)}")
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
    sys.stderr.write(
        f"{articles} articles, {sums.n_events} events, {len(edges)} edges; {sums.n_open} events name no speaker or "
        "no recipient\n"
    )
    return 0
