"""Sentences annotated with who speaks and to whom: what the reader learns from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stance.datasets.rows import Row
from stance.errors import DataError
from stance.labels import parse_stances

__all__ = ["AnnotatedSentence", "annotated"]


@dataclass(frozen=True)
class AnnotatedSentence:
    """A sentence with its speaker and recipient.

    Attributes
    ----------
    text : str
    stances : frozenset of str
    speaker : str or (int, int)
        The span of the name in `text`; ``"~"`` where it is a pronoun or left out; empty where nobody
        speaks.
    recipient : str, (int, int) or None
        The span of the recipient's name; empty where there is none; None where nobody looked.
    group : str
        The document; a row without an id is one of its own.
    continues : bool
        Whether the sentence begins inside a quotation of an earlier one.
    """

    text: str
    stances: frozenset[str]
    speaker: str | tuple[int, int]
    recipient: str | tuple[int, int] | None
    group: str = ""
    continues: bool = False


def annotated(rows: Iterable[Row], name: str) -> Iterator[AnnotatedSentence]:
    """Read the columns ``stances``, ``speaker`` and ``recipient`` of rows.

    Parameters
    ----------
    rows : iterable of Row
        A speaker is a name as it stands in the text, a span ``[start, end]``, ``"~"`` or empty; a
        recipient a name, a span or empty; ``continues`` is true where a sentence begins inside a quotation of an earlier one.
    name : str
        How errors call the file.

    Yields
    ------
    AnnotatedSentence

    Raises
    ------
    DataError
        If a column is missing, a stance is unknown, a name or span is not in the text, or `continues` is not true or false.

    Examples
    --------
    >>> fields = {"stances": ["warning"], "speaker": "موسكو", "recipient": ""}
    >>> next(annotated([Row("حذرت موسكو من كارثة", 1, fields)], "rows.jsonl")).speaker
    (5, 10)
    """
    for row in rows:
        missing = [c for c in ("stances", "speaker") if c not in row.fields]
        if missing:
            raise DataError(
                f"{name}, line {row.line}: there is no column {missing[0]!r}; the reader learns from rows "
                "with the columns text, stances, speaker and recipient"
            )
        where, speaker, recipient = (
            f"{name}, line {row.line}",
            row.fields["speaker"],
            row.fields.get("recipient"),
        )
        try:
            stances = frozenset(parse_stances(row.fields["stances"]))
        except (DataError, TypeError) as error:
            raise DataError(f"{where}: {error}") from None
        yield AnnotatedSentence(
            row.text,
            stances,
            speaker if speaker in ("", "~") else _span(row, speaker, where),
            _span(row, recipient, where) if recipient else recipient,
            row.document(name),
            _continues(row, where),
        )


def _continues(row: Row, where: str) -> bool:
    given = row.fields.get("continues", False)
    if not isinstance(given, bool):
        raise DataError(f"{where}: continues must be true or false, got {given!r}")
    return given


def _span(row: Row, given: Any, where: str) -> tuple[int, int]:
    if isinstance(given, str):
        start = row.text.find(given)
        if start < 0:
            raise DataError(f"{where}: {given!r} does not stand in the text; copy the name from it")
        return start, start + len(given)
    if (
        isinstance(given, list)
        and len(given) == 2
        and all(type(k) is int for k in given)
        and 0 <= given[0] < given[1] <= len(row.text)
    ):
        return given[0], given[1]
    raise DataError(f"{where}: a name or its span [start, end] in the text is wanted, got {given!r}")
