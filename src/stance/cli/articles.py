"""Files of articles as they are named on the command line: what is wrong with them, each read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from stance.cli.screen import counted
from stance.cli.shell import read_input
from stance.datasets import read_text
from stance.errors import DataError, EmptyError

__all__ = ["check_places", "doubts", "each_once", "joined", "listed", "problems"]

_HTML = re.compile(r"\s*<(!doctype|html|\?xml)\b", re.IGNORECASE)
_ARABIC = re.compile("[\u0621-\u064a]")
_TABLES = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".parquet", ".pq")
_ADVICE = "whose cells would be read as sentences; label its rows with stance label, or name an article .txt"
_LISTED = 5


def check_places(names: Iterable[str]) -> None:
    """Refuse files that are missing, folders or tables, before any is read.

    Parameters
    ----------
    names : iterable of str

    Raises
    ------
    DataError
        One sentence for all of them.
    """
    found = []
    for name in names:
        path = Path(name)
        if name != "-" and (path.is_dir() or not path.exists()):  # a pipe can be read only once
            try:
                read_text(name)
            except DataError as error:
                found.append((name, error))
        elif path.suffix.lower() in _TABLES:
            found.append((name, DataError(f"{name} is a table, {_ADVICE}")))
    if found:
        raise joined(found)


def problems(names: Sequence[str], encoding: str) -> Iterator[tuple[str, DataError]]:
    """Yield the files that cannot be read, and why; empty ones can, and standard input is left alone.

    Parameters
    ----------
    names : sequence of str
    encoding : str

    Yields
    ------
    name : str
    error : DataError
    """
    for name in names:
        try:
            if name != "-":
                read_input(name, encoding)
        except EmptyError:
            continue
        except DataError as error:
            yield name, error


def joined(found: Iterable[tuple[str, DataError]]) -> DataError:
    """Return the first of some errors, which names the files of the others, so that one failed run tells them all.

    Parameters
    ----------
    found : iterable of (str, DataError)
        Files and what is wrong with them.

    Returns
    -------
    DataError
    """
    (_, first), *others = found
    if not others:
        return first
    names = [name for name, _ in others]
    return type(first)(f"{first}; {counted(len(names), 'other file')} cannot be read either: {listed(names)}")


def each_once(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part names from those whose file was named before, however it was written.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    files : list of str
    again : list of str
    """
    keys = [name if name == "-" else Path(name).resolve() for name in names]
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    files = [name for place, name in enumerate(names) if first[keys[place]] == place]
    return files, [name for place, name in enumerate(names) if first[keys[place]] != place]


def listed(names: Sequence[str]) -> str:
    """Write names, of many only the first.

    Examples
    --------
    >>> listed(["a", "b"]), listed("abcdefg")
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def doubts(name: str, text: str) -> Iterator[str]:
    """Say what was hardly meant to be read as it stands.

    Parameters
    ----------
    name : str
    text : str

    Yields
    ------
    str
    """
    if _HTML.match(text):
        yield f"{name} is HTML and its tags were read as text; save the page as plain text"
    if not _ARABIC.search(text):
        yield f"{name} holds no Arabic letters, which stance is made for; is its --encoding right?"
