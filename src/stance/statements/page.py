"""A graph of actors as one self-contained page: a matrix of who stands how towards whom, and its edges."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from stance.statements.graph import Edge

__all__ = ["graph_page"]

_MOST = 30
"""Actors that the matrix shows; the list below it has them all."""
_SIGNS = {"supportive": "+", "warning": "!", "calling_for_ceasefire": "✋"}
_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,"Noto Naskh Arabic","Noto Sans Arabic",sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem}
table{border-collapse:collapse}caption{text-align:start;font-weight:600;padding:.5rem 0}
th,td{border:1px solid #8886;padding:.3rem .5rem;text-align:start;white-space:nowrap}
thead th{vertical-align:bottom}.matrix td{text-align:center;white-space:normal}
.matrix thead th span{writing-mode:vertical-rl}.wide{overflow-x:auto}
.supportive{color:#0a6e4f}.warning{color:#a33f00}.calling_for_ceasefire{color:#1b4fa8}
@media(prefers-color-scheme:dark){.supportive{color:#6fd3ae}.warning{color:#ffae70}.calling_for_ceasefire{color:#9dbdff}}
@media print{.wide{overflow:visible}}
"""


def graph_page(edges: Sequence[Edge], n_articles: int, n_events: int, n_open: int) -> str:
    """Write the page.

    Parameters
    ----------
    edges : sequence of Edge
        As :meth:`Graph.edges` gives them.
    n_articles, n_events, n_open : int
        What they are the sums of, and how many events have an end open.

    Returns
    -------
    str
        HTML that loads nothing and runs nothing.
    """
    stances = sorted(
        {e.stance for e in edges}, key=lambda s: (list(_SIGNS).index(s) if s in _SIGNS else 9, s)
    )
    weights: dict[str, int] = {}
    for edge in edges:
        for name in (edge.source, edge.target):
            weights[name] = weights.get(name, 0) + edge.count
    names = sorted(weights, key=lambda n: (-weights[n], n))[:_MOST]
    key = ", ".join(
        f'<span class="{escape(s)}">{_sign(s)} {escape(s.replace("_", " "))}</span>' for s in stances
    )
    rows = "".join(
        f"<tr>{_name(e.source)}{_name(e.target)}"
        f'<td class="{escape(e.stance)}">{_sign(e.stance)} {escape(e.stance.replace("_", " "))}</td>'
        f"<td>{e.count}</td><td>{e.probability:.2f}</td><td>{e.sentiment:+.2f}</td></tr>\n"
        for e in edges
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Who stands how towards whom</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Who stands how towards whom</h1>
<p>{n_articles} articles, {n_events} events; {n_open} of them name no speaker or no recipient and are left out.
Read a row as who speaks, a column as whom it is about: {key or "no events"}.</p>
<div class="wide">{_matrix(edges, names)}</div>
<div class="wide"><table>
<caption>All of them</caption>
<thead><tr><th scope="col">from</th><th scope="col">to</th><th scope="col">stance</th><th scope="col">events</th>
<th scope="col">mean probability</th><th scope="col">mean sentiment</th></tr></thead>
<tbody>
{rows}</tbody></table></div>
</main>
</body>
</html>
"""


def _sign(stance: str) -> str:
    return _SIGNS.get(stance, "•")


def _name(name: str) -> str:
    return f'<td><bdi dir="auto">{escape(name)}</bdi></td>'


def _matrix(edges: Sequence[Edge], names: Sequence[str]) -> str:
    cells: dict[tuple[str, str], list[str]] = {}
    for e in edges:
        about = f"{e.source} → {e.target}: {e.stance.replace('_', ' ')}, {e.count}"
        mark = f'<span class="{escape(e.stance)}" title="{escape(about)}">{_sign(e.stance)}{e.count}</span>'
        cells.setdefault((e.source, e.target), []).append(mark)
    sources = [n for n in names if any(source == n for source, _ in cells)]
    targets = [n for n in names if any(target == n for _, target in cells)]
    head = "".join(f'<th scope="col"><span><bdi dir="auto">{escape(n)}</bdi></span></th>' for n in targets)
    body = "".join(
        f'<tr><th scope="row"><bdi dir="auto">{escape(source)}</bdi></th>'
        + "".join(f"<td>{' '.join(cells.get((source, target), []))}</td>" for target in targets)
        + "</tr>\n"
        for source in sources
    )
    return (
        f'<table class="matrix">\n<caption>The {len(names)} actors of most events</caption>\n'
        f'<thead><tr><th scope="col">from \\ to</th>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>'
    )
