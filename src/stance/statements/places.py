"""What stands around each place of a sentence, by one pass from its end: nearest clauses, verbs, boundaries."""

from __future__ import annotations

from typing import NamedTuple

from stance.statements.tagging import Tagged
from stance.statements.words import PARTICLES, STOPS, THAT

__all__ = ["Places", "heading_of", "places_of"]

Heading = tuple[str, str, str, str, str]
_NONE = 10_000
_LONGEST = 9


class Places(NamedTuple):
    """Parallel lists, one entry for each token.

    Attributes
    ----------
    follows : list of (int, str)
        The nearest opening of speech from the token on, and its sort: ``that``, ``colon`` or ``stop``.
    quote : list of int
        The nearest quotation mark behind the token.
    verb : list of int
        The nearest verb of speech behind it.
    mark : list of int
        The nearest punctuation behind it.
    boundary : list of int
        The nearest punctuation, particle or "that" behind it.
    strong : list of int
        How many verbs of speech stand outside quotes before it; one entry more for the whole.
    stops : list of int
        How many ends of sentences stand before it; one entry more.
    heading : tuple of str
        Five values that tell what a first colon parts, see :func:`heading_of`.
    """

    follows: list[tuple[int, str]]
    quote: list[int]
    verb: list[int]
    mark: list[int]
    boundary: list[int]
    strong: list[int]
    stops: list[int]
    heading: Heading


def heading_of(tagged: Tagged) -> Heading:
    """Tell what stands before and behind a colon near the beginning.

    It may part a headline's source from its words ("Moscow: we are ready"), a dateline from the story
    ("Cairo - agencies: the minister said") or a topic from its news.

    Parameters
    ----------
    tagged : Tagged

    Returns
    -------
    tuple of five str
        Empty values where there is no such colon.
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


def places_of(tagged: Tagged) -> Places:
    """Look around every token of a sentence, in linear time.

    Parameters
    ----------
    tagged : Tagged

    Returns
    -------
    Places
        An index far behind the sentence where there is none.
    """
    n, norms, words, tokens = len(tagged), tagged.norms, tagged.words, tagged.tokens
    found = Places(
        [(_NONE, "none")] * n, [_NONE] * n, [_NONE] * n, [_NONE] * n, [_NONE] * n, [], [0], heading_of(tagged)
    )
    follows, quote, verb, mark, boundary = (_NONE, "none"), _NONE, _NONE, _NONE, _NONE
    for i in range(n - 1, -1, -1):
        norm, kind = norms[i], tokens[i].kind
        if norm in THAT:
            follows = (i, "that")
        elif norm == ":":
            follows = (i, "colon")
        elif norm in STOPS:
            follows = (i, "stop")
        found.follows[i], found.quote[i], found.verb[i] = follows, quote, verb
        found.mark[i], found.boundary[i] = mark, boundary
        if kind == "quote":
            quote = i
        if words[i].verb and words[i].classes:
            verb = i
        if kind == "punctuation":
            mark = boundary = i
        elif norm in PARTICLES or norm in THAT:
            boundary = i
    count = 0
    for i in range(n):
        found.strong.append(count)
        count += words[i].verb and bool(words[i].classes) and not tagged.quoted[i]
        found.stops.append(found.stops[-1] + (norms[i] in STOPS))
    found.strong.append(count)
    return found
