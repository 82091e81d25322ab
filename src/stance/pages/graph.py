"""A graph of actors as one self-contained page: a matrix of who stands how towards whom, and its edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from stance.pages.looks import chip, looks, stances_in_order
from stance.pages.markup import both, document, ltr, resource, said, scrolling
from stance.pages.matrix import Cells, matrix_table
from stance.pages.names import in_both
from stance.pages.views import EdgeView

__all__ = ["graph_page"]

_MOST = 30
"""Rows and columns of the matrix; the list below it has them all."""
_COUNTS = (
    ("مقالات", "articles"),
    ("أحداث", "events"),
    ("منها بلا قائل أو بلا مخاطب، لا تظهر هنا", "of them without a speaker or a recipient, left out"),
)
_COLUMNS = (
    ("من", "from"),
    ("إلى", "to"),
    ("الموقف", "stance"),
    ("أحداث", "events"),
    ("متوسط الاحتمال", "mean probability"),
    ("متوسط النبرة", "mean sentiment"),
)


def graph_page(edges: Sequence[EdgeView], n_articles: int, n_events: int, n_open: int) -> str:
    """Write the page.

    Parameters
    ----------
    edges : sequence of EdgeView
        As :meth:`stance.statements.Graph.edges` gives them.
    n_articles, n_events, n_open : int
        What they are the sums of, and how many events have an end open.

    Returns
    -------
    str
        HTML that loads nothing and runs nothing.
    """
    names = looks(stances_in_order(e.stance for e in edges))
    cells: Cells = {}
    for e in edges:
        cells.setdefault((e.source, e.target), Counter())[e.stance] += e.count
    key = " ".join(chip(shown) for shown in names.values()) or both("لا أحداث", "no events")
    rows = "".join(
        f"<tr><td>{in_both(e.source)}</td><td>{in_both(e.target)}</td><td>{chip(names[e.stance])}</td>"
        f"<td>{ltr(str(e.count))}</td><td>{ltr(f'{e.probability:.2f}')}</td><td>{ltr(f'{e.sentiment:+.2f}')}</td></tr>\n"
        for e in edges
    )
    title = both("من يقف أي موقف من من", "who stands how towards whom")
    listed = f"""<table>
<caption>{both("كلها", "all of them")}</caption>
<thead><tr>{"".join(f'<th scope="col">{both(*words)}</th>' for words in _COLUMNS)}</tr></thead>
<tbody>
{rows}</tbody></table>"""
    most = both("الأزواج الأكثر أحداثا", "the pairs of most events")
    table = matrix_table(cells, most, both("من \\ إلى", "from \\ to"), _MOST)
    counts = " · ".join(
        f"{both(*words)} {ltr(str(n))}"
        for words, n in zip(_COUNTS, (n_articles, n_events, n_open), strict=True)
    )
    body = f"""<main class="stance-view graph">
<h1>{title}</h1>
<p>{counts}</p>
<p>{both("السطر قائل والعمود من وجه إليه القول", "rows speak, columns are spoken to or about")}</p>
<p>{key}</p>
{scrolling(said("الأزواج", "pairs"), table)}
{scrolling(said("كلها", "all of them"), listed)}
</main>"""
    style = resource("base.css") + resource("page.css")
    return document("من يقف أي موقف من من – who stands how towards whom", body, "ar", style)
