"""The date of an article: told beforehand, or written in its name."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["date_of"]

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)


def date_of(name: str) -> date | None:
    """Return the date that a file's name holds.

    Parameters
    ----------
    name : str

    Returns
    -------
    datetime.date or None
        The last ISO date in it; None if there is none.

    Examples
    --------
    >>> date_of("2026-03-01-envoy.txt"), date_of("envoy.txt")
    (datetime.date(2026, 3, 1), None)
    """
    for found in reversed(_ISO.findall(name)):
        try:
            return date(*map(int, found))
        except ValueError:  # such as month 13
            continue
    return None
