"""What is known of a statement before its neighbours are looked at."""

from __future__ import annotations

from dataclasses import dataclass

from stance.actors import Actor, Gazetteer
from stance.actors.gazetteer import ActorMatch
from stance.predictions import Prediction
from stance.statements.cutting import NameSpan
from stance.statements.segment import Span
from stance.statements.tagging import Tagged

__all__ = ["Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """One statement on the way: what is known before its neighbours are looked at."""

    span: Span
    tagged: Tagged
    prediction: Prediction
    speaks: bool
    name: NameSpan | None
    recipient: NameSpan | None
    actors: list[ActorMatch]
    silent: NameSpan | None = None
    """Who is named where nobody speaks, and may speak below: who acts, or with whom an interview was held."""

    @property
    def source(self) -> NameSpan | None:
        """The name that stands for whoever speaks here or below."""
        return self.name or self.silent

    def place(self, name: NameSpan | None) -> tuple[int, int] | None:
        """Return the characters of a name in the article."""
        if name is None:
            return None
        tokens = self.tagged.tokens
        start = self.span.start + tokens[name.first].start + name.skip
        return start, self.span.start + tokens[name.last].end

    def words(self) -> tuple[str, ...]:
        """Return the words of the speaker's name, normalised."""
        norms, name = self.tagged.norms, self.name
        if name is None:
            return ()
        return (norms[name.first][name.skip :], *norms[name.first + 1 : name.last + 1])

    def others(self, forms: frozenset[str]) -> frozenset[str]:
        """Return the words of some forms outside the speaker's name, but for nouns with the article that stand alone."""
        norms, name = self.tagged.norms, self.name
        if forms.isdisjoint(norms):
            return frozenset()
        found = set()
        for k, norm in enumerate(norms):
            if norm in forms and not (name and name.first <= k <= name.last):
                alone = _has_article(norm) and not _has_article(self.tagged.norm(k + 1))
                found |= set() if alone else {norm}
        return frozenset(found)

    def actor(self, name: NameSpan | None) -> Actor | None:
        """Return who a name stands for."""
        if name is None:
            return None
        inside = [m for m in self.actors if name.first <= m.first <= name.last]
        return Gazetteer.merge(inside, self.tagged.norms[name.first : name.last + 1], name.first)


def _has_article(norm: str) -> bool:
    """Tell whether a word may have the article, a letter or two before it perhaps."""
    return norm[:2] in ("ال", "لل") or norm[1:3] in ("ال", "لل")
