"""Events: who takes which stance towards whom, with the evidence and its place."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from typing import Any

from stance.errors import DataError
from stance.lexicon import Lexicon
from stance.statements.article import Article, Statement
from stance.statements.words import PAUSES
from stance.text import normalize

__all__ = ["CAMEO", "PLOVER", "Event", "check_stances", "event_columns", "events_of"]

CAMEO = {"supportive": "03", "warning": "13", "calling_for_ceasefire": "0256"}
"""CAMEO's code nearest to each stance: express intent to cooperate, threaten, appeal for de-escalation
of military engagement (P. A. Schrodt 2012, CAMEO Codebook 1.1b3; the codebook of the labels lists the
neighbours that each stance covers)."""
PLOVER = {"supportive": "SUPPORT", "warning": "THREATEN", "calling_for_ceasefire": "REQUEST"}
"""PLOVER's event class of each stance (Open Event Data Alliance 2018, PLOVER Codebook)."""
_DENYING = frozenset(["denial", "refusal"])
"""Classes of the lexicon: behind such a word stands what a speaker does not say."""
_PAUSE = re.compile(f"[{re.escape(''.join(sorted(PAUSES)))}]")
_LAM = ("لجنة", "لجان", "لاجئ", "لاعب", "لواء", "لوبي", "ليبرالي", "لاتيني")
"""How names begin that lose no letter behind "to": of three of the same two are written."""


@dataclass(frozen=True, slots=True)
class Event:
    """One act: a speaker takes a stance towards a recipient.

    Attributes
    ----------
    speaker : str
        The speaker's name, carried over where the statement has none; empty if not known.
    speaker_name : str
        English name of the speaker's country, organisation or group; empty if not known.
    speaker_country, speaker_role : str
        ISO 3166-1 alpha-3 and CAMEO role; empty if not known.
    stance : str
    cameo, plover : str
        The stance in these codes, see :data:`CAMEO` and :data:`PLOVER`; empty for other labels.
    recipient, recipient_name, recipient_country, recipient_role : str
        Empty if there is none, or it is not known.
    sentiment : str
    probability : float
        Calibrated probability of the stance.
    start, end : int
        Place of the statement in the article, in characters.
    quote_start, quote_end : int
        Place of what is said, from its first piece to its last; the statement's where it cannot be told apart.
    quote : str
        What is said; the statement where it cannot be told apart, or where part of it is what the speaker denies.
    """

    speaker: str
    speaker_name: str
    speaker_country: str
    speaker_role: str
    stance: str
    cameo: str
    plover: str
    recipient: str
    recipient_name: str
    recipient_country: str
    recipient_role: str
    sentiment: str
    probability: float
    start: int
    end: int
    quote_start: int
    quote_end: int
    quote: str

    @property
    def source(self) -> str:
        """The speaker as sums over articles name it: in English where known, else as the text does."""
        return self.speaker_name or _summed(self.speaker)

    @property
    def target(self) -> str:
        """The recipient, likewise."""
        return self.recipient_name or _summed(self.recipient)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain data, in the order of the columns of files.

        Returns
        -------
        dict of str to object
        """
        return {**asdict(self), "probability": round(self.probability, 6)}


def _summed(name: str) -> str:
    """Return a name on one line; where it stands behind "to", which hides its article, with that instead."""
    line = " ".join(name.split())
    if not line.startswith("لل") or len(line.split(maxsplit=1)[0]) < 5:
        return line
    return f"ال{line[1:] if line[1:].startswith(_LAM) else line[2:]}"


def check_stances(stances: Collection[str]) -> None:
    """Refuse to make events where a model gives nothing that they are made of.

    Parameters
    ----------
    stances : collection of str
        Of the model.

    Raises
    ------
    DataError
        If there are none; it is a ValueError, too.
    """
    if not stances:
        raise DataError(
            "events are made of stances, and this model has none; use one that has, such as the installed model"
        )


def events_of(article: Article) -> list[Event]:
    """Return an article's events.

    Parameters
    ----------
    article : Article

    Returns
    -------
    list of Event
        In the order of the text, stances in the model's order.

    Raises
    ------
    DataError
        If the model that read the article has no stances.

    Examples
    --------
    >>> import stance
    >>> [event] = events_of(stance.read("حذرت ألمانيا إيران من إغلاق المضيق."))
    >>> event.speaker_country, event.stance, event.cameo, event.recipient_country
    ('DEU', 'warning', '13', 'IRN')
    """
    if article:
        check_stances(article[0].probabilities)
    return [
        _event(article.text, statement, stance)
        for statement in article
        for stance in statement.probabilities
        if stance in statement.stances
    ]


def event_columns() -> dict[str, type]:
    """Return names and types of the columns of events.

    Returns
    -------
    dict of str to type
    """
    kinds: dict[str, type] = {"float": float, "int": int}
    return {f.name: kinds.get(str(f.type), str) for f in fields(Event)}


def _event(text: str, statement: Statement, stance: str) -> Event:
    speaker, recipient = statement.speaker_actor, statement.recipient_actor
    said = _evidence(text, statement)
    return Event(
        speaker=statement.speaker_resolved or "",
        speaker_name=speaker.name if speaker else "",
        speaker_country=speaker.country if speaker else "",
        speaker_role=speaker.role if speaker else "",
        stance=stance,
        cameo=CAMEO.get(stance, ""),
        plover=PLOVER.get(stance, ""),
        recipient=statement.recipient or "",
        recipient_name=recipient.name if recipient else "",
        recipient_country=recipient.country if recipient else "",
        recipient_role=recipient.role if recipient else "",
        sentiment=statement.sentiment,
        probability=statement.probabilities[stance],
        start=statement.start,
        end=statement.end,
        quote_start=said[0][0],
        quote_end=said[-1][1],
        quote=" … ".join(text[a:b] for a, b in said),
    )


def _evidence(text: str, statement: Statement) -> tuple[tuple[int, int], ...]:
    """Return the places of what is said, or of the whole statement where what is denied would stand there without the denial."""
    behind = statement.start
    for start, end in statement.content:
        if _denies(_PAUSE.split(text[behind:start])[-1]):
            return ((statement.start, statement.end),)
        behind = end
    return statement.content or ((statement.start, statement.end),)


def _denies(introduction: str) -> bool:
    """Tell whether a word of denial or refusal stands among the words that introduce what is said."""
    lexicon = Lexicon.default()
    found = {
        c for word in normalize(introduction).split() for c in lexicon.word_classes(lexicon.patterns(word))
    }
    return not _DENYING.isdisjoint(lexicon.classes[c] for c in found)
