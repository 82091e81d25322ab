"""Finding the names of many sentences at once: who speaks, and who is spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from stance.actors import Gazetteer
from stance.actors.gazetteer import ActorMatch
from stance.statements.finders import NameSpan, RecipientFinder, SpeakerFinder, actor_starts
from stance.statements.halves import by_label
from stance.statements.model import ReaderModel
from stance.statements.name_ends import bounded
from stance.statements.network import SpanNetwork
from stance.statements.postposed import by_place
from stance.statements.recipient_ends import beside, received
from stance.statements.silence import by_construction
from stance.statements.tagging import Tagged, Tagger
from stance.statements.tails import behind_quotation, is_upon

__all__ = ["NameFinder", "Named"]

_BATCH = 3000
"""Tokens from which on the network looks at sentences together: more takes memory and saves no time."""


class Named(NamedTuple):
    """What is found in a sentence.

    Attributes
    ----------
    speaks : bool
        Whether somebody speaks.
    speaker : NameSpan or None
        The speaker's name; None where nobody speaks, or a pronoun or somebody left out.
    recipient : NameSpan or None
    actors : list of ActorMatch
        The known actors that are named.
    """

    speaks: bool
    speaker: NameSpan | None
    recipient: NameSpan | None
    actors: list[ActorMatch]


class NameFinder:
    """Finds speakers and recipients by a reader's model.

    Parameters
    ----------
    model : ReaderModel
    gazetteer : Gazetteer

    Attributes
    ----------
    tagger : Tagger
        Tags sentences by the lexicon that the model was trained with.
    """

    def __init__(self, model: ReaderModel, gazetteer: Gazetteer) -> None:
        self.tagger = Tagger(model.lexicon, model.clusters)
        self._gazetteer = gazetteer
        self._speakers = SpeakerFinder(model, gazetteer)
        self._recipients = RecipientFinder(model, gazetteer)
        self._network = SpanNetwork(model.network, sorted(model.clusters)) if model.network else None

    def find(self, sentences: Sequence[Tagged], held: Sequence[str]) -> list[Named]:
        """Find the names of sentences.

        Parameters
        ----------
        sentences : sequence of Tagged
        held : sequence of str
            The stances of each whose recipient is wanted, as
            :func:`~stance.statements.finders.stance_key` writes them; none is looked for where it is empty.

        Returns
        -------
        list of Named
            One for each sentence.
        """
        found: list[Named] = []
        first = size = 0
        for k, tagged in enumerate(sentences, 1):
            size += len(tagged)
            if size >= _BATCH or k == len(sentences):
                found += self._batch(sentences[first:k], held[first:k])
                first, size = k, 0
        return found

    def name_at(self, tagged: Tagged, actors: Sequence[ActorMatch], first: int) -> NameSpan:
        """Return the name that begins at a token, as if somebody spoke whose name begins there.

        Parameters
        ----------
        tagged : Tagged
        actors : sequence of ActorMatch
            The known actors of the sentence.
        first : int
            The token.

        Returns
        -------
        NameSpan
        """
        return self._ended(tagged, actors, self._speakers.names.cut(tagged, first))

    def _ended(self, tagged: Tagged, actors: Sequence[ActorMatch], name: NameSpan) -> NameSpan:
        names = self._speakers.names
        return bounded(tagged, name, actors, names.is_bound, names.is_noun)

    def _speaker(
        self, tagged: Tagged, votes: Sequence[float], actors: Sequence[ActorMatch]
    ) -> NameSpan | bool:
        bound, name_at = self._speakers.names.is_bound, partial(self.name_at, tagged, actors)
        found = self._speakers.find(tagged, votes)
        if isinstance(found, NameSpan):
            found = is_upon(tagged, found.first) or self._ended(tagged, actors, found)
        found = by_construction(tagged, found, actors, name_at, bound)
        found = by_place(tagged, behind_quotation(tagged, found, name_at, bound), actors, name_at)
        return by_label(tagged, found, actors, name_at, bound)

    def _recipient(
        self,
        tagged: Tagged,
        stances: str,
        speaker: NameSpan | None,
        actors: list[ActorMatch],
        votes: Sequence[float],
    ) -> NameSpan | None:
        recipients = self._recipients
        found = recipients.find(tagged, stances, speaker, actor_starts(actors, speaker), votes)
        if found is None:
            return beside(tagged, partial(recipients.names.cut, tagged)) if "supportive" in stances else None
        if speaker and found.first < speaker.first <= found.last:
            return None  # "Moscow threatens Kyiv and Berlin warns": Kyiv is of another's act
        return received(tagged, found, actors, partial(recipients.names.cut, tagged))

    def _batch(self, sentences: Sequence[Tagged], held: Sequence[str]) -> Iterator[Named]:
        actors = [self._gazetteer.find(tagged.tokens) for tagged in sentences]
        held_by = {i: stances for i, stances in enumerate(held) if stances}
        # where no word stands no name can begin
        seen = [i for i, tagged in enumerate(sentences) if any(tagged.content)] if self._network else []
        view, votes = None, dict[int, list[float]]()
        if self._network and seen:
            starts = [actor_starts(actors[i], None) for i in seen]
            view = self._network.look([sentences[i] for i in seen], starts)
            votes = dict(zip(seen, view.speakers, strict=True))
        who = [self._speaker(tagged, votes.get(i, ()), actors[i]) for i, tagged in enumerate(sentences)]
        names = [w if isinstance(w, NameSpan) else None for w in who]
        others: dict[int, list[float]] = {}
        if view:
            asked = [(k, i) for k, i in enumerate(seen) if i in held_by]
            spans = [name[:2] if (name := names[i]) else None for _, i in asked]
            heard = view.recipients([k for k, _ in asked], spans, [held[i] for _, i in asked])
            others = {i: scores for (_, i), scores in zip(asked, heard, strict=True)}
        found = {
            i: self._recipient(sentences[i], stances, names[i], actors[i], others.get(i, ()))
            for i, stances in held_by.items()
        }
        for i, (speaker, name) in enumerate(zip(who, names, strict=True)):
            yield Named(bool(speaker), name, found.get(i), actors[i])
