"""Where the word of speech and its subject end: what is quoted right there was said, however short it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from stance.statements.attribution import attributes
from stance.statements.cutting import NameSpan
from stance.statements.media import SPOKEN_ON
from stance.statements.participles import is_circumstance
from stance.statements.tagging import Tagged
from stance.statements.tails import THUS
from stance.statements.words import PAUSES

__all__ = ["edges_of_speech"]

_OF_WHOSE = frozenset(["من", "عن", "علي", "ب"])
_OF = _OF_WHOSE | {"الي"}
"""Prepositions between a word of speech, or who speaks, and what was said."""
_ADDRESSED = frozenset(["warning", "threat", "calling", "condemnation"])
"""Classes of acts with an object, and with a preposition before what is warned of, called for, accused of."""
_OBJECT = 8
"""Tokens of such an object."""


def edges_of_speech(tagged: Tagged, cue: int, name: NameSpan | None, start: int) -> tuple[int, ...]:
    """Return the edges of the word of speech and of its subject: words quoted beside them were said.

    Parameters
    ----------
    tagged : Tagged
    cue : int
        The word of speech, -1 for none.
    name : NameSpan, optional
        The speaker's name.
    start : int
        Where the tokens begin in the article.

    Returns
    -------
    tuple of int
        In characters of the article; none behind "according to".

    Examples
    --------
    >>> from stance.lexicon import Lexicon
    >>> from stance.statements.tagging import Tagger
    >>> edges_of_speech(Tagger(Lexicon.default(), {}).tag("حذرت من «كارثة»"), 0, None, 0)
    (7, 7)
    """
    if cue < 0 or attributes(tagged.norms[cue]):
        return ()
    own = name is not None and not is_circumstance(tagged, cue)
    ends = [cue, name.last] if name and own else [cue]
    edges = [tagged.tokens[k].end for k in map(_preposition, repeat(tagged), ends) if k >= 0]
    if not _ADDRESSED.isdisjoint(tagged.words[cue].classes.split("|")):
        edges += [tagged.tokens[k].end for k in _behind_object(tagged, max(ends))]
    if "reporting" in tagged.words[cue].classes.split("|"):
        edges += [tagged.tokens[k].end for k in ends]
        edges += [tagged.tokens[k].start for k in ((cue, name.first) if name and own else ())]
        first = next(k for k in range(cue, -1, -1) if tagged.norm(k - 1) not in THUS)
        edges.append(tagged.tokens[first].start)
    return tuple(start + edge for edge in edges)


def _behind_object(tagged: Tagged, k: int) -> Iterator[int]:
    """Yield prepositions behind the object of an act, before any comma: "warned Tehran of «grave consequences»"."""
    for i in range(k + 1, min(k + 1 + _OBJECT, len(tagged) - 1)):
        if tagged.norms[i] in PAUSES:
            break
        if tagged.norms[i] in _OF and tagged.tokens[i + 1].kind == "quote":
            yield i


def _preposition(tagged: Tagged, k: int) -> int:
    """Return the preposition behind a token or behind "in a statement of his", by which what is said is bound; or -1."""
    directly = k + 1
    if tagged.norm(k + 1) == "في" and tagged.norm(k + 2) in SPOKEN_ON:
        k += 2 + (tagged.norm(k + 3) in ("له", "لها", "لهم"))
    of = _OF if k + 1 == directly and tagged.words[k].classes else _OF_WHOSE
    return k + 1 if tagged.norm(k + 1) in of else -1  # "warns of «a swamp»"
