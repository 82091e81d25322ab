"""The nearest of what is known to a name that is not, for errors that suggest it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from pathlib import Path

__all__ = ["did_you_mean", "near_file", "nearest"]

_ENTRIES = 2_000
"""So many names of a folder are looked at: an archive may hold millions."""


def nearest(given: str, known: Iterable[str]) -> str:
    """Return the known name that is meant by one that is not known, or nothing.

    Parameters
    ----------
    given : str
    known : iterable of str

    Returns
    -------
    str
        Empty where none is near: the same but for case and dashes, or alike by :mod:`difflib`, or the only
        one that holds what was given.

    Examples
    --------
    >>> nearest("staement", ["id", "statement"]), nearest("Text", ["text"]), nearest("x", ["text"])
    ('statement', 'text', '')
    >>> nearest("ceasefire", ["supportive", "calling_for_ceasefire"])
    'calling_for_ceasefire'
    """
    return _nearest(given, tuple(known))


@lru_cache(256)
def _nearest(given: str, known: tuple[str, ...]) -> str:
    # remembered, for a million rows may lack the same column
    from difflib import get_close_matches  # noqa: PLC0415  # wanted only where something is wrong

    wanted = _folded(given)
    names = {_folded(name): name for name in reversed(known)}
    if found := get_close_matches(wanted, names, 1):
        return names[found[0]]
    holding = [name for folded, name in names.items() if len(wanted) > 3 and wanted in folded]
    return holding[0] if len(holding) == 1 else ""


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return the suggestion that a message about an unknown name carries behind it.

    Parameters
    ----------
    given : str
    known : iterable of str

    Returns
    -------
    str
        Empty where no known name is near.

    Examples
    --------
    >>> did_you_mean("jsnol", ["csv", "jsonl"])
    " (did you mean 'jsonl'?)"
    """
    found = nearest(given, known)
    return f" (did you mean {found!r}?)" if found and found != given else ""


def near_file(path: str | os.PathLike[str], folders: bool = False) -> str:
    """Return the suggestion for a file or folder that is not there, from the names beside it or its folder.

    Parameters
    ----------
    path : path-like
    folders : bool, default False
        Whether a folder is wanted.

    Returns
    -------
    str
        As :func:`did_you_mean`.
    """
    missing, rest = Path(path), Path()
    while not missing.parent.is_dir() and missing.parent != missing:
        missing, rest = missing.parent, missing.name / rest
    try:
        with os.scandir(missing.parent) as entries:
            names = [e.name for e in islice(entries, _ENTRIES) if not folders or e.is_dir()]
    except OSError:
        return ""
    found = nearest(missing.name, sorted(names))
    if not found or found == missing.name:
        return ""
    place = missing.with_name(found)
    whole = place / rest
    return f" (did you mean {str(whole if whole.exists() else place)!r}?)"
