"""Text as HTML: escaped, directions kept apart, the whole page's frame."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from importlib import resources

__all__ = ["both", "direction", "document", "ltr", "mixed", "name", "plain", "resource", "said", "scrolling"]

_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
"""Controls and halves of characters: no HTML holds them."""
_WORD = "[A-Za-z0-9\u00c0-\u024f]"
_FOREIGN = re.compile(
    r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"  # an ISO date
    r"|(?<!\d)\d{1,3}(?: \d{3}(?!\d))++"  # digits in groups
    rf"|\d*[A-Za-z\u00c0-\u024f]{_WORD}*+(?:[ ./:@_&+?=#%'\u2019-]{{1,3}}{_WORD}++)*+"  # Latin words, addresses
    r"|\d++(?:[.,:/]\d++)*+"  # numbers
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FIRST_STRONG = re.compile(f"({_RIGHT_TO_LEFT.pattern})|[A-Za-z\u00c0-\u024f]")


def plain(text: str) -> str:
    """Escape text for content and attributes.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> plain('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(_BAD.sub("\ufffd", text))


def mixed(text: str) -> str:
    """Escape Arabic text and isolate the Latin words and the numbers in it.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> mixed("في 2026-03-01 قال")
    'في <bdi dir="ltr">2026-03-01</bdi> قال'
    """
    parts, at = [], 0
    for found in _FOREIGN.finditer(text):
        parts += [plain(text[at : found.start()]), ltr(found.group())]
        at = found.end()
    return "".join([*parts, plain(text[at:])])


def ltr(text: str) -> str:
    """Isolate text that runs from left to right: a number, a code."""
    return f'<bdi dir="ltr">{plain(text)}</bdi>'


def name(text: str) -> str:
    """Isolate a name whose direction is its own; beside Arabic words dates and Latin words keep theirs.

    Examples
    --------
    >>> name("talks.txt"), name("قمة 2026-02-11")
    ('<bdi dir="auto">talks.txt</bdi>', '<bdi dir="auto">قمة <bdi dir="ltr">2026-02-11</bdi></bdi>')
    """
    return f'<bdi dir="auto">{mixed(text) if _RIGHT_TO_LEFT.search(text) else plain(text)}</bdi>'


def both(arabic: str, english: str) -> str:
    """Write a label of the page in Arabic with the English beside it."""
    return f'{mixed(arabic)} <bdi class="en" lang="en" dir="ltr">{plain(english)}</bdi>'


def said(arabic: str, english: str) -> str:
    """Put a label of the page in both languages where no markup can tell them apart, as in attributes."""
    return f"{arabic} · {english}"


def direction(text: str) -> str:
    """Return ``"rtl"`` or ``"ltr"``, by the first letter that has a direction.

    Examples
    --------
    >>> direction("3 دول"), direction("NATO")
    ('rtl', 'ltr')
    """
    found = _FIRST_STRONG.search(text)
    return "rtl" if found and found.group(1) else "ltr"


def scrolling(about: str, inside: str) -> str:
    """Put what may be wider than the screen in a box that scrolls, by keyboard too."""
    return f'<div class="wide" tabindex="0" role="group" aria-label="{plain(about)}">{inside}</div>'


@cache
def resource(file: str) -> str:
    """Return a style sheet or a script of this package."""
    return resources.files("stance.pages").joinpath(file).read_text(encoding="utf-8")


def document(title: str, body: str, language: str, style: str, script: str = "") -> str:
    """Write a page that loads nothing and runs no script but its own.

    Parameters
    ----------
    title : str
    body : str
        HTML.
    language : str
        ``"ar"``, which runs from right to left, or ``"en"``.
    style, script : str
        Style sheet and script; the policy of the page names their digests.

    Returns
    -------
    str
    """
    policy = f"default-src 'none'; style-src '{_digest(style)}'"
    if script:
        policy += f"; script-src '{_digest(script)}'"
    policy += "; base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{plain(title)}</title>
<style>{style}</style>
</head>
<body>
{body}
{f"<script>{script}</script>" if script else ""}
</body>
</html>
"""


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
