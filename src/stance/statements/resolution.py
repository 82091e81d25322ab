"""Who speaks where the text has only a pronoun or nothing: the name carried over from before.

The nearest source named before is the one meant, if its gender agrees with the verb's; a quotation
that runs over several statements belongs to whoever is named where it begins or where it ends.  "The ministry" is the
one that spoke before under a longer name, if no other was mentioned since.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stance.statements.words import TITLES

__all__ = ["Turn", "resolve"]

_MEMORY = 3
_CLITICS = ("", "و", "ف", "ل", "ب", "ول", "وب")
_HONORIFICS = frozenset(
    ["الدكتور", "الدكتوره", "السيد", "السيده", "الشيخ", "الاستاذ", "الاستاذه", "السفير", "السفيره"]
)


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
    words : tuple of str, default ()
        The name's, normalised.
    others : frozenset of str, default empty
        The statement's other words, normalised.
    """

    name: str
    speaks: bool
    feminine: bool | None
    quotation: int
    section: int
    words: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()


def resolve(turns: Sequence[Turn]) -> list[int]:
    """Find the statement in which each statement's speaker is named.

    Parameters
    ----------
    turns : sequence of Turn
        The statements of an article, in order.

    Returns
    -------
    list of int
        An index into `turns`: itself where the name stands, or an earlier one that has it in full; -1 where nobody
        speaks or nobody was named before.

    Examples
    --------
    >>> minister = Turn("وزير الخارجية", True, False, -1, 0)
    >>> ministry = Turn("وزارة الدفاع", True, True, -1, 0)
    >>> resolve([minister, ministry, Turn("", True, False, -1, 0), Turn("", False, None, -1, 0)])
    [0, 1, 0, -1]
    >>> full = Turn("وزارة الصحة الكينية", True, True, -1, 0, ("وزاره", "الصحه", "الكينيه"))
    >>> resolve([full, Turn("الوزارة", True, True, -1, 0, ("الوزاره",))])
    [0, 0]
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
    full = _in_full(turns)
    return [full[k] if k >= 0 else k for k in answers]


def _meant(turns: Sequence[Turn], turn: Turn, named: Sequence[int]) -> int:
    for k in reversed(named):
        genders = (turn.feminine, turns[k].feminine)
        if None in genders or genders[0] == genders[1]:
            return k
    return named[-1] if named else -1


def _in_full(turns: Sequence[Turn]) -> list[int]:
    """Return for each turn the one in which its speaker stands in full: itself, but for short forms of one word.

    A noun with the article is short for a name that begins with it, unless others of that noun were met since; a surname
    is short for the person whose name follows a title and a comma.
    """
    full = list(range(len(turns)))
    heads: dict[str, int] = {}  # of longer names, where they stood last
    surnames: dict[str, int] = {}
    met: dict[str, int] = {}  # other words, where they stood last
    for i, turn in enumerate(turns):
        words = turn.words
        if len(words) == 1:
            short = words[0]
            noun = short[2:] if short[:2] == "ال" else ""
            k = max(heads.get(noun, -1), heads.get(short, -1)) if noun else -1
            others = max(met.get(clitic + noun, -1) for clitic in _CLITICS) if noun else -1
            k = max(k if k >= others else -1, surnames.get(short, -1))
            full[i] = full[k] if k >= 0 else i
        elif words:
            heads[words[0]] = i
            if (surname := _surname(words)) is not None:
                surnames[surname] = i
        met.update(dict.fromkeys(turn.others, i))
    return full


def _surname(words: Sequence[str]) -> str | None:
    """Return the last name of a person whose name stands behind a title and a comma."""
    if "،" not in words:
        return None
    person = words[len(words) - words[::-1].index("،") :]
    given = person[1:-1] if person and person[0] in _HONORIFICS else person[:-1]
    named = bool(given) and given[0] not in TITLES and not any(word[:2] == "ال" for word in given)
    return person[-1] if named else None


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
