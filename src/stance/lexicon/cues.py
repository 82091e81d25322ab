"""Rows of the lexicon: a class, a term and a note: what it means, or where it was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stance.errors import DataError
from stance.text import normalize

__all__ = ["MAX_WORDS", "Cue", "format_lexicon", "parse_lexicon"]

MAX_WORDS = 6
"""Words that a term may have."""
_MAX_LETTERS = 128
"""Letters that a word of a term may have, marks included: of a text's words, 64 normal letters are looked at."""


class Cue(NamedTuple):
    """One row of the lexicon: `cue_class`, `term` as written, `note`."""

    cue_class: str
    term: str
    note: str


def parse_lexicon(text: str, name: str = "lexicon") -> list[Cue]:
    r"""Read the rows of a lexicon: TSV with the header ``class term note``.

    Parameters
    ----------
    text : str
        The file's content; blank lines and lines that begin with ``#`` are passed over.
    name : str
        How errors call the file.

    Returns
    -------
    list of Cue

    Raises
    ------
    DataError
        If the header or a row is malformed; the message names the line.

    Examples
    --------
    >>> parse_lexicon("class\tterm\tnote\ntruce\tهدنة\ttruce\n")
    [Cue(cue_class='truce', term='هدنة', note='truce')]
    """
    cues: list[Cue] = []
    header = False
    for number, line in enumerate(text.split("\n"), 1):
        row = line.removesuffix("\r").split("\t")
        if row == [""] or row[0].startswith("#"):
            continue
        if not header:
            if row != ["class", "term", "note"]:
                raise DataError(
                    f"{name}, line {number}: the header must be 'class', 'term', 'note', got {line[:80]!r}"
                )
            header = True
            continue
        if len(row) != 3 or not row[0] or not row[1].strip():
            raise DataError(f"{name}, line {number}: three filled columns are wanted, got {line[:80]!r}")
        _check_term(row[1], f"{name}, line {number}")
        cues.append(Cue(*row))
    if not cues:
        raise DataError(f"{name}: no terms found; give rows of class, term and note below that header")
    return cues


def format_lexicon(cues: Sequence[Cue]) -> str:
    """Write rows as :func:`parse_lexicon` reads them.

    Parameters
    ----------
    cues : sequence of Cue

    Returns
    -------
    str
    """
    return "".join("\t".join(row) + "\n" for row in [Cue("class", "term", "note"), *cues])


def _check_term(term: str, where: str) -> None:
    parts = term.split()
    if len(parts) > MAX_WORDS:
        raise DataError(f"{where}: a term has at most {MAX_WORDS} words, got {term[:80]!r}")
    for part in parts:
        if len(part) > _MAX_LETTERS:
            raise DataError(f"{where}: a word has at most {_MAX_LETTERS} letters, got {part[:80]!r}")
        if part[0] == "{":
            if len(parts) == 1 or part[-1] != "}":
                raise DataError(
                    f"{where}: any word of a class is written '{{class}}', in terms of several words, got {part!r}"
                )
            continue
        past, slash, present = part.partition("/")
        bare = normalize(part.removeprefix("="))
        if slash and not (
            len(normalize(past)) > 1
            and len(normalize(present)) > 1
            and normalize(present).startswith("ي")
            and "/" not in present
        ):
            raise DataError(f"{where}: a verb is written 'past/present' as in 'دعا/يدعو', got {part!r}")
        if not slash and (not bare or " " in bare or "=" in bare):
            raise DataError(f"{where}: {part!r} is not a word")
