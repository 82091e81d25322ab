"""What stands around the places of a sentence: nearest clauses, verbs, boundaries."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from stance.statements.tagging import Tagged
from stance.statements.words import PARTICLES, STOPS, THAT

__all__ = ["NOWHERE", "OPENINGS", "Places", "nearest"]

Heading = tuple[str, str, str, str, str]
NOWHERE = 1 << 40
"""A place far behind any sentence, where there is no nearest."""
OPENINGS = {**dict.fromkeys(THAT, "that"), ":": "colon", **dict.fromkeys(STOPS, "stop")}
"""Forms that open speech, and their sorts."""
_BOUNDARIES = PARTICLES | THAT
_TOLD = _BOUNDARIES | OPENINGS.keys()
_LONGEST = 9


class Places:
    """The places of a sentence that matter to those around them: lists of tokens, in order.

    Parameters
    ----------
    tagged : Tagged

    Attributes
    ----------
    openings : list of int
        Where speech opens: "that", colons and ends of sentences.
    marks : list of int
        Punctuation.
    boundaries : list of int
        Punctuation, particles and "that".
    verbs : list of int
        Verbs of speech.
    strong : list of int
        Those outside quotes.
    stops : list of int
        Ends of sentences.
    heading : tuple of five str
        What stands before and behind a colon near the beginning; empty values where there is none.
    """

    def __init__(self, tagged: Tagged) -> None:
        norms, words = tagged.norms, tagged.words
        told = [k for k, norm in enumerate(norms) if norm in _TOLD]
        self.openings = [k for k in told if norms[k] in OPENINGS]
        self.marks = [k for k, token in enumerate(tagged.tokens) if token.kind == "punctuation"]
        self.boundaries = sorted([*self.marks, *(k for k in told if norms[k] in _BOUNDARIES)])
        self.verbs = [k for k in tagged.speech if words[k].verb]
        self.strong = [k for k in self.verbs if not tagged.quoted[k]]
        self.stops = [k for k in told if norms[k] in STOPS]
        self.heading = _heading_of(tagged)


def nearest(places: Sequence[int], i: int) -> int:
    """Return the first of some places that is no less than a token's.

    Parameters
    ----------
    places : sequence of int
        In order.
    i : int

    Returns
    -------
    int
        :data:`NOWHERE` if there is none.

    Examples
    --------
    >>> nearest([2, 5], 3), nearest([2, 5], 6) == NOWHERE
    (5, True)
    """
    at = bisect_left(places, i)
    return places[at] if at < len(places) else NOWHERE


def _heading_of(tagged: Tagged) -> Heading:
    """Tell what stands before and behind a colon near the beginning; empty values where there is none.

    It may part a headline's source from its words ("Moscow: we are ready"), a dateline from the story
    ("Cairo - agencies: the minister said") or a topic from its news.
    """
    norms, words, n = tagged.norms, tagged.words, len(tagged)
    at = next((k for k in range(min(_LONGEST, n)) if norms[k] == ":"), -1)
    if at < 1 or at + 1 >= n or any(norms[k] in STOPS for k in range(at)):
        return ("", "", "", "", "")
    behind = next((k for k in range(at + 1, n) if tagged.content[k]), at)
    dash = "d" if any(norms[k] in ("-", "–", "—") for k in range(at)) else ""
    quote = "q" if tagged.tokens[at + 1].kind == "quote" else ""
    open_end = "." if norms[n - 1] in STOPS else "_"
    verb = "v" if any(words[k].verb for k in range(at)) else ""
    sort = words[behind].kind
    return (
        f"{at}{dash}{quote}{verb}{open_end}", f"{words[0].kind}{dash}{verb}{open_end}", words[behind].lemma,
        f"{sort}{dash}{verb}", f"{sort}{open_end}{quote}{verb}",
    )  # fmt: skip
