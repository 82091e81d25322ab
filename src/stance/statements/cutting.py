"""Cutting names out of sentences: where they end, and the letters that do not belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stance.actors import Gazetteer
from stance.ranking import Tables
from stance.statements.end_features import describe_end
from stance.statements.rankers import scorer
from stance.statements.tagging import Tagged
from stance.text.tokens import CLOSING

__all__ = ["LONGEST_NAME", "NameCutter", "NameSpan"]

LONGEST_NAME = 25
"""Tokens that a name may have."""
_KNOWN = 200_000
_POSSESSIVES = frozenset(["نا", "هم", "ها", "كم"])
_DETERMINERS = frozenset(["هذا", "هذه", "هولاء", "اي", "ايه", "كل", "بعض", "جميع", "كافه", "احد", "احدي"])
"""Words before a noun that take no article themselves."""


class NameSpan(NamedTuple):
    """The first and last token of a name.

    Attributes
    ----------
    first, last : int
    skip : int
        Characters of the first token that do not belong to the name: a clitic written to it.
    """

    first: int
    last: int
    skip: int = 0


class NameCutter:
    """Cuts names out of sentences: where they end, and which clitic does not belong to them.

    Parameters
    ----------
    ends : tuple of dict
        The tables of the ranker of ends.
    clusters : dict of str to str
        Number of the cluster of each word that is in one.
    gazetteer : Gazetteer
    clitics : str
        Letters that are cut off.
    """

    def __init__(self, ends: Tables, clusters: Mapping[str, str], gazetteer: Gazetteer, clitics: str) -> None:
        self._end = scorer(ends)
        self._clusters = clusters
        self._gazetteer = gazetteer
        self._clitics = clitics
        self._known: dict[str, bool] = {}

    def cut(self, tagged: Tagged, first: int) -> NameSpan:
        """Return the name that begins at a token.

        Parameters
        ----------
        tagged : Tagged
        first : int

        Returns
        -------
        NameSpan
        """
        norm = tagged.norms[first]
        skip = 1 if norm[:1] in self._clitics and len(norm) > 3 and self.is_bound(norm) else 0
        return NameSpan(first, _balanced(tagged, first, self._last(tagged, first)), skip)

    def _last(self, tagged: Tagged, first: int) -> int:
        """Return the last token of a name that begins at `first`: the first that the ranker ends it at."""
        marks = 0
        last = min(len(tagged) - 1, first + LONGEST_NAME)
        for k in range(first, last):
            marks += tagged.tokens[k].kind == "punctuation"
            number = k == first and tagged.tokens[k].kind == "number"  # which alone names nobody
            if not number and self._end(describe_end(tagged, first, k, marks)) > 0:
                return k
        return last

    def _is_name(self, norm: str) -> bool:
        actor = self._gazetteer.identify(norm)
        return bool(actor and actor.name)

    def _names_more(self, norm: str) -> bool:
        """Tell whether a known name stands behind a letter; where that hides an article, one that begins with it."""
        hides = norm[:2] == "لل" and self._is_name(norm[2:])
        return not hides and self._is_name(norm[1:])

    def _is_word(self, norm: str) -> bool:
        """Tell whether a known word stands behind a letter, and the whole is none.

        What takes the article as a whole is a word ("the committee" of "committee"); what takes it only without its
        first letter is none ("to a movement").
        """
        rest, clusters = norm[1:], self._clusters
        if norm[:2] == "لل" or rest not in clusters:
            return False
        article = rest[:2] == "ال" and len(norm) > 5
        bound = "ال" + norm not in clusters and ("ال" + rest in clusters or rest in _DETERMINERS)
        return article or bound or norm not in clusters

    def _is_possessed(self, norm: str) -> bool:
        """Tell whether somebody's noun stands behind a letter, "and our soldiers": known without letter and ending."""
        rest, clusters = norm[1:-2], self._clusters
        if norm[-2:] not in _POSSESSIVES or len(rest) < 4 or "ال" + norm[:-2] in clusters:
            return False
        return rest in clusters or rest + "ن" in clusters or rest[:-1] + "ء" in clusters

    def is_bound(self, norm: str) -> bool:
        """Tell whether a known name or word stands behind a word's first letter, and the whole is none.

        Parameters
        ----------
        norm : str
            Normalised.

        Returns
        -------
        bool
        """
        known = self._known.get(norm)
        if known is None:
            if len(self._known) > _KNOWN:
                self._known = {}
            known = self._known[norm] = (
                self._names_more(norm) or self._is_word(norm) or self._is_possessed(norm)
            )
        return known

    def is_noun(self, norm: str) -> bool:
        """Tell whether a word is known with the article: what is not may be a person's name.

        Parameters
        ----------
        norm : str
            Normalised, without an article.

        Returns
        -------
        bool
        """
        forms = (norm, norm[:-1], norm + "ن") if norm.endswith(("و", "ا", "ي")) else (norm,)
        return any("ال" + form in self._clusters for form in forms)


def _balanced(tagged: Tagged, first: int, last: int) -> int:
    """Return the last token of a name, before the quotation mark that has no partner within it if there is one."""
    opened = -1
    for k in range(first, last + 1):
        if tagged.tokens[k].kind != "quote":
            continue
        if opened >= 0:
            opened = -1
        elif tagged.norms[k] in CLOSING:
            return max(k - 1, first)
        else:
            opened = k
    return opened - 1 if opened > first else last
