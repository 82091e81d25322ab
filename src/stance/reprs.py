"""How objects show themselves as one line of plain text."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["beginning", "named_values"]


def named_values(values: Iterable[tuple[str, float]]) -> str:
    """Write probabilities as a ``repr`` does.

    Examples
    --------
    >>> named_values({"warning": 0.987, "supportive": 0.5}.items())
    'warning 0.99, supportive 0.50'
    """
    return ", ".join(f"{name} {value:.2f}" for name, value in values)


def beginning(text: str, length: int = 50) -> str:
    """Quote the beginning of a text as a ``repr`` does.

    Examples
    --------
    >>> beginning("abc"), beginning("abcdef", 4)
    ("'abc'", "'abc…'")
    """
    return repr(text if len(text) <= length else text[: length - 1] + "\u2026")
