"""All statements of a report in one table, which a script lets readers sort and filter."""

from __future__ import annotations

from collections.abc import Sequence

from stance.labels import UNSURE
from stance.pages.looks import (
    Look,
    chips,
    is_unsure,
    looks,
    sentiment_chip,
    stances_in_order,
    stances_shown,
)
from stance.pages.markup import both, ltr, mixed, name, plain, said, scrolling
from stance.pages.views import ArticleView, StatementView

__all__ = ["statement_table"]

_COLUMNS = (
    ("المقال", "article"),
    ("رقم", "no."),
    ("الموقف", "stance"),
    ("الاحتمال", "probability"),
    ("النبرة", "sentiment"),
    ("القائل", "speaker"),
    ("إلى / عن", "to / about"),
    ("الجملة", "statement"),
)


def statement_table(articles: Sequence[tuple[str, ArticleView]], prefix: str) -> str:
    """Write the table, and above it the controls that are shown where scripts run.

    Parameters
    ----------
    articles : sequence of (str, ArticleView)
        Names and articles.
    prefix : str
        Of the ids of articles and cards.

    Returns
    -------
    str
    """
    every = [s for _, article in articles for s in article]
    unsure = [UNSURE] * any(map(is_unsure, every))
    stances = looks([*stances_in_order(x for s in every for x in s.probabilities), *unsure])
    sentiments = looks(sorted({s.sentiment for s in every if s.sentiment}))
    places = [{label: str(i) for i, label in enumerate(found)} for found in (stances, sentiments)]
    rows = "".join(
        _row(title, f"{prefix}{a}", number, statement, places[0], places[1])
        for a, (title, article) in enumerate(articles, 1)
        for number, statement in enumerate(article, 1)
    )
    head = "".join(f'<th scope="col">{both(*words)}</th>' for words in _COLUMNS)
    table = (
        f'<table id="rows"><caption>{both("كل الجمل", "all statements")}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>"
    )
    return _controls(stances, sentiments, len(every)) + scrolling(
        said("جدول الجمل", "table of statements"), table
    )


def _row(
    title: str,
    article: str,
    number: int,
    s: StatementView,
    stances: dict[str, str],
    sentiments: dict[str, str],
) -> str:
    held = [stances[x] for x in stances_shown(s)]
    strongest = s.probabilities.get(s.stance, max(s.probabilities.values(), default=0.0))
    cells = [
        f'<a href="#{article}">{name(title)}</a>',
        f'<a href="#{article}-{number}" data-card="{article}-{number}">{ltr(str(number))}</a>',
        chips(s),
        ltr(f"{strongest:.3f}"),
        sentiment_chip(s),
        name(" ".join((s.speaker_resolved or "").split())),
        name(" ".join((s.recipient or "").split())),
        mixed(s.text),
    ]
    values = {1: str(number), 3: f"{strongest:.6f}"}
    body = "".join(
        f'<td data-v="{values[i]}">{cell}</td>' if i in values else f"<td>{cell}</td>"
        for i, cell in enumerate(cells)
    )
    kinds = f'data-s=" {" ".join(held)} " data-m="{sentiments.get(s.sentiment, "")}"'
    return f"<tr {kinds}>{body}</tr>\n"


def _controls(stances: dict[str, Look], sentiments: dict[str, Look], n_rows: int) -> str:
    return (
        f'<div id="controls" role="search" aria-label="{said("تصفية الجدول", "filter of the table")}" >'
        f'<label>{both("بحث", "search")} <input id="find" type="search" dir="auto" autocomplete="off"></label>'
        f"{_choice('by-stance', ('الموقف', 'stance'), stances)}"
        f"{_choice('by-sentiment', ('النبرة', 'sentiment'), sentiments)}"
        f'<output id="shown" aria-live="off">{both("الظاهر", "shown")} <bdi dir="ltr">{n_rows} / {n_rows}</bdi></output></div>'
    )


def _choice(uid: str, words: tuple[str, str], names: dict[str, Look]) -> str:
    options = "".join(
        f'<option value="{i}">{plain(f"{shown.sign} {shown.arabic} {shown.english}".strip())}</option>'
        for i, shown in enumerate(names.values())
    )
    return f'<label>{both(*words)} <select id="{uid}"><option value="">الكل all</option>{options}</select></label>'
