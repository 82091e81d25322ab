"""The pages: one to paste an article into, one that describes the interface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from stance.pages.markup import plain, resource
from stance.server.limits import Limits
from stance.server.words import LANGUAGES, WORDS

__all__ = ["POLICY", "STATIC", "docs_page", "index_page", "language_of", "static_file"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the pages may load and run: the style sheet and the script of this server."""
STATIC = {"app.css": "text/css", "app.js": "text/javascript"}
_MESSAGES = ("busy", "done", "empty", "long", "binary", "cp1256", "overloaded", "deadline_exceeded", "unreachable", "failed")  # fmt: skip


@cache
def static_file(name: str) -> str:
    """Return a style sheet or a script; the former begins with that of reports."""
    own = resources.files("stance.server").joinpath(name).read_text(encoding="utf-8")
    if name != "app.css":
        return own
    return "".join(map(resource, ("base.css", "page.css", "report.css"))) + own


def language_of(asked: str | None, headers: Mapping[str, str]) -> str:
    """Choose the language of a page: the one asked for, else the first that the browser names.

    Parameters
    ----------
    asked : str, optional
        From the address.
    headers : mapping of str to str

    Returns
    -------
    str
        ``"ar"`` or ``"en"``.

    Examples
    --------
    >>> language_of(None, {"accept-language": "de, en-GB;q=0.8"}), language_of(None, {})
    ('en', 'ar')
    """
    if asked in LANGUAGES:
        return str(asked)
    named = (part.strip()[:2].lower() for part in headers.get("accept-language", "").split(","))
    return next((name for name in named if name in LANGUAGES), "ar")


def index_page(language: str, limits: Limits) -> str:
    """Write the page to paste an article into.

    Parameters
    ----------
    language : {"ar", "en"}
    limits : Limits

    Returns
    -------
    str
        HTML; the script finds its messages in it, so that they change with its language.
    """
    number = list(LANGUAGES).index(language)
    characters = f"{limits.characters:,}"
    said = {name: plain(both[number].format(characters=characters)) for name, both in WORDS.items()}
    other = next(name for name in LANGUAGES if name != language)
    messages = "".join(f'<span data-t="{name}">{said[name]}</span>' for name in _MESSAGES)
    saves = "".join(
        f'<button type="button" data-format="{name}"><bdi lang="en">{name.upper()}</bdi></button>'
        for name in ("json", "csv", "html")
    )
    body = f"""<header>
<h1 data-t="title">{said["title"]}</h1>
<nav><a id="language" data-t="other" href="?lang={other}" hreflang="{other}" lang="{other}" dir="{LANGUAGES[other]}">{said["other"]}</a>
<a data-t="docs" href="docs" hreflang="en">{said["docs"]}</a></nav>
</header>
<main class="stance-view">
<p data-t="about">{said["about"]}</p>
<noscript><p data-t="noscript">{said["noscript"]}</p></noscript>
<form id="form">
<label for="text" data-t="text">{said["text"]}</label>
<textarea id="text" lang="ar" dir="auto" rows="10" spellcheck="false" aria-describedby="hint" data-most="{limits.characters}"></textarea>
<p id="hint" class="note" data-t="hint">{said["hint"]}</p>
<div class="row"><button id="go" type="submit" data-t="label">{said["label"]}</button>
<span><input id="file" class="vh" type="file" accept=".txt,text/plain"><label for="file" class="button" data-t="open">{said["open"]}</label></span>
<bdi id="name" dir="auto"></bdi></div>
</form>
<p id="status" role="status"></p>
<p id="problem" role="alert"></p>
<section id="result" tabindex="-1" aria-labelledby="result-t" hidden>
<h2 id="result-t" data-t="result">{said["result"]}</h2>
<div id="saves" class="row" role="group" aria-labelledby="saves-t"><span id="saves-t" data-t="download">{said["download"]}</span>{saves}</div>
<div id="inside"></div>
</section>
<div id="messages" hidden>{messages}</div>
</main>
<script src="static/app.js"></script>"""
    return _frame(language, said["title"], body)


def _frame(language: str, title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="{language}" dir="{LANGUAGES[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="static/app.css">
</head>
<body>
{body}
</body>
</html>
"""


def docs_page(document: Mapping[str, Any]) -> str:
    """Write the interface's description for people.

    Parameters
    ----------
    document : mapping
        As :func:`stance.server.openapi.openapi` returns it.

    Returns
    -------
    str
        HTML.
    """
    about = document["info"]
    parts = [
        _operation(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = "".join(_schema(name, schema) for name, schema in document["components"]["schemas"].items())
    body = f"""<main class="docs">
<h1>{plain(about["title"])} {plain(about["version"])}</h1>
<p>{plain(about["description"])} The same for programs: <a href="openapi.json">openapi.json</a>.</p>
{"".join(parts)}
<h2>Schemas</h2>
{schemas}</main>"""
    return _frame("en", f"{plain(about['title'])}: interface", body)


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    head = f"<h2><code>{method.upper()} {plain(path)}</code></h2><p>{plain(operation['summary'])}.</p>"
    if method == "get":
        return head
    content = operation["requestBody"]["content"]["application/json"]
    body = json.dumps(content["example"], ensure_ascii=False)
    call = f"curl -H 'Content-Type: application/json' -d '{body}' http://127.0.0.1:8000{path}"
    rows = "".join(
        f"<tr><th scope='row'>{plain(status)}</th><td>{plain(given['description'])}</td></tr>"
        for status, given in operation["responses"].items()
    )
    return f"""{head}
{_code("Example of " + path, call)}
{_schema("Body of " + path, content["schema"])}
<table><caption>Answers</caption><thead><tr><th scope="col">status</th><th scope="col">meaning</th></tr></thead>
<tbody>{rows}</tbody></table>"""


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    text = json.dumps(schema, ensure_ascii=False, indent=1)
    return f"<details><summary>{plain(name)}</summary>{_code(name, text)}</details>"


def _code(name: str, text: str) -> str:
    return f'<pre tabindex="0" role="region" aria-label="{plain(name)}"><code><bdi>{plain(text)}</bdi></code></pre>'
