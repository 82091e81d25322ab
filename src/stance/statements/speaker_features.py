"""What the ranker of speakers is told of every place where a name can begin.

A description of a place has four parts: of the word before it, of the word itself, of the two together,
and of the context.  The first three are the same wherever the words meet, so that their sum can be
kept, and a place that they make hopeless needs no context.
"""

from __future__ import annotations

from bisect import bisect_left

from stance.ranking import Description
from stance.statements.places import OPENINGS, Places, nearest
from stance.statements.tagging import Tagged, Word
from stance.statements.words import TIMES, TITLES

__all__ = [
    "START_PARTS",
    "describe_before",
    "describe_context",
    "describe_pair",
    "describe_word",
    "side_of",
]

START_PARTS = (7, 13, 5, 40)
"""Values of the parts of a description of a place where a name can begin: the word before it, the word,
both, the context."""
_REACH = 18
_NO_HEADING = ("", "", "", "", "")


def side_of(tagged: Tagged, j: int) -> str:
    """Tell what sort of thing stands before a place.

    Parameters
    ----------
    tagged : Tagged
    j : int
        The token before it, -1 at the beginning.

    Returns
    -------
    str
        ``S`` for the beginning, a punctuation mark, ``V`` for a word of speech, ``w`` for another.
    """
    if j < 0:
        return "S"
    if tagged.tokens[j].kind == "punctuation":
        return tagged.norms[j]
    return "V" if tagged.words[j].classes else "w"


def describe_before(p: str, before: Word | None, side: str) -> Description:
    """Describe the word before a place.

    Parameters
    ----------
    p : str
        Its normal form, ``<S>`` at the beginning.
    before : Word, optional
    side : str
        As :func:`side_of` gives it.

    Returns
    -------
    Description
        As many values as the first of :data:`START_PARTS`.
    """
    if before is None:
        return (side, p, p, "", "", "False", f"{p} {side}")
    return (
        side, p, before.lemma, before.classes, f"{before.verb}{side}", str(p[:1] == "و"), f"{before.kind} {side}",
    )  # fmt: skip


def describe_word(w: str, word: Word, side: str, kind: str) -> Description:
    """Describe the word at a place.

    Parameters
    ----------
    w : str
        Its normal form.
    word : Word
    side : str
        As :func:`side_of` gives it.
    kind : str
        Of its token.

    Returns
    -------
    Description
        As many values as the second of :data:`START_PARTS`.
    """
    stem = word.stem if side != "V" else w
    definite = "al" if w[:2] == "ال" else "in"
    return (
        stem, w[-2:], w[-3:], w[:2], w[:3], f"{stem in TITLES}{side}", str(w in TIMES), kind, word.classes,
        f"{word.verb}{side}", f"{definite}{side}", f"{stem} {side}", f"{word.kind} {side}",
    )  # fmt: skip


def describe_pair(p: str, before: Word | None, w: str, word: Word) -> Description:
    """Describe a word and the one before it together.

    Parameters
    ----------
    p, w : str
        Normal forms of the word before and the word.
    before : Word, optional
    word : Word

    Returns
    -------
    Description
        As many values as the third of :data:`START_PARTS`.
    """
    lemma, classes, sort = (before.lemma, before.classes, before.kind) if before else (p, "", p)
    definite = "al" if w[:2] == "ال" else "in"
    feminine = f"{p[-1:] == 'ت'}{w[-1:] == 'ه' or w.endswith('ات')}"
    return (
        f"{lemma} {w[:3]}", f"{feminine}{definite}", f"{classes} {w[:2]}", f"{sort} {w[:2]}", f"{sort} {word.kind}",
    )  # fmt: skip


def describe_context(tagged: Tagged, places: Places, i: int, side: str) -> Description:
    """Describe what stands around a place.

    Parameters
    ----------
    tagged : Tagged
    places : Places
    i : int
        The token.
    side : str
        As :func:`side_of` gives it.

    Returns
    -------
    Description
        As many values as the last of :data:`START_PARTS`.
    """
    words, n, j = tagged.words, len(tagged), tagged.before[i]
    before = words[j] if j >= 0 else None
    p = tagged.norm(j)
    lemma, classes, sort = (before.lemma, before.classes, before.kind) if before else (p, "", p)
    speech = bool(before and before.verb and classes)
    w1, pp = tagged.norm(i + 1), tagged.norm(j - 1) if j >= 0 else "<S>"
    stem = words[i].stem if side != "V" else tagged.norms[i]
    follows, distance = _following(tagged, places, i)
    tense, verb = _verb_behind(tagged, places, i, side == "S")
    edge = nearest(places.boundaries, i + 1)
    bound = tagged.norms[edge] if edge < i + 15 else ""
    stances = tagged.stances
    rank = f"{min(bisect_left(places.strong, j), 4)}"
    quoted = "q" if tagged.quoted[i] else "o"
    return (
        pp, f"{lemma} {pp}", tagged.norm(j - 2) if j > 1 else "<S>", w1, f"{stem} {w1}", quoted, str(i - j),
        f"{follows}{side}", f"{follows} {lemma}", f"{follows}{distance // 3}", f"{tense}{side}", verb, bound,
        f"{lemma} {bound}", f"{rank}{side}{quoted}", f"{i == 0}", str(min(j, 10)),
        f"{min(bisect_left(places.stops, i), 3)}/{min(len(places.stops), 3)}", f"{rank} {lemma}",
        f"{rank}{min(len(places.strong) - bisect_left(places.strong, i), 2)}{speech}", f"{classes} {follows}", f"{side} {w1}",
        f"{pp} {side}", f"{speech}{tense}{follows}", f"{quoted}{side}{follows}",
        words[i + 1].kind if i + 1 < n else "<E>", f"{sort} {follows}", f"{sort} {bound}", f"{words[i].kind} {verb}",
        f"{classes}/{tagged.acts_but(j)}",
        f"{classes}/{stances}",
        f"{side}{stances}",
        f"{lemma} {stances}",
        f"{sort}/{stances}/{follows}",
        f"{rank}{side}{stances}",
        *(places.heading if j < 0 else _NO_HEADING),
    )  # fmt: skip


def _following(tagged: Tagged, places: Places, i: int) -> tuple[str, int]:
    """Tell what comes first behind `i`: a clause of "that", a colon, a quotation, the end."""
    at, quote = nearest(places.openings, i), nearest(tagged.quotes, i + 2)
    first = min(at, quote)
    if first >= i + _REACH:
        return "none", _REACH
    return "quote" if quote < at else OPENINGS[tagged.norms[at]], first - i


def _verb_behind(tagged: Tagged, places: Places, i: int, over_commas: bool) -> tuple[str, str]:
    """Find the first verb of speech within eight tokens: its tense and distance, and its lemma."""
    at = nearest(places.verbs, i + 1)
    if at > i + 8 or (nearest(places.marks, i + 1) < at and not over_commas):
        return "no", ""
    return f"{tagged.norms[at][0] in 'يت'}{at - i}", tagged.words[at].lemma
