"""A graph of actors as one self-contained page: a matrix of who stands how towards whom, and its edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from stance.pages.looks import Look, looks, stances_in_order
from stance.pages.markup import document, name, plain, resource, scrolling
from stance.pages.matrix import Cells, matrix_table
from stance.pages.views import EdgeView

__all__ = ["graph_page"]

_MOST = 30
"""Rows and columns of the matrix; the list below it has them all."""


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
    key = ", ".join(_stance(shown) for shown in names.values())
    rows = "".join(
        f"<tr><td>{name(e.source)}</td><td>{name(e.target)}</td><td>{_stance(names[e.stance])}</td>"
        f"<td>{e.count}</td><td>{e.probability:.2f}</td><td>{e.sentiment:+.2f}</td></tr>\n"
        for e in edges
    )
    table = matrix_table(cells, "The pairs of most events", "from \\ to", _MOST)
    listed = f"""<table>
<caption>All of them</caption>
<thead><tr><th scope="col">from</th><th scope="col">to</th><th scope="col">stance</th><th scope="col">events</th>
<th scope="col">mean probability</th><th scope="col">mean sentiment</th></tr></thead>
<tbody>
{rows}</tbody></table>"""
    body = f"""<main class="stance-view">
<h1>Who stands how towards whom</h1>
<p>{n_articles} articles, {n_events} events; {n_open} of them name no speaker or no recipient and are left out.
Read a row as who speaks, a column as whom it is about: {key or "no events"}.</p>
{scrolling("Matrix", table)}
{scrolling("All of them", listed)}
</main>"""
    return document("Who stands how towards whom", body, "en", resource("base.css") + resource("page.css"))


def _stance(shown: Look) -> str:
    return f'<span class="chip {shown.css}">{plain(shown.sign)} {name(shown.english or shown.arabic)}</span>'
