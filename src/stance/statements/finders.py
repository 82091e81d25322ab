"""Finding the speaker and the recipient of a statement by the reader's model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

from stance.actors import Actor, ActorMatch, Gazetteer
from stance.statements.cutting import LONGEST_NAME, NameCutter, NameSpan
from stance.statements.model import ReaderModel
from stance.statements.people import MANY, PEOPLE
from stance.statements.places import Places
from stance.statements.rankers import scorer, scorer_of_both
from stance.statements.recipient_ends import is_source, whereabouts
from stance.statements.recipient_features import (
    RECIPIENT_PARTS,
    Scene,
    describe_meeting,
    describe_scene,
    describe_statement,
)
from stance.statements.sentence_features import describe_whole
from stance.statements.speaker_features import (
    START_PARTS,
    describe_before,
    describe_context,
    describe_pair,
    describe_word,
    side_of,
)
from stance.statements.tagging import Tagged

__all__ = ["LONGEST_NAME", "NameSpan", "RecipientFinder", "SpeakerFinder", "actor_starts", "stance_key"]

MOST_CONTEXT = 5.0
"""What the context of a place can make up for where a speaker is looked for; further behind, it is not looked at.  Of 6,012
sentences of news none has another speaker by it."""
MOST_SCENE = 10.0
"""The same where a recipient is looked for: none of 300 is another (with 5, two are missed)."""
MOST_MEETING = 10.0
"""What a word and the one before it can make up for: of 164,699 such pairs in 6,012 sentences of news none weighs more than 9.3."""
MOST_RANKED = 4.75
"""What the rankers can make up for where the votes are for nobody; further ahead, they are not asked.  Of 6,012 sentences of
news a quarter is so; none of these would have a speaker, nor would any of 59,638."""
_KNOWN = 200_000


def stance_key(stances: frozenset[str]) -> str:
    """Write a set of stances as the rankers' descriptions have it.

    Parameters
    ----------
    stances : frozenset of str

    Returns
    -------
    str

    Examples
    --------
    >>> stance_key(frozenset(["warning", "supportive"]))
    'supportive|warning'
    """
    return "|".join(sorted(stances))


def actor_starts(matches: list[ActorMatch], speaker: NameSpan | None) -> dict[int, str]:
    """Return the tokens at which known actors begin, and their sort.

    Parameters
    ----------
    matches : list of ActorMatch
    speaker : NameSpan, optional
        The speaker's name.

    Returns
    -------
    dict of int to str
        ``c`` for a country, ``g`` for a group or organisation, ``o`` for an office; a country is a
        ``C`` and a group a ``G`` where the speaker belongs to it.
    """
    own = {
        m.actor.country or m.actor.name
        for m in matches
        if speaker and speaker.first <= m.first <= speaker.last
    }
    return {m.first: _sort(m.actor, own) for m in matches}


def _sort(actor: Actor, own: set[str]) -> str:
    sort = "o" if not actor.name else "g" if actor.role else "c"
    return sort.upper() if (actor.country or actor.name) in own and sort != "o" else sort


class SpeakerFinder:
    """Finds the speaker of a sentence.

    Parameters
    ----------
    model : ReaderModel
    gazetteer : Gazetteer
        Its names are known without the clitics written to them.

    Attributes
    ----------
    names : NameCutter
        Cuts the names of speakers.
    """

    def __init__(self, model: ReaderModel, gazetteer: Gazetteer) -> None:
        tables, at = model.tables["speaker"], accumulate(START_PARTS, initial=0)
        self._before, self._word, self._pair, self._context = (scorer(tables[a:b]) for a, b in pairwise(at))
        self._whole = scorer_of_both(model.tables["nobody"], model.tables["left_out"])
        self.names = NameCutter(model.tables["speaker_end"], model.clusters, gazetteer, "وفل")
        self._meetings: dict[tuple[str, str, str], float] = {}

    def find(self, tagged: Tagged, votes: Sequence[float] = ()) -> NameSpan | bool:
        """Find who speaks in a sentence.

        Parameters
        ----------
        tagged : Tagged
        votes : sequence of float, optional
            What else speaks for each token, for nobody, and for somebody left out, as
            :attr:`stance.statements.network.View.speakers` holds it.

        Returns
        -------
        NameSpan or bool
            The name's tokens; True where somebody speaks who is a pronoun or left out; False where
            nobody does.
        """
        if votes and votes[-2] - MOST_RANKED > max(*votes[:-2], votes[-1]):
            return False
        places = Places(tagged)
        nobody, left_out = self._whole(describe_whole(tagged, places))
        if votes:
            nobody, left_out = nobody + votes[-2], left_out + votes[-1]
        best, first = max(nobody, left_out), -1
        norms, before, meetings = tagged.norms, tagged.before, self._meetings
        for i, content in enumerate(tagged.content):
            if not content:
                continue
            vote = votes[i] if votes else 0.0
            if vote <= best - MOST_CONTEXT - MOST_MEETING:
                continue
            j = before[i]
            side = side_of(tagged, j)
            found = meetings.get((norms[j] if j >= 0 else "<S>", norms[i], side))
            if found is None:
                found = self._meeting(tagged, i, j, side)
            found += vote
            if found > best - MOST_CONTEXT:
                found += self._context(describe_context(tagged, places, i, side))
                if found > best:
                    best, first = found, i
        if first < 0:
            return left_out > nobody
        return self.names.cut(tagged, first)

    def _meeting(self, tagged: Tagged, i: int, j: int, side: str) -> float:
        """Work out what two words that meet weigh, whatever stands around them, and remember it."""
        if len(self._meetings) > _KNOWN:
            self._meetings = {}
        w, p = tagged.norms[i], tagged.norm(j)
        word, before = tagged.words[i], tagged.words[j] if j >= 0 else None
        found = self._meetings[p, w, side] = (
            self._before(describe_before(p, before, side))
            + self._word(describe_word(w, word, side, tagged.tokens[i].kind))
            + self._pair(describe_pair(p, before, w, word))
        )
        return found


class RecipientFinder:
    """Finds whom a stance is directed at or about.

    Parameters
    ----------
    model : ReaderModel
    gazetteer : Gazetteer
        As for :class:`SpeakerFinder`.

    Attributes
    ----------
    names : NameCutter
        Cuts the names of recipients.
    """

    def __init__(self, model: ReaderModel, gazetteer: Gazetteer) -> None:
        tables = model.tables["recipient"]
        self._words, self._scene = scorer(tables[: RECIPIENT_PARTS[0]]), scorer(tables[RECIPIENT_PARTS[0] :])
        self._none = scorer(model.tables["no_recipient"])
        self.names = NameCutter(model.tables["recipient_end"], model.clusters, gazetteer, "وفبل")
        self._meetings: dict[tuple[str, str, str], float] = {}

    def find(
        self,
        tagged: Tagged,
        stances: str,
        speaker: NameSpan | None,
        actors: Mapping[int, str],
        votes: Sequence[float] = (),
    ) -> NameSpan | None:
        """Find the recipient of a statement.

        Parameters
        ----------
        tagged : Tagged
        stances : str
            As :func:`stance_key` writes them.
        speaker : NameSpan, optional
            The speaker's name; the recipient is somebody else.
        actors : dict of int to str
            As :func:`actor_starts` gives them.
        votes : sequence of float, optional
            What else speaks for each token and for nobody, as
            :meth:`stance.statements.network.View.recipients` gives it.

        Returns
        -------
        NameSpan or None
        """
        best, first = self._none(describe_statement(tagged, stances, actors)), -1
        if votes:
            best += votes[-1]
        norms, known, own = tagged.norms, self._meetings, speaker[:2] if speaker else None
        away = whereabouts(tagged, own, {i for i, sort in actors.items() if sort in "cC"})
        place = range(away, away + 2) if away >= 0 else range(0)
        meetings = {}
        for i, content in enumerate(tagged.content):
            if content and i not in place and not is_source(tagged, i):
                j, sort = tagged.before[i], actors.get(i, "u")
                weight = known.get((norms[j] if j >= 0 else "<S>", norms[i], sort))
                if weight is None:
                    weight = self._meeting(tagged, i, sort)
                meetings[i] = weight + votes[i] if votes else weight
        least = max(meetings.values(), default=0.0) - MOST_SCENE
        wanted = frozenset(i for i, found in meetings.items() if found > least)
        for i, description in describe_scene(Scene(tagged, stances, own, actors), wanted):
            found = meetings[i] + self._scene(description)
            if found > best:
                best, first = found, i
        if first < 0 and place and (place.stop in actors or tagged.norm(place.stop) in PEOPLE | MANY):
            first = place.stop
        return self.names.cut(tagged, first) if first >= 0 else None

    def _meeting(self, tagged: Tagged, i: int, known: str) -> float:
        """Work out what two words that meet weigh, whatever stands around them, and remember it."""
        if len(self._meetings) > _KNOWN:
            self._meetings = {}
        j = tagged.before[i]
        w, p = tagged.norms[i], tagged.norm(j)
        before = tagged.words[j] if j >= 0 else None
        described = describe_meeting(p, before, w, tagged.words[i], known, tagged.tokens[i].kind)
        found = self._meetings[p, w, known] = self._words(described)
        return found
