"""A report on articles as one self-contained page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath

from stance.labels import UNSURE
from stance.pages.article import cards, text_of
from stance.pages.charts import course, periods, timeline, timeline_table
from stance.pages.dates import date_of
from stance.pages.drawing import patterns
from stance.pages.looks import chip, is_unsure, looks, none_chip, stances_in_order
from stance.pages.markup import both, document, ltr, mixed, name, plain, resource, said, scrolling
from stance.pages.matrix import Cells, cells_of, left_out, matrix, matrix_table
from stance.pages.table import statement_table
from stance.pages.views import ArticleView, EventView, Explainer

__all__ = ["article_part", "report"]

_PREFIX = "a"
_MOST = 14
"""Rows and columns of a matrix; the table of statements has them all."""


def report(
    articles: Sequence[tuple[str, ArticleView]],
    model: Explainer | None = None,
    dates: Mapping[str, date] | None = None,
    title: str = "",
) -> str:
    """Write a report: the articles with their statements marked, charts, and a table of all statements.

    Parameters
    ----------
    articles : sequence of (str, Article)
        A name for each article, such as that of its file, and the article.
    model : Predictor, optional
        The model that read the articles; with it every statement shows the exact shares of its words.
    dates : mapping of str to datetime.date, optional
        Dates by name, or by its last part; by default, and for names that are missing, the ISO date in the name, if there is one.
    title : str, optional
        Of the page.

    Returns
    -------
    str
        HTML that loads nothing; its Content-Security-Policy allows its own style sheet and script alone.

    Raises
    ------
    ValueError
        If another model read the articles.

    Examples
    --------
    >>> import stance
    >>> model = stance.load()
    >>> page = report([("2026-03-01.txt", stance.read("حذرت ألمانيا إيران من إغلاق المضيق.", model))], model)
    >>> page.count("<article"), "http" in page.replace("http-equiv", "")
    (1, False)
    """
    known = {
        n: (dates or {}).get(n) or (dates or {}).get(PurePath(n).name) or date_of(n) for n, _ in articles
    }
    cells = cells_of(event for _, article in articles for event in _events(article))
    overall = _overall(articles, known, cells) if len(articles) > 1 else ""
    parts = "".join(
        _article(title_of, article, known[title_of], f"{_PREFIX}{i}", model)
        for i, (title_of, article) in enumerate(articles, 1)
    )
    heading = both("تقرير المواقف", "stance report") if not title else name(title)
    body = f"""{patterns()}
<main class="stance-view">
<h1>{heading}</h1>
{_summary(articles)}
{_contents(articles, known)}
{overall}
{parts}
<section class="every" aria-labelledby="table-t"><h2 id="table-t">{both("الجدول", "table")}</h2>
{statement_table(articles, _PREFIX)}
</section>
</main>
{_panel()}"""
    style = resource("base.css") + resource("page.css") + resource("report.css")
    return document(title or "تقرير المواقف – stance report", body, "ar", style, resource("report.js"))


def article_part(title: str, article: ArticleView, model: Explainer | None = None) -> str:
    """Write what a report says of one article, for a page of another frame.

    Parameters
    ----------
    title : str
        What the article is called.
    article : Article
    model : Predictor, optional
        As :func:`report`.

    Returns
    -------
    str
        HTML in Arabic that wants the style sheets of a report around it, and no script.

    Raises
    ------
    ValueError
        If another model read the article.
    """
    named = [(title, article)]
    inside = _article(title, article, date_of(title), f"{_PREFIX}1", model)
    return f'<div class="stance-view" lang="ar" dir="rtl">{patterns()}{_summary(named)}{inside}</div>'


def _summary(articles: Sequence[tuple[str, ArticleView]]) -> str:
    statements = [s for _, article in articles for s in article]
    facts = (
        f'<p class="facts"><span>{both("مقالات", "articles")} <b>{ltr(str(len(articles)))}</b></span> '
        f"<span>{both('جمل', 'statements')} <b>{ltr(str(len(statements)))}</b></span>"
    )
    if statements and not statements[0].probabilities:  # a model of labels of one's own
        labels = Counter(s.sentiment for s in statements)
        names = looks(statements[0].sentiment_probabilities)
        return f"{facts} {' '.join(chip(shown, str(labels[x])) for x, shown in names.items())}</p>"
    counts = Counter(x for s in statements for x in s.stances)
    order = stances_in_order(x for s in statements for x in s.probabilities)
    found = " ".join(chip(shown, str(counts[x])) for x, shown in looks(order).items())
    unsure = sum(map(is_unsure, statements))
    none = none_chip(str(sum(not s.stances for s in statements) - unsure))
    if unsure:
        none += f" {chip(looks([UNSURE])[UNSURE], str(unsure))}"
    return (
        f"{facts} {found} {none}</p>\n"
        f'<p class="note">المواقف أفعال كلام لا تأييد ولا معارضة، والاحتمالات معايرة. اختر جملة معلمة لترى احتمالاتها '
        f'وحصص كلماتها.</p>\n<p class="note" lang="en" dir="ltr">Stances are speech acts; probabilities are calibrated. '
        "Choose a marked statement for its probabilities and the shares of its words.</p>"
    )


def _contents(articles: Sequence[tuple[str, ArticleView]], dates: Mapping[str, date | None]) -> str:
    if len(articles) < 2:
        return ""
    items = "".join(
        f'<li><a href="#{_PREFIX}{i}">{name(n)}</a>{_day(n, dates[n])}</li>'
        for i, (n, _) in enumerate(articles, 1)
    )
    table = f'<p><a href="#table-t">{both("جدول كل الجمل", "table of all statements")}</a></p>'
    return f'<nav aria-labelledby="nav-t"><h2 id="nav-t">{both("المقالات", "articles")}</h2><ol>{items}</ol>{table}</nav>'


def _day(title: str, day: date | None) -> str:
    """Write the date of an article, unless its name tells it."""
    return f' · <time datetime="{day}">{ltr(str(day))}</time>' if day and str(day) not in title else ""


def _overall(
    articles: Sequence[tuple[str, ArticleView]], dates: Mapping[str, date | None], cells: Cells
) -> str:
    dated = [(day, [x for s in a for x in s.stances]) for n, a in articles if (day := dates[n])]
    counts, unit = periods(dated)
    parts = [_who(cells, "all")]
    if counts and any(s.probabilities for _, article in articles for s in article):
        n_open = len(articles) - len(dated)
        note = (
            f"<p>{both('مقالات بلا تاريخ:', 'articles without a date')} {ltr(str(n_open))}</p>"
            if n_open
            else ""
        )
        parts.append(
            f"<h3>{both('المواقف عبر الزمن', 'stances over time')}</h3>{timeline(counts, unit, 'time')}"
            f"{note}{_as_table(timeline_table(counts, unit))}"
        )
    if not any(parts):
        return ""
    return f'<section aria-labelledby="all-t"><h2 id="all-t">{both("المقالات معا", "all articles")}</h2>{"".join(parts)}</section>'


def _events(article: ArticleView) -> Sequence[EventView]:
    """Return what there is to sum; a model without stances gives no events."""
    return article.events() if any(s.probabilities for s in article) else []


def _who(cells: Cells, uid: str) -> str:
    if not cells:
        return ""
    head = both("من إلى من", "who to whom")
    note = both("السطر قائل والعمود من وجه إليه القول", "rows speak, columns are spoken to or about")
    if missing := left_out(cells, _MOST):
        few = both("أحداث أزواج أقل لا تظهر هنا:", "events of lesser pairs that are not shown here")
        note += f"<br>{few} {ltr(str(missing))}"
    table = matrix_table(cells, head, both("من \\ إلى", "from \\ to"), _MOST)
    return f'<h3>{head}</h3><p class="note">{note}</p>{matrix(cells, f"{uid}-who", _MOST)}{_as_table(table)}'


def _as_table(table: str) -> str:
    return (
        f"<details><summary>{both('الأرقام في جدول', 'as a table')}</summary>"
        f"{scrolling(said('جدول', 'table'), table)}</details>"
    )


def _article(title: str, article: ArticleView, day: date | None, uid: str, model: Explainer | None) -> str:
    items = "".join(cards(article, uid, model))
    listed = both("الجمل واحتمالاتها وحصص كلماتها", "statements, probabilities, shares of words")
    chart = course(article, f"{uid}-course")
    drawn = f"<h3>{both('المواقف جملة بعد جملة', 'statement by statement')}</h3>{chart}" if chart else ""
    return f"""<article aria-labelledby="{uid}">
<h2 id="{uid}">{name(title)}{_day(title, day)}</h2>
<div class="text">
{text_of(article, uid)}</div>
{drawn}
{_who(cells_of(_events(article)), uid)}
<details class="all"><summary>{listed}</summary><ol class="cards">
{items}</ol></details>
</article>
"""


def _panel() -> str:
    hint = mixed("مرر المؤشر فوق جملة أو اخترها.")
    return (
        f'<aside id="panel" class="stance-view" aria-labelledby="panel-t" tabindex="-1" hidden>'
        f'<button id="close" type="button">{both("إغلاق", "close")}</button>'
        f'<h2 id="panel-t">{both("الجملة", "statement")}</h2><div id="inside"><p>{hint} '
        f'<span class="en" lang="en" dir="ltr">{plain("Point at a statement or choose it.")}</span></p></div></aside>'
    )
