"""What stands around the places of a sentence: nearest clauses, verbs, boundaries."""

from __future__ import annotations

from bisect import bisect_left

from stance.statements.tagging import Tagged
from stance.statements.words import PARTICLES, STOPS, THAT

__all__ = ["NOWHERE", "Places"]

Heading = tuple[str, str, str, str, str]
NOWHERE = 1 << 40
"""A place far behind any sentence, where there is no nearest."""
_OPENINGS = {**dict.fromkeys(THAT, "that"), ":": "colon", **dict.fromkeys(STOPS, "stop")}
_BOUNDARIES = PARTICLES | THAT
_TOLD = _BOUNDARIES | _OPENINGS.keys()
_LONGEST = 9


class Places:
    """What stands around the places of a sentence.

    Parameters
    ----------
    tagged : Tagged

    Attributes
    ----------
    heading : tuple of five str
        What stands before and behind a colon near the beginning; empty values where there is none.
    """

    def __init__(self, tagged: Tagged) -> None:
        norms, words = tagged.norms, tagged.words
        self.heading = _heading_of(tagged)
        self._norms = norms
        self._quotes = tagged.quotes
        told = [k for k, norm in enumerate(norms) if norm in _TOLD]
        self._openings = [k for k in told if norms[k] in _OPENINGS]
        self._marks = [k for k, token in enumerate(tagged.tokens) if token.kind == "punctuation"]
        self._boundaries = sorted([*self._marks, *(k for k in told if norms[k] in _BOUNDARIES)])
        self._verbs = [k for k in tagged.speech if words[k].verb]
        self._strong = [k for k in self._verbs if not tagged.quoted[k]]
        self._stops = [k for k in told if norms[k] in STOPS]

    def opening(self, i: int) -> tuple[int, str]:
        """Return the nearest opening of speech from a token on, and its sort: ``that``, ``colon`` or ``stop``."""
        at = _nearest(self._openings, i)
        return at, _OPENINGS[self._norms[at]] if at < NOWHERE else "none"

    def quote(self, i: int) -> int:
        """Return the nearest quotation mark from a token on."""
        return _nearest(self._quotes, i)

    def verb(self, i: int) -> int:
        """Return the nearest verb of speech from a token on."""
        return _nearest(self._verbs, i)

    def mark(self, i: int) -> int:
        """Return the nearest punctuation from a token on."""
        return _nearest(self._marks, i)

    def boundary(self, i: int) -> int:
        """Return the nearest punctuation, particle or "that" from a token on."""
        return _nearest(self._boundaries, i)

    def strong(self, i: int) -> int:
        """Count the verbs of speech outside quotes before a token."""
        return bisect_left(self._strong, i)

    def stops(self, i: int) -> int:
        """Count the ends of sentences before a token."""
        return bisect_left(self._stops, i)


def _nearest(places: list[int], i: int) -> int:
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
    dash = "d" if any(norms[k] in "-–—ـ" for k in range(at)) else ""
    quote = "q" if tagged.tokens[at + 1].kind == "quote" else ""
    open_end = "." if norms[n - 1] in STOPS else "_"
    verb = "v" if any(words[k].verb for k in range(at)) else ""
    sort = words[behind].kind
    return (
        f"{at}{dash}{quote}{verb}{open_end}", f"{words[0].kind}{dash}{verb}{open_end}", words[behind].lemma,
        f"{sort}{dash}{verb}", f"{sort}{open_end}{quote}{verb}",
    )  # fmt: skip
