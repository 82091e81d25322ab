"""The text files of a model folder: lines of names, and the lexicon."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from stance.errors import DataError, ModelIntegrityError
from stance.lexicon import Lexicon, parse_lexicon
from stance.model.plain import shown

__all__ = ["MAX_NAMES", "Lines", "decode_file", "read_lexicon", "read_lines"]

MAX_NAMES = 5_000_000
"""Lines of a file: the model installed with the package has 100,000."""
_MAX_CLASSES = 255
"""Of the lexicon: pairs of classes are numbered, and there is room for all of them."""
_MAX_SHARED = 64
"""Words of terms that one form may belong to; 6 in the lexicon installed with the package."""


def decode_file(data: bytes, path: Path) -> str:
    """Decode a file of a folder.

    Parameters
    ----------
    data : bytes
    path : pathlib.Path
        How errors call it.

    Returns
    -------
    str

    Raises
    ------
    ModelIntegrityError
        If it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelIntegrityError(f"{path} is not UTF-8 (byte {error.start}); get the folder anew") from None


def read_lines(data: bytes, path: Path) -> list[str]:
    """Split a file of names into its lines.

    Parameters
    ----------
    data : bytes
    path : pathlib.Path
        How errors call it.

    Returns
    -------
    list of str

    Raises
    ------
    ModelIntegrityError
        If it is not UTF-8, has too many lines, or the last line has no end.
    """
    if data.count(b"\n") > MAX_NAMES:
        raise ModelIntegrityError(f"{path} has more than {MAX_NAMES} lines; it is not of a stance model")
    names = decode_file(data, path).split("\n")
    if names.pop() != "":
        raise ModelIntegrityError(f"{path} does not end with a newline: truncated; get the folder anew")
    return names


def read_lexicon(data: bytes, path: Path) -> Lexicon:
    """Read the lexicon of a model.

    Parameters
    ----------
    data : bytes
    path : pathlib.Path
        How errors call it.

    Returns
    -------
    Lexicon

    Raises
    ------
    ModelIntegrityError
        If it is no lexicon, or one that would make prediction slow.
    """
    try:
        lexicon = Lexicon(parse_lexicon(decode_file(data, path), str(path)))
    except DataError as error:
        raise ModelIntegrityError(f"{shown(error)}; get the folder anew") from None
    if len(lexicon.classes) > _MAX_CLASSES:
        raise ModelIntegrityError(
            f"{path} has {len(lexicon.classes)} classes, and at most {_MAX_CLASSES} are wanted"
        )
    if max(map(len, lexicon.forms.values()), default=0) > _MAX_SHARED or (
        max(map(len, lexicon.exact_forms.values()), default=0) > _MAX_SHARED
    ):
        raise ModelIntegrityError(
            f"{path} has a word that more than {_MAX_SHARED} words of its terms stand for"
        )
    return lexicon


class Lines(Sequence[str]):
    """Strings held as one: a hundred thousand of their own take ten times the memory.

    Parameters
    ----------
    lines : sequence of str
        Without line feeds.

    Examples
    --------
    >>> lines = Lines(["w=هدنة", "w=لا"])
    >>> len(lines), lines[1], list(lines)
    (2, 'w=لا', ['w=هدنة', 'w=لا'])
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._text = "\n".join(lines)
        self._ends = array("L", accumulate((len(line) + 1 for line in lines), initial=0))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        return self._text[self._ends[place] : self._ends[place + 1] - 1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._text.split("\n") if len(self) else ())
