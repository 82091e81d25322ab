"""Articles as files: the rows and documents that ``stance read`` writes and a server sends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from stance.datasets import flat, write_delimited, write_jsonl
from stance.labels import UNSURE
from stance.statements.article import Article, ColumnKind, statement_columns
from stance.statements.events import event_columns

__all__ = [
    "ROW_FORMATS",
    "article_columns",
    "article_document",
    "article_rows",
    "cell_columns",
    "row_cells",
    "write_articles",
    "write_cells",
    "write_json",
]

ROW_FORMATS = ("json", "jsonl", "csv")
"""Formats of :func:`write_articles`."""
_PLACES = ("speaker_span", "recipient_span", "cue", "content")


def article_columns(
    stances: Sequence[str] = (),
    sentiments: Sequence[str] = (),
    *,
    events: bool = False,
    abstain: bool = False,
) -> dict[str, ColumnKind]:
    """Return names and kinds of the values of :func:`article_rows`, in their order.

    Parameters
    ----------
    stances, sentiments : sequence of str, optional
        Labels of the model.
    events : bool, default False
    abstain : bool, default False
        Whether the model might abstain.

    Returns
    -------
    dict of str to ColumnKind
    """
    statements = statement_columns(stances, sentiments, abstain=abstain)
    return {"file": str, **(event_columns() if events else statements)}


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
    articles: Iterable[tuple[str, Article]],
    file: IO[str],
    file_format: str,
    *,
    columns: Mapping[str, ColumnKind],
    events: bool = False,
) -> None:
    """Write articles as one JSON document, JSON lines or CSV, each as it comes.

    Parameters
    ----------
    articles : iterable of (str, Article)
        With the names of their files.  Nothing is written before the first has come; none is kept.
    file : text file
        Flushed after each article.
    file_format : {"json", "jsonl", "csv"}
    columns : mapping of str to ColumnKind
        Those of CSV without rows, as :func:`article_columns` names them.
    events : bool, default False
        Whether to write events instead of statements.
    """
    if file_format == "json":
        write_json(_documents(articles, file, "events" if events else "statements"), file)
        return
    rows = _rows(articles, file, events)
    if file_format == "jsonl":
        write_jsonl(rows, file)
    else:
        write_cells(rows, file, ",", columns)


def _documents(articles: Iterable[tuple[str, Article]], file: IO[str], part: str) -> Iterator[dict[str, Any]]:
    for name, article in articles:
        yield article_document(name, article, part)
        file.flush()


def _rows(articles: Iterable[tuple[str, Article]], file: IO[str], events: bool) -> Iterator[dict[str, Any]]:
    for name, article in articles:
        yield from article_rows(name, article, events)
        file.flush()


def cell_columns(columns: Mapping[str, ColumnKind]) -> dict[str, type]:
    """Return the columns of :func:`row_cells` and what their cells hold.

    Parameters
    ----------
    columns : mapping of str to ColumnKind

    Returns
    -------
    dict of str to type

    Examples
    --------
    >>> cell_columns({"cue": [int], "probabilities": {"warning": float}})
    {'cue': <class 'str'>, 'p_warning': <class 'float'>}
    """
    found: dict[str, type] = {}
    for name, kind in columns.items():
        if name == UNSURE:  # the cell of stances says so
            continue
        if isinstance(kind, Mapping):
            found.update((f"p_{label}", float) for label in kind)
        else:
            found[name] = kind if isinstance(kind, type) else str
    return found


def row_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give every value of a statement or an event a cell.

    Parameters
    ----------
    row : mapping of str to object

    Returns
    -------
    dict of str to object
        As :func:`stance.datasets.flat` makes it; places as ``12-34``, several with blanks between; the stances of what
        is unsure are ``unsure``, as in :meth:`stance.Predictor.predict_frame`.

    Examples
    --------
    >>> row_cells({"stances": ["warning"], "cue": [0, 4], "speaker_span": None, "content": [[5, 9], [12, 34]]})
    {'stances': 'warning', 'cue': '0-4', 'speaker_span': '', 'content': '5-9 12-34'}
    >>> row_cells({"stances": [], "unsure": True})
    {'stances': 'unsure'}
    """
    cells = flat({k: _place_cell(v) if k in _PLACES else v for k, v in row.items() if k != UNSURE})
    return {**cells, "stances": UNSURE} if row.get(UNSURE) else cells


def _place_cell(value: list[Any] | None) -> str:
    if not value:
        return ""
    places = value if isinstance(value[0], list) else [value]
    return " ".join(f"{start}-{end}" for start, end in places)


def write_json(values: Iterable[Any], file: IO[str]) -> None:
    """Write a JSON array, each element as it comes.

    Parameters
    ----------
    values : iterable
    file : text file
        It gets what ``json.dumps(list(values), ensure_ascii=False, indent=1)`` returns, and a newline.
    """
    before = "["
    for value in values:
        # breaks of lines within strings are escaped, so these are only those of the layout
        element = json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n ")
        file.write(f"{before}\n {element}")
        before = ","
    file.write("[]\n" if before == "[" else "\n]\n")


def write_cells(
    rows: Iterable[Mapping[str, Any]], file: IO[str], delimiter: str, columns: Mapping[str, ColumnKind]
) -> None:
    """Write rows with a header, each as it comes.

    Parameters
    ----------
    rows : iterable of mapping
        All with the same keys.
    file : text file
        It gets cells as :func:`row_cells` makes them.
    delimiter : str
    columns : mapping of str to ColumnKind
        The columns where there are no rows.
    """
    write_delimited(map(row_cells, rows), file, delimiter, list(cell_columns(columns)))
