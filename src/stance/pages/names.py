"""Actors in Arabic: what sums over articles name in English, as Arabic pages show it.

Names of countries are those of the Unicode CLDR, or shorter ones of the press; the others are written
for the project.
"""

from __future__ import annotations

from functools import cache

from stance.pages.markup import both, name, resource

__all__ = ["arabic_names", "arabic_of", "in_both"]


@cache
def arabic_names() -> dict[str, str]:
    """Return the Arabic names by the English ones, of all actors that the library knows.

    Returns
    -------
    dict of str to str
    """
    lines = resource("names.tsv").splitlines()[1:]
    return dict(line.split("\t") for line in lines)


def arabic_of(actor: str) -> str:
    """Return an actor's name in Arabic.

    Parameters
    ----------
    actor : str
        As sums over articles name it: in English where it is known, perhaps with a role behind it;
        otherwise as the texts do.

    Returns
    -------
    str
        The name as it is, if no other is known.

    Examples
    --------
    >>> arabic_of("Germany"), arabic_of("Germany GOV"), arabic_of("سكان الحي")
    ('ألمانيا', 'ألمانيا GOV', 'سكان الحي')
    """
    names = arabic_names()
    if actor in names:
        return names[actor]
    known, _, role = actor.rpartition(" ")
    return f"{names[known]} {role}" if known in names and role.isupper() else actor


def in_both(actor: str) -> str:
    """Write an actor's name as HTML: in Arabic, and as files name it where that is another."""
    arabic = arabic_of(actor)
    return name(actor) if arabic == actor else both(arabic, actor)
