"""Who speaks where the text has only a pronoun or nothing: the name carried over from before.

The nearest source named before is the one meant, if its gender agrees with the verb's; a quotation
that runs over several statements belongs to whoever is named where it begins or where it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Turn", "resolve"]

_MEMORY = 3


class Turn(NamedTuple):
    """What resolution has to know of a statement.

    Attributes
    ----------
    name : str
        The speaker as named; empty if there is none or it is left out.
    speaks : bool
        Whether somebody speaks.
    feminine : bool or None
        Gender of the name, or of the verb that has none; None if unknown.
    quotation : int
        Number of the quotation that it begins or ends inside of, or -1.
    section : int
        Number of the part of the article, cut at headings.
    """

    name: str
    speaks: bool
    feminine: bool | None
    quotation: int
    section: int


def resolve(turns: Sequence[Turn]) -> list[int]:
    """Find the statement in which each statement's speaker is named.

    Parameters
    ----------
    turns : sequence of Turn
        The statements of an article, in order.

    Returns
    -------
    list of int
        An index into `turns`: itself where the name stands; -1 where nobody speaks or nobody was
        named before.

    Examples
    --------
    >>> minister = Turn("وزير الخارجية", True, False, -1, 0)
    >>> ministry = Turn("وزارة الدفاع", True, True, -1, 0)
    >>> resolve([minister, ministry, Turn("", True, False, -1, 0), Turn("", False, None, -1, 0)])
    [0, 1, 0, -1]
    """
    answers = [-1] * len(turns)
    named: list[int] = []
    section = -1
    for i, turn in enumerate(turns):
        if turn.section != section:
            named, section = [], turn.section
        if turn.name:
            answers[i] = i
            named = [*[k for k in named if turns[k].name != turn.name], i][-_MEMORY:]
        elif turn.speaks:
            answers[i] = _meant(turns, turn, named)
            if answers[i] >= 0:  # who spoke last is nearest
                named = [*[k for k in named if k != answers[i]], answers[i]]
    _over_quotations(turns, answers)
    return answers


def _meant(turns: Sequence[Turn], turn: Turn, named: Sequence[int]) -> int:
    for k in reversed(named):
        genders = (turn.feminine, turns[k].feminine)
        if None in genders or genders[0] == genders[1]:
            return k
    return named[-1] if named else -1


def _over_quotations(turns: Sequence[Turn], answers: list[int]) -> None:
    """Give the statements of one quotation the name that stands in one of them."""
    parts: dict[int, list[int]] = {}
    for i, turn in enumerate(turns):
        if turn.quotation >= 0:
            parts.setdefault(turn.quotation, []).append(i)
    for members in parts.values():
        names = [i for i in members if turns[i].name]
        if len(members) > 1 and names:
            for i in members:
                if not turns[i].name:
                    answers[i] = names[0]
