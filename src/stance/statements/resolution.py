"""Who speaks where the text has only a pronoun or nothing: the name carried over from before.

The nearest source named before is the one meant, if its gender and number agree with the verb's, else whoever acts in a
sentence in which nobody speaks; a quotation that runs over several statements belongs to whoever is named where it begins
or where it ends.  "The ministry" is the one that spoke before under a longer name, if no other was mentioned since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from stance.statements.words import PARTICLES, TITLES

__all__ = ["Turn", "forms_of", "resolve", "sections"]

_MEMORY = 3
_COMPOUND = {**{word: word for word in ("عبد", "ابو", "بو", "بن", "ابن")}, "ال": "آل"}
"""Beginnings of names of several words, normalised; that of a family is no article."""
_FORMS = ("", "و", "ف", "ل", "ب", "ول", "وب", "ال", "وال", "فال", "لل", "ولل", "بال", "وبال")
"""What may be written before a noun."""
_NO_GIVEN = frozenset("،,-–—()") | {"باسم", "بلسان"}


class Turn(NamedTuple):
    """What resolution has to know of a statement.

    Attributes
    ----------
    name : str
        The speaker as named, or where nobody speaks, who may speak below; empty if there is none or it is left out.
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
        Its other words, of those that :func:`forms_of` gives: no noun with the article stands there alone.
    known : bool, default False
        Whether the name is that of a country or body by itself, and no surname.
    numbers : str, default "sdp"
        The numbers that the name may have, or the verb that has none: singular, dual, plural.
    """

    name: str
    speaks: bool
    feminine: bool | None
    quotation: int
    section: int
    words: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    known: bool = False
    numbers: str = "sdp"


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
    >>> emir, said = Turn("أمير قطر", False, False, -1, 0), Turn("", True, False, -1, 0, numbers="s")
    >>> resolve([emir, said])
    [-1, 0]
    """
    answers = [-1] * len(turns)
    named: list[int] = []
    silent: list[int] = []
    section = -1
    for i, turn in enumerate(turns):
        if turn.section != section:
            named, silent, section = [], [], turn.section
        if turn.name and not turn.speaks:
            silent = [*silent, i][-_MEMORY:]
        elif turn.name:
            answers[i] = i
            named = [*[k for k in named if turns[k].name != turn.name], i][-_MEMORY:]
        elif turn.speaks:
            answers[i] = _meant(turns, turn, named, silent)
            if answers[i] >= 0:  # who spoke last is nearest
                named = [*[k for k in named if k != answers[i]], answers[i]]
    _over_quotations(turns, answers)
    full = _in_full(turns)
    return [full[k] if k >= 0 else k for k in answers]


def sections(headings: Sequence[bool], named: Sequence[bool], goes_on: Sequence[bool]) -> list[int]:
    """Return the number of each statement's part of the article, cut at headings: lines without a stop.

    Somebody who goes on ("and added that") was named before, so that no part begins there: above it stands a paragraph
    whose stop was forgotten, or a sub-heading put between two paragraphs.

    Parameters
    ----------
    headings : sequence of bool
        Which statements are lines without a stop.
    named : sequence of bool
        Which name somebody as headings do: not behind a verb.
    goes_on : sequence of bool
        In which somebody goes on to speak who is not named.

    Returns
    -------
    list of int

    Examples
    --------
    >>> sections([False, True, False], [True, False, True], [False, False, False])
    [0, 1, 2]
    >>> sections([False, True, False], [True, False, False], [False, False, True])
    [0, 0, 0]
    """
    found: list[int] = []
    section = 0
    for i, heading in enumerate(headings):
        behind = i > 0 and headings[i - 1]
        if goes_on[i]:  # a sub-heading that names somebody else may begin another's part
            section += behind and named[i - 1] and i > 1 and not headings[i - 2]
        elif behind or not heading or named[i] or not any(goes_on[i + 1 : i + 2]):
            section += heading + behind
        found.append(section)
    return found


def forms_of(nouns: Iterable[str]) -> frozenset[str]:
    """Return how nouns may be written, with what may stand before them.

    Parameters
    ----------
    nouns : iterable of str
        Normalised, without the article.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> {"وزاره", "الوزاره", "للوزاره"} <= forms_of(["وزاره"])
    True
    """
    return frozenset(form + noun for noun in nouns for form in _FORMS)


def _meant(turns: Sequence[Turn], turn: Turn, named: Sequence[int], silent: Sequence[int]) -> int:
    """Return who is left out: who spoke and agrees, who acted and agrees, or who spoke last; -1 for more than one."""
    for k in reversed(named):
        genders = (turn.feminine, turns[k].feminine)
        if (None in genders or genders[0] == genders[1]) and _agree(turn, turns[k]):
            return k
    opens = len(turn.numbers) == 1  # the verb begins the sentence, so it is the one that agrees
    for k in reversed(silent):
        if opens and turn.feminine in (None, turns[k].feminine) and _agree(turn, turns[k]):
            return k
    if not named or (opens and not _agree(turn, turns[named[-1]])):
        return -1
    return -1 if opens and turns[named[-1]].numbers == "s" else named[-1]


def _agree(turn: Turn, other: Turn) -> bool:
    return not set(turn.numbers).isdisjoint(other.numbers)


def _in_full(turns: Sequence[Turn]) -> list[int]:
    """Return for each turn the one in which its speaker stands in full: itself, but for short forms of one word.

    A noun with the article is short for a name that begins with it, unless others of that noun were met since; a surname
    is short for a person's name with title or given name; it may be a compound ("Abd al-Ati").
    """
    full = list(range(len(turns)))
    heads: dict[str, int] = {}  # of longer names, where they stood last
    surnames: dict[str, int] = {}
    met: dict[str, int] = {}  # other nouns, where they stood last
    section = -1
    for i, turn in enumerate(turns):
        words = _compounded(turn.words)
        if turn.section != section:
            heads, surnames, met, section = {}, {}, {}, turn.section
        if len(words) == 1:
            short = words[0]
            noun = short[2:] if short[:2] == "ال" else ""
            k = max(heads.get(noun, -1), heads.get(short, -1)) if noun else -1
            others = max(met.get(form + noun, -1) for form in _FORMS) if noun else -1
            k = max(k if k >= others else -1, -1 if turn.known else surnames.get(short, -1))
            full[i] = full[k] if k >= 0 else i
        elif words:
            heads[words[0]] = i
            heads.update((title, i) for mark, title in pairwise(words) if mark == "،" and title in TITLES)
            if (surname := _surname(words)) is not None:
                surnames[surname] = i
        met.update(dict.fromkeys(turn.others, i))
    return full


def _compounded(words: Sequence[str]) -> list[str]:
    """Join what is one name in several words ("Abd al-Ati", "Abu al-Ghait", "Bin Farhan"), which is written in one, too."""
    found: list[str] = []
    for before, word in pairwise(["", *words]):
        part = _COMPOUND.get(word, word)
        if before in _COMPOUND:
            found[-1] += part
        else:
            found.append(part)
    return found


def _surname(words: Sequence[str]) -> str | None:
    """Return the last name of a person: behind one given name at least, which has neither article nor title before it.

    What has the article itself may be a body ("the army" of "commander of the army"), so the name must follow a comma or a
    complete title there ("the Iraqi prime minister Muhammad as-Sudani").
    """
    if (
        "،" in words
        and len(words[: words.index("،")]) > 1
        and words[0] not in TITLES
        and words[0][:2] != "ال"
    ):
        words = words[: words.index("،")]  # the title stands behind
    first = len(words) - 1
    while first and _is_given(words[first - 1]):
        first -= 1
    before = words[first - 1] if first else ""
    if len(words) - first < 2 or before in TITLES:
        return None
    if words[-1][:2] == "ال" and not (before == "،" or before[:2] == "ال"):
        return None
    return words[-1]


def _is_given(word: str) -> bool:
    return not (
        word[:2] == "ال" or word[:1] == "ل" or word in _NO_GIVEN or word in TITLES or word in PARTICLES
    )


def _over_quotations(turns: Sequence[Turn], answers: list[int]) -> None:
    """Give the statements of one quotation the name that stands in one of them."""
    parts: dict[int, list[int]] = {}
    for i, turn in enumerate(turns):
        if turn.quotation >= 0:
            parts.setdefault(turn.quotation, []).append(i)
    for members in parts.values():
        names = [i for i in members if turns[i].name and turns[i].speaks]
        if len(members) > 1 and names:
            for i in members:
                if not turns[i].name:
                    answers[i] = names[0]
