"""All statements of a report in one table, which a script lets readers sort and filter."""

from __future__ import annotations

from collections.abc import Sequence

from stance.labels import UNSURE
from stance.pages.looks import (
    Look,
    chips,
    is_unsure,
    looks,
    one_label,
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
_STANCE, _SENTIMENT = 2, 4
"""Places of two columns: a model without stances has none of them, and calls the other one's labels."""


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
    found = sorted({s.sentiment for s in every if s.sentiment})
    known = looks([*(x for s in every for x in s.sentiment_probabilities), *found])  # signs as those of chips
    sentiments = {label: known[label] for label in found}
    places = [{label: str(i) for i, label in enumerate(found)} for found in (stances, sentiments)]
    rows = "".join(
        _row(title, f"{prefix}{a}", number, statement, places[0], places[1])
        for a, (title, article) in enumerate(articles, 1)
        for number, statement in enumerate(article, 1)
    )
    one = one_label(every[0]) if every else _COLUMNS[_SENTIMENT]
    columns = [*_COLUMNS[:_SENTIMENT], one, *_COLUMNS[_SENTIMENT + 1 :]]
    if every and not stances:
        del columns[_STANCE]
    head = "".join(f'<th scope="col">{both(*words)}</th>' for words in columns)
    table = (
        f'<table id="rows"><caption>{both("كل الجمل", "all statements")}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>"
    )
    return _controls(stances, sentiments, one, len(every)) + scrolling(
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
    one = s.sentiment_probabilities.get(s.sentiment, 0.0)
    strongest = s.probabilities.get(s.stance, max(s.probabilities.values(), default=one))
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
    shown = [i for i in range(len(cells)) if s.probabilities or i != _STANCE]
    body = "".join(
        f'<td data-v="{values[i]}">{cells[i]}</td>' if i in values else f"<td>{cells[i]}</td>" for i in shown
    )
    kinds = f'data-s=" {" ".join(held)} " data-m="{sentiments.get(s.sentiment, "")}"'
    return f"<tr {kinds}>{body}</tr>\n"


def _controls(
    stances: dict[str, Look], sentiments: dict[str, Look], one: tuple[str, str], n_rows: int
) -> str:
    by_stance = _choice("by-stance", ("الموقف", "stance"), stances) if stances or not n_rows else ""
    return (
        f'<div id="controls" role="search" aria-label="{said("تصفية الجدول", "filter of the table")}" >'
        f'<label>{both("بحث", "search")} <input id="find" type="search" dir="auto" autocomplete="off"></label>'
        f"{by_stance}{_choice('by-sentiment', one, sentiments)}"
        f'<output id="shown" aria-live="off">{both("الظاهر", "shown")} <bdi dir="ltr">{n_rows} / {n_rows}</bdi></output></div>'
    )


def _choice(uid: str, words: tuple[str, str], names: dict[str, Look]) -> str:
    options = "".join(
        f'<option value="{i}">{plain(f"{shown.sign} {shown.arabic} {shown.english}".strip())}</option>'
        for i, shown in enumerate(names.values())
    )
    return f'<label>{both(*words)} <select id="{uid}"><option value="">الكل all</option>{options}</select></label>'
