"""What charts are drawn of: a figure with words for those who do not see it, text, patterns."""

from __future__ import annotations

from stance.pages.looks import Look
from stance.pages.markup import direction, plain, said, scrolling

__all__ = ["LABELS", "Words", "figure", "label_at", "patterns", "row_head", "tile", "write"]

Words = tuple[str, str]
"""The same in Arabic and in English."""

LABELS = 190
"""Room for names at the right of a chart."""
_LONGEST = 24
_LANGUAGES = ("ar", "en")
_LINES = {
    "k1": "M0 0h6",
    "k2": "M0 6L6 0M-1 1L1 -1M5 7L7 5",
    "k3": "M0 0v6",
    "k4": "M0 0L6 6M-1 5L1 7M5 -1L7 1",
    "k5": "M0 0h6M0 0v6",
    "k6": "M0 3h3",
    "k7": "M0 0h3v3h-3z",
}
"""The pattern of each colour, in a tile of six by six."""


def patterns() -> str:
    """Write the patterns that all charts of a page use."""
    found = "".join(
        f'<pattern id="p-{css}" class="{css}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect class="ground" width="6" height="6"/><path class="line" d="{path}"/></pattern>'
        for css, path in _LINES.items()
    )
    return f'<svg class="vh" width="0" height="0" aria-hidden="true"><defs>{found}</defs></svg>'


def figure(uid: str, title: Words, about: Words, width: float, height: float, body: str) -> str:
    """Write a chart.

    Parameters
    ----------
    uid : str
        Of the page's ids one that no other figure has.
    title, about : (str, str)
        What it is, and what it shows, in words of both languages, each marked as its own.
    width, height : float
    body : str
        SVG.

    Returns
    -------
    str
    """
    words = "".join(
        f'<{tag} id="{uid}-{tag}-{language}" lang="{language}">{plain(text)}</{tag}>'
        for tag, texts in (("title", title), ("desc", about))
        for language, text in zip(_LANGUAGES, texts, strict=True)
    )
    told = " ".join(f"{uid}-{tag}-{language}" for language in _LANGUAGES for tag in ("title", "desc"))
    return scrolling(
        said(*title),
        f'<svg class="chart" role="img" aria-labelledby="{told}" direction="ltr" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}">{words}{body}</svg>',
    )


def write(x: float, y: float, text: str, anchor: str = "middle", css: str = "") -> str:
    """Write text; `anchor` is the edge that is at `x`: left, middle or right, whatever its direction."""
    runs = direction(text)
    edge = anchor if anchor == "middle" else "start" if (anchor == "left") == (runs == "ltr") else "end"
    kind = f' class="{css}"' if css else ""
    return f'<text{kind} x="{x:g}" y="{y:g}" text-anchor="{edge}" direction="{runs}" unicode-bidi="isolate">{plain(text)}</text>'


def label_at(x: float, y: float, text: str, turned: bool = False) -> str:
    """Write a name from `x` on, shortened if it is long; whole on hovering."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    turn = f' transform="rotate(-45 {x:g} {y:g})"' if turned else ""
    return f"<g{turn}><title>{plain(text)}</title>{write(x, y, short, 'left')}</g>"


def row_head(y: float, shown: Look, x: float) -> str:
    """Write the name of a row in both languages, with its sign."""
    first = write(x, y, f"{shown.sign} {shown.arabic}", "left")
    second = f'<g lang="en">{write(x, y + 15, shown.english, "left", "small")}</g>' if shown.english else ""
    return first + second


def tile(
    x: float, y: float, width: float, height: float, shown: Look, about: str, filled: bool = True
) -> str:
    """Draw a rectangle in a label's colour and pattern, or only its outline."""
    fill = f"url(#p-{shown.css})" if filled and shown.css in _LINES else "none"
    return (
        f'<rect class="tile {shown.css}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}">'
        f"<title>{plain(about)}</title></rect>"
    )
