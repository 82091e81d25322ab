"""Articles as files: the rows and documents that ``stance read`` writes and a server sends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import IO, Any

from stance.datasets import flat, write_delimited, write_jsonl
from stance.statements.article import Article

__all__ = ["ROW_FORMATS", "article_document", "article_rows", "write_articles"]

ROW_FORMATS = ("json", "jsonl", "csv")
"""Formats of :func:`write_articles`."""


def article_rows(name: str, article: Article, events: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a row for each statement, or each event.

    Parameters
    ----------
    name : str
        Of the article's file; the first column.
    article : Article
    events : bool, default False

    Yields
    ------
    dict of str to object
    """
    for row in article.events() if events else article:
        yield {"file": name, **row.to_dict()}


def article_document(name: str, article: Article, *parts: str) -> dict[str, Any]:
    """Return an article as plain data.

    Parameters
    ----------
    name : str
    article : Article
    *parts : {"statements", "events"}
        Which of them it holds.

    Returns
    -------
    dict of str to object
        ``file`` and the parts, each a list.

    Examples
    --------
    >>> import stance
    >>> article = stance.read("حذرت كندا.")
    >>> article_document("a.txt", article, "events")["file"]
    'a.txt'
    """
    document: dict[str, Any] = {"file": name}
    for part in parts:
        document[part] = [row.to_dict() for row in (article.events() if part == "events" else article)]
    return document


def write_articles(
    articles: Sequence[tuple[str, Article]], file: IO[str], file_format: str, *, events: bool = False
) -> None:
    """Write articles as one JSON document, JSON lines or CSV.

    Parameters
    ----------
    articles : sequence of (str, Article)
        With the names of their files.
    file : text file
    file_format : {"json", "jsonl", "csv"}
    events : bool, default False
        Whether to write events instead of statements.
    """
    if file_format == "json":
        part = "events" if events else "statements"
        document = [article_document(name, article, part) for name, article in articles]
        file.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        return
    rows = [row for name, article in articles for row in article_rows(name, article, events)]
    if file_format == "jsonl":
        write_jsonl(rows, file)
    else:
        write_delimited([flat(row) for row in rows], file, ",")
