"""What parts the columns of a CSV file."""

from __future__ import annotations

import csv

__all__ = ["delimiter_of"]


def delimiter_of(header: str, column: str) -> str:
    r"""Tell what parts the columns of CSV: commas, or what spreadsheets write in their place.

    Parameters
    ----------
    header : str
        The first line.
    column : str
        A column that is wanted: a comma it is if commas show it, whatever else stands there.

    Returns
    -------
    {",", ";", "\t"}

    Examples
    --------
    >>> delimiter_of("id;text", "text"), delimiter_of("a;b,text", "text")
    (';', ',')
    """
    csv.field_size_limit(2**31 - 1)
    try:
        found = {d: next(csv.reader([header], delimiter=d), []) for d in ",;\t"}
    except csv.Error:  # whoever reads it says what is wrong
        return ","
    return max(found, key=lambda d: (column in found[d], len(found[d]), d == ","))
