"""``stance read`` and ``stance graph``: articles in, statements, events and sums out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import takewhile
from pathlib import Path

import stance
from stance.cli.articles import check_places, doubts, each_once, joined, listed, problems
from stance.cli.output import ENDINGS, SHORT, write_records
from stance.cli.screen import Status, coloured, counted, screen_width
from stance.cli.shell import read_input
from stance.cli.table import Palette, paint, palette, render
from stance.datasets import atomic_writer, format_of, missing_column, read_rows
from stance.errors import DataError, EmptyError, EncodingError
from stance.hints import did_you_mean
from stance.labels import UNSURE
from stance.pages import date_of, graph_page, report
from stance.predictor import Predictor
from stance.statements import (
    Article,
    Graph,
    Reader,
    Statement,
    article_rows,
    check_stances,
    graphml,
    write_articles,
)
from stance.statements.writing import article_columns
from stance.text.cells import isolated
from stance.writing import check_apart

__all__ = ["graph", "read"]

_ENDINGS = (".csv", ".jsonl", ".graphml", ".html")
_PAGE = ".html"
_DATED = "--dates wants the columns file and date"
_UNKNOWN = "\u061f"
_SENTENCE = 36
"""Cells that a column of sentences must have, or they are set below."""
_NARROW, _LEAST = 10, 10
"""Cells of a column that keeps its width, and of one that was made narrow; with fewer it stands below."""


def _model(options: argparse.Namespace) -> Predictor:
    model = stance.load(options.model)
    if model.config.paired:
        raise DataError("an article names no targets, and the model was trained with them; use stance label")
    return model


def _articles(
    options: argparse.Namespace, model: Predictor, abstain: float = 0.0
) -> Iterator[tuple[str, Article]]:
    """Read the files one after the other; where one cannot be read, those behind it are tried, to name them all."""
    check_places(options.files)
    if options.output:
        check_apart(options.output, [*options.files, *filter(None, [vars(options).get("dates")])])
    files, again = each_once(options.files)
    reader = Reader(model)
    empty: list[EmptyError] = []
    doubtful: list[str] = []
    with Status(options) as status:
        for number, name in enumerate(files, 1):
            status(f"reading {number} of {len(files)}: {name}")
            try:
                text = read_input(name, options.encoding)
            except EmptyError as error:
                empty.append(error)
                continue
            except DataError as error:
                raise joined([(name, error), *problems(files[number:], options.encoding)]) from None
            doubtful += doubts(name, text)
            article = reader.read(text, abstain=abstain)
            status.clear()  # what is written of the article may go to the same terminal
            yield name, article
        if len(empty) == len(files):
            raise empty[0]
        for problem in empty:
            status.note(f"{str(problem).partition(';')[0]}; it was left out")
        if again:
            status.note(f"named before, and left out: {listed(again)}")
        for doubt in doubtful:
            status.note(doubt)


def read(options: argparse.Namespace) -> int:
    """``stance read``: statements of articles, or their events."""
    if _wants_page(options):
        _write_page(options)
        return 0
    model = _model(options)
    if options.events:
        check_stances(model.stances)
    articles = _articles(options, model, options.abstain)
    if not options.output and options.format in (None, "table"):
        _print_tables(options, model, articles)
        return 0
    columns = article_columns(
        model.stances, model.sentiments, events=options.events, abstain=options.abstain > 0
    )
    if options.output:
        rows = (row for name, article in articles for row in article_rows(name, article, options.events))
        write_records(rows, options.output, columns)
    else:
        if options.format == "json":
            articles = iter(list(articles))  # an array that breaks off is no JSON
        write_articles(articles, sys.stdout, options.format, events=options.events, columns=columns)
    return 0


def _write_page(options: argparse.Namespace) -> None:
    if options.output:
        with atomic_writer(options.output) as file:
            file.write(_page(options))
    else:
        sys.stdout.write(_page(options))


def _print_tables(
    options: argparse.Namespace, model: Predictor, articles: Iterator[tuple[str, Article]]
) -> None:
    table = _event_table if options.events else _article_table
    colours = palette([*model.stances, *model.sentiments], coloured(options.color))
    for name, article in articles:
        head = paint(isolated(name), colours.get("head", ""))
        sys.stdout.write(f"{head}\n{table(article, screen_width(), colours)}\n")
        sys.stdout.flush()


def _wants_page(options: argparse.Namespace) -> bool:
    """Tell whether a page is asked for; refuse what does not fit what is."""
    ending = Path(options.output).suffix.lower() if options.output else ""
    if options.output and ending not in ENDINGS and ending != _PAGE:
        near = did_you_mean(ending, (*ENDINGS, _PAGE))
        raise DataError(f"{options.output}: name the output {', '.join(ENDINGS)} or {_PAGE}{near}")
    if options.output and options.format and ending != f".{options.format}":
        raise DataError(
            f"{options.output} and --format {options.format} say two things; a file is written as its ending says, so "
            "leave --format out"
        )
    if _PAGE not in (ending, f".{options.format}"):
        if options.dates:
            raise DataError("--dates belongs to a page; name the output .html or leave --dates out")
        return False
    if options.events:
        raise DataError("a page shows statements and events alike; leave --events out")
    return True


def _page(options: argparse.Namespace) -> str:
    dates = _dates(options.dates, options.encoding) if options.dates else {}
    model = _model(options)
    articles, days = [], {}
    titles, unfit = _titles(options.files), set(dates)
    for name, article in _articles(options, model, options.abstain):
        articles.append((titles[name], article))
        key = name if name in dates else Path(name).name
        unfit.discard(key)
        if day := dates.get(key) or date_of(name):
            days[titles[name]] = day
    undated = len(articles) - len(days)
    if options.dates and (unfit or undated):
        Status(options).note(
            f"{options.dates}: dates that fit no article: {len(unfit)}, articles without a date: {undated}"
        )
    return report(articles, model, days)


def _titles(names: Sequence[str]) -> dict[str, str]:
    """Name articles by their files, without the folders that all share.

    Examples
    --------
    >>> _titles(["news/a/x.txt", "news/b/x.txt"])
    {'news/a/x.txt': 'a/x.txt', 'news/b/x.txt': 'b/x.txt'}
    """
    levels = zip(*(Path(name).parts[:-1] for name in names), strict=False)
    shared = sum(1 for _ in takewhile(lambda folders: len(set(folders)) == 1, levels))
    return {n: "standard input" if n == "-" else str(Path(*Path(n).parts[shared:])) for n in names}


def _dates(name: str, encoding: str) -> dict[str, date]:
    """Read the dates of articles, in UTF-8 or as the articles are: columns ``file`` and ``date``."""
    found: dict[str, date] = {}
    try:
        text = read_input(name, encoding if name == "-" else "utf-8")
    except EncodingError:
        text = read_input(name, encoding)
    for row in read_rows(text, name, format_of(name), "file", _DATED):
        if "date" not in row.fields:
            raise DataError(f"{name}, line {row.line}: {missing_column('date', row.fields, fix=_DATED)}")
        try:
            day = date.fromisoformat(str(row.fields["date"]).strip())
        except ValueError:
            raise DataError(
                f"{name}, line {row.line}: {row.fields['date']!r} is no date; write it as 2026-03-01"
            ) from None
        if found.setdefault(row.text, day) != day:
            raise DataError(
                f"{name}, line {row.line}: {row.text} has two dates, {found[row.text]} and {day}; leave one of them"
            )
    return found


def _article_table(article: Article, width: int, colours: Palette) -> str:
    rows = []
    for i, s in enumerate(article, 1):
        speaker = s.speaker or ""
        if speaker == "~" and s.speaker_resolved:
            speaker = f"~ {s.speaker_resolved}"
        rows.append([str(i), *_label_cells(s), speaker, s.recipient or "", s.text])
    has_stances = all(s.probabilities for s in article)
    header = ["stance", "sentiment", "p"] if has_stances else ["label", "p"]
    widths = [10, 9, 4] if has_stances else [10, 4]
    names = ["speaker", "to / about", "statement"]
    return _fitted(["#", *header, *names], rows, [3, *widths, 22, 16], width, colours)


def _label_cells(s: Statement) -> list[str]:
    """Write stances, sentiment and probability; of a model without stances the one label that holds."""
    if not s.probabilities:
        return [s.sentiment, f"{s.sentiment_probabilities[s.sentiment]:.2f}"]
    held = [SHORT.get(x, x) for x in s.probabilities if x in s.stances]
    probability = f"{s.probabilities[s.stance]:.2f}" if held else ""
    return [UNSURE if s.unsure else " ".join(held) or "-", s.sentiment, probability]


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
    names = [i for i, w in enumerate(widths) if w > _NARROW]  # speaker and recipient share what is left
    room = width - 2 * (len(widths) - 1) - sum(w for w in widths if w <= _NARROW)
    shared = {i: room * widths[i] // sum(widths[k] for k in names) for i in names}
    below = [[row[-1]] for row in rows]
    kept = list(range(len(widths)))
    if min(shared.values()) < _LEAST:
        kept = [i for i in kept if i not in shared]
        below = [[*_from_to(*(row[i] for i in names)), row[-1]] for row in rows]
    cells = [[row[i] for i in kept] for row in rows]
    fitted = [shared.get(i, widths[i]) for i in kept]
    return render([header[i] for i in kept], cells, fitted, colours, below=below, room=width)


def _from_to(speaker: str, recipient: str) -> list[str]:
    """Write both names in the direction of reading, or nothing."""
    if not recipient:
        return [speaker] if speaker else []
    return [f"{speaker or _UNKNOWN} \u2190 {recipient}"]


def graph(options: argparse.Namespace) -> int:
    """``stance graph``: who stands how towards whom, summed."""
    ending = Path(options.output).suffix.lower()
    if ending not in _ENDINGS:
        near = did_you_mean(ending, _ENDINGS)
        raise DataError(f"{options.output}: name the output {', '.join(_ENDINGS)}{near}")
    model = _model(options)
    check_stances(model.stances)
    sums, articles = Graph(options.roles), 0
    for _, article in _articles(options, model, options.abstain):
        sums.add(article.events())
        articles += 1
    edges = sums.edges()
    if ending in (".csv", ".jsonl"):
        kinds = {"count": int, "probability": float, "sentiment": float}
        columns = {**dict.fromkeys(("source", "target", "stance"), str), **kinds}
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
        f"{counted(articles, 'article')}, {counted(sums.n_events, 'event')}, {counted(len(edges), 'edge')}; "
        f"events without a speaker or a recipient: {sums.n_open}"
    )
    return 0
