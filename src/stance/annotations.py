"""Labels without texts: rows that name a sentence by its digest, and the way back to it.

Sentences of corpora that may be learned from but not copied are recorded by document id, SHA-256
and labels.  Whoever has the corpus can find the sentences again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from stance.datasets import Row
from stance.errors import DataError

__all__ = ["digest", "join", "record", "record_spans"]


def digest(text: str) -> str:
    """Return the SHA-256 of a sentence in UTF-8, as hexadecimal.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> digest("هدنة")[:8]
    'b374fa46'
    """
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def record(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Turn labelled rows into annotations without text.

    Parameters
    ----------
    rows : iterable of Row
        With the columns ``id``, ``source``, ``stances`` and ``sentiment``.

    Yields
    ------
    dict of str to object
        ``id``, ``corpus``, ``sha256``, ``stances``, ``sentiment``.
    """
    for row in rows:
        yield {**_source(row), "sentiment": row.fields["sentiment"]}


def _source(row: Row) -> dict[str, Any]:
    fields = row.fields
    return {
        "id": fields["id"],
        "corpus": fields["source"],
        "sha256": digest(row.text),
        "stances": fields["stances"],
    }


def record_spans(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Turn rows with speakers and recipients into annotations without text.

    Parameters
    ----------
    rows : iterable of Row
        With the columns ``id``, ``source``, ``stances``, ``speaker`` and ``recipient``, names as they
        stand in the text.

    Yields
    ------
    dict of str to object
        ``id``, ``corpus``, ``sha256``, ``stances``, ``speaker``, ``recipient``; names as spans.
    """
    for row in rows:
        fields = row.fields
        yield {
            **_source(row),
            "speaker": fields["speaker"]
            if fields["speaker"] in ("", "~")
            else _place(row, fields["speaker"]),
            "recipient": _place(row, fields["recipient"]) if fields["recipient"] else "",
        }


def _place(row: Row, name: str) -> list[int]:
    start = row.text.find(name)
    if start < 0:
        raise DataError(f"line {row.line}: {name!r} does not stand in the text; copy the name from it")
    return [start, start + len(name)]


def join(annotations: Iterable[Row], texts: Iterable[Row], name: str) -> list[Row]:
    """Find the sentences of annotations.

    Parameters
    ----------
    annotations : iterable of Row
        Their text is a digest.
    texts : iterable of Row
        The sentences of the corpus, in any order; more than needed is fine.
    name : str
        How errors call the corpus file.

    Returns
    -------
    list of Row
        The annotations, with the sentence as their text.

    Raises
    ------
    DataError
        If a sentence is missing.

    Examples
    --------
    >>> [row.text for row in join([Row(digest("هدنة"), 1)], [Row("هدنة", 1)], "corpus.txt")]
    ['هدنة']
    """
    known = {digest(row.text): row.text for row in texts}
    rows = list(annotations)
    missing = [r for r in rows if r.text not in known]
    if missing:
        raise DataError(
            f"{name} lacks {len(missing)} of the {len(rows)} recorded sentences, the first is "
            f"{missing[0].fields.get('id', missing[0].text)!r}; give the corpus file that was annotated"
        )
    return [Row(known[r.text], r.line, {**r.fields, "text": known[r.text]}) for r in rows]
