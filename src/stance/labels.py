"""The labels: stances and sentiments, in the one order used everywhere.

The meaning of each label is defined in ``docs/labels.md``.  "Stance" is a speech act in the
sense of CAMEO and PLOVER, not favour or opposition toward a given target.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stance.errors import DataError
from stance.hints import did_you_mean

__all__ = [
    "MAX_LABELS",
    "NONE",
    "OWN_LABELS",
    "SENTIMENTS",
    "STANCES",
    "UNSURE",
    "Labels",
    "are_own",
    "check_texts",
    "column_nouns",
    "name_problem",
    "parse_stances",
    "split_labels",
]

STANCES: tuple[str, ...] = ("supportive", "warning", "calling_for_ceasefire")
SENTIMENTS: tuple[str, ...] = ("negative", "neutral", "positive")
MAX_LABELS = 64
"""Of a model, of each kind."""
_LONGEST = 200
NONE = "none"
UNSURE = "unsure"


class Labels(NamedTuple):
    """The labels of a model, in the order of its outputs; either kind may be missing.

    Attributes
    ----------
    stances : tuple of str
        Labels of which several or none may hold.
    sentiments : tuple of str
        Labels of which exactly one holds.
    """

    stances: tuple[str, ...] = STANCES
    sentiments: tuple[str, ...] = SENTIMENTS


OWN_LABELS = Labels()


def name_problem(name: str) -> str:
    """Say why a label or a model cannot be called so; names are written into tables and onto screens.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        Empty where it can.

    Examples
    --------
    >>> name_problem("sport"), name_problem("")
    ('', 'a name has 1 to 200 characters')
    """
    if not 0 < len(name) <= _LONGEST:
        return f"a name has 1 to {_LONGEST} characters"
    if any(unicodedata.category(c) == "Cc" for c in name):
        return "a name has no control characters, such as line ends"
    return ""


def split_labels(value: str | Iterable[str] | None) -> list[str]:
    """Read a field of several labels as it stands: a list, or ``"a|b"``, or ``"none"``, or nothing.

    Parameters
    ----------
    value : str, iterable of str, or None

    Returns
    -------
    list of str
        Without spaces around them, and without ``"none"``.

    Examples
    --------
    >>> split_labels("economy | sport, arts"), split_labels("none")
    (['economy', 'sport, arts'], [])
    """
    if value is None:
        return []
    names = value.split("|") if isinstance(value, str) else list(value)
    stripped = [name.strip() if isinstance(name, str) else name for name in names]
    return [name for name in stripped if name not in ("", NONE)]


def parse_stances(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """Read a stance field: a list, or ``"a|b"`` (or ``"a, b"``), or ``"none"``, or nothing.

    Parameters
    ----------
    value : str, iterable of str, or None
        The field as it stands in a row.

    Returns
    -------
    tuple of str
        The stances in the order of :data:`STANCES`, each once; empty for none.

    Raises
    ------
    DataError
        If a name is not one of :data:`STANCES` or ``"none"``.

    Examples
    --------
    >>> parse_stances("warning|supportive")
    ('supportive', 'warning')
    >>> parse_stances("none")
    ()
    """
    if isinstance(value, str):
        value = value.replace(",", "|")  # the names of stances have none
    found = set(split_labels(value))
    for label in found:
        if label not in STANCES:
            raise DataError(
                f"the stance {label!r} is unknown{did_you_mean(label, STANCES)}; use {', '.join(STANCES)}, several joined by '|', or '{NONE}'"
            )
    return tuple(s for s in STANCES if s in found)


def are_own(stances: Sequence[str], sentiments: Sequence[str]) -> bool:
    """Tell whether labels are those of this project, both kinds or one of them.

    Parameters
    ----------
    stances, sentiments : sequence of str
        As they are measured; one kind may be missing.

    Returns
    -------
    bool

    Examples
    --------
    >>> are_own(STANCES, ()), are_own((), ("economy", "sport")), are_own((), ())
    (True, False, False)
    """
    found = Labels(tuple(stances) or STANCES, tuple(sentiments) or SENTIMENTS)
    return bool(stances or sentiments) and found == OWN_LABELS


def column_nouns(stances: Sequence[str], sentiments: Sequence[str]) -> tuple[str, str]:
    """Return what columns of files call labels of which several hold, and labels of which one does.

    Parameters
    ----------
    stances, sentiments : sequence of str
        The labels of a model.

    Returns
    -------
    several, one : str

    Examples
    --------
    >>> column_nouns(STANCES, SENTIMENTS), column_nouns((), ("economy", "sport"))
    (('stances', 'sentiment'), ('labels', 'label'))
    """
    own = Labels(tuple(stances), tuple(sentiments)) == OWN_LABELS
    return ("stances", "sentiment") if own else ("labels", "label")


_MISSING = frozenset({"NoneType", "float", "NAType", "NaTType"})
"""Types of what stands for a missing cell; NaN is a float."""


def check_texts(texts: object, name: str = "texts") -> list[str]:
    """Return `texts` as a list of str, refusing a bare str and anything that is not text.

    Parameters
    ----------
    texts : iterable of str
        Any iterable, a generator or an array too.
    name : str
        How errors call it.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        If `texts` is a str or bytes, is not iterable, or holds something that is not a str.

    Examples
    --------
    >>> check_texts("نص")
    Traceback (most recent call last):
        ...
    TypeError: a list of texts is wanted, got one str; pass [text] for a single text
    """
    if isinstance(texts, (str, bytes)):
        raise TypeError(
            f"a list of texts is wanted, got one {type(texts).__name__}; pass [text] for a single text"
        )
    if not isinstance(texts, Iterable):
        raise TypeError(f"a list of texts is wanted, got {type(texts).__name__}; pass a list of str")
    if getattr(texts, "ndim", 1) != 1:  # a table would be read as the names of its columns
        raise TypeError(
            f"a list of texts is wanted, got a {type(texts).__name__} of {texts.ndim} dimensions; "  # type: ignore[attr-defined]  # it has them
            "pass its column of texts, in a ColumnTransformer by its name without brackets"
        )
    result = list(texts)
    if set(map(type, result)) <= {str}:  # as nearly always, and at a tenth of the time
        return result
    for i, text in enumerate(result):
        if not isinstance(text, str):
            kind = type(text).__name__
            fix = f"drop or replace missing {name} first" if kind in _MISSING else "pass a list of str"
            raise TypeError(f"{name}[{i}] must be a str, got {kind}; {fix}")
    return result
