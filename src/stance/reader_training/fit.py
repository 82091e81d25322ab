"""Training the reader: speakers and recipients from annotated sentences."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from stance.actors import Gazetteer
from stance.datasets.annotated import AnnotatedSentence
from stance.features.vectors import WordVectors
from stance.lexicon import Lexicon
from stance.ranking import Description
from stance.ranking.fitting import Choices, fit_choices, fit_decisions
from stance.reader_training.examples import Seen
from stance.reader_training.network import NetworkConfig, fit_network
from stance.statements.end_features import describe_end
from stance.statements.finders import LONGEST_NAME, NameSpan, actor_starts, stance_key
from stance.statements.model import BLOCKS, ReaderModel
from stance.statements.places import Places
from stance.statements.recipient_features import Scene, describe_meeting, describe_scene, describe_statement
from stance.statements.sentence_features import describe_whole
from stance.statements.speaker_features import (
    describe_before,
    describe_context,
    describe_pair,
    describe_word,
    side_of,
)
from stance.statements.tagging import Tagged, Tagger
from stance.text import tokenize

__all__ = ["ReaderConfig", "doubted", "train_reader"]

_CLITICS = frozenset("وفبلك")
_MISSED = 0.28
_WRONG = {"supportive": 0.05, "warning": 0.04, "calling_for_ceasefire": 0.01}
"""How often a model misses a stance or gives a wrong one: the shipped one's rates in cross-validation, rounded."""


@dataclass(frozen=True)
class ReaderConfig:
    """Settings of the reader's training, chosen by cross-validation.

    Attributes
    ----------
    penalty : float
        Of the squared weights of the ranker of speakers.
    recipient_penalty : float
        The same for recipients.
    end_penalty : float
        The same for where names end.
    min_count : int
        Things that a value must describe.
    least_weight : float
        Smaller weights are left out of the model.
    stillness : float
        Added to the score of "nobody speaks": the annotated rows are richer in speakers than news.
    network : NetworkConfig
    """

    penalty: float = 1.0
    recipient_penalty: float = 3.0
    end_penalty: float = 2.0
    min_count: int = 2
    least_weight: float = 0.025
    stillness: float = 0.12
    network: NetworkConfig = field(default_factory=NetworkConfig)


@dataclass
class _Work:
    """What the rankers learn from."""

    speakers: Choices = field(
        default_factory=lambda: Choices([BLOCKS["speaker"], BLOCKS["nobody"], BLOCKS["left_out"]])
    )
    recipients: Choices = field(
        default_factory=lambda: Choices([BLOCKS["recipient"], BLOCKS["no_recipient"]])
    )
    speaker_ends: Choices = field(default_factory=lambda: Choices([BLOCKS["speaker_end"]]))
    recipient_ends: Choices = field(default_factory=lambda: Choices([BLOCKS["recipient_end"]]))
    seen: list[Seen] = field(default_factory=list)


def doubted(row: AnnotatedSentence) -> str:
    """Draw the stances of a row as a model might label them, for the reader has only such.

    Parameters
    ----------
    row : AnnotatedSentence

    Returns
    -------
    str
        As :func:`~stance.statements.finders.stance_key` writes them; the same for the same text.
    """
    draw = Random(zlib.crc32(row.text.encode("utf-8", "surrogatepass")))  # noqa: S311  # no secret is drawn
    kept = {s for s in sorted(row.stances) if draw.random() >= _MISSED}
    wrong = {s for s, rate in _WRONG.items() if draw.random() < rate}
    return stance_key(frozenset(kept | wrong))


def train_reader(
    rows: Iterable[AnnotatedSentence],
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    clusters: Mapping[str, str],
    vectors: WordVectors | None = None,
    config: ReaderConfig | None = None,
    facts: dict[str, Any] | None = None,
    card: str = "",
) -> ReaderModel:
    """Fit the reader's tables and its network.

    Parameters
    ----------
    rows : iterable of AnnotatedSentence
    lexicon : Lexicon
    gazetteer : Gazetteer
    clusters : dict of str to str
        See :func:`stance.reader_training.clusters.cluster_words`.
    vectors : WordVectors, optional
        Of the words in clusters; without them the reader gets no network.
    config : ReaderConfig, optional
    facts : dict, optional
        What to write into the model's configuration.
    card : str
        The model card.

    Returns
    -------
    ReaderModel

    Raises
    ------
    TrainingError
        If no row names a speaker or a recipient.
    ImportError
        If a network is wanted and torch is not installed.
    ValueError
        If `vectors` are not of the words in clusters.
    """
    config = config or ReaderConfig()
    if vectors and list(vectors.words) != sorted(clusters):
        raise ValueError("vectors and clusters are not of the same words; cluster the words of the vectors")
    tagger, work = Tagger(lexicon, clusters), _Work()
    for row in rows:
        _add(work, row, tagger.tag(row.text, row.continues, doubted(row)), gazetteer)
    with threadpool_limits(1):  # the same weights whatever the machine
        starts = fit_choices(work.speakers, config.penalty, config.min_count, config.least_weight)
        others = fit_choices(work.recipients, config.recipient_penalty, config.min_count, config.least_weight)
        ends = [
            fit_decisions(work_of, config.end_penalty, config.min_count, config.least_weight)
            for work_of in (work.speaker_ends, work.recipient_ends)
        ]
    always, *rest = starts[1]  # the first template holds one value, "all"
    starts[1] = ({"all": float(np.float32(always.get("all", 0.0) + config.stillness))}, *rest)
    tables = dict(zip(BLOCKS, [*starts, ends[0], *others, ends[1]], strict=True))
    network = fit_network(work.seen, vectors, config.network) if vectors else None
    return ReaderModel(tables, lexicon, dict(clusters), facts or {}, card, network)


def _add(work: _Work, row: AnnotatedSentence, tagged: Tagged, gazetteer: Gazetteer) -> None:
    """Add what a row tells: who speaks, who is spoken of, where their names end."""
    speaker = _span(tagged, row.speaker) if isinstance(row.speaker, tuple) else None
    matches = gazetteer.find(tagged.tokens)
    at: int | None = None
    if not isinstance(row.speaker, tuple) or speaker:
        _add_speaker(work, tagged, speaker, bool(row.speaker))
        at = speaker.first if speaker else len(tagged) + bool(row.speaker)
    starts: tuple[int, ...] | None = None
    if row.stances and row.recipient is not None:
        actors = actor_starts(matches, speaker)
        mentions = _mentions(tagged, row.text, row.recipient) if isinstance(row.recipient, tuple) else []
        if mentions or not row.recipient:
            starts = _add_recipient(work, tagged, stance_key(row.stances), speaker, actors, mentions)
    held = stance_key(row.stances) if starts else ""
    name = speaker[:2] if speaker else None
    work.seen.append(Seen(tagged, actor_starts(matches, None), name, at, held, starts))


def _span(tagged: Tagged, span: Sequence[int]) -> NameSpan | None:
    """Turn a span of characters into one of tokens; a name begins with a word."""
    start, end = span
    first = next((k for k, t in enumerate(tagged.tokens) if t.end > start and tagged.content[k]), -1)
    last = max((k for k, t in enumerate(tagged.tokens) if t.start < end), default=-1)
    return NameSpan(first, last) if 0 <= first <= last else None


def _mentions(tagged: Tagged, text: str, span: tuple[int, int]) -> list[NameSpan]:
    """Return where a name stands: a sentence may hold it several times, and inside another word too."""
    head, *rest = [t.norm for t in tokenize(text[slice(*span)])] or [""]
    norms, n = tagged.norms, len(rest)
    found = [
        NameSpan(i, i + n)
        for i, norm in enumerate(norms)
        if (norm == head or (norm[:1] in _CLITICS and norm[1:] == head)) and norms[i + 1 : i + 1 + n] == rest
    ]
    meant = _span(tagged, span)
    return [name for name in found if tagged.content[name.first]] or ([meant] if meant else [])


def _add_speaker(work: _Work, tagged: Tagged, speaker: NameSpan | None, somebody: bool) -> None:
    around = Places(tagged)
    places, starts = [], []
    for i, content in enumerate(tagged.content):
        if content:
            places.append(i)
            starts.append((0, _place(tagged, around, i)))
    whole = describe_whole(tagged, around)
    right = places.index(speaker.first) if speaker else len(starts) + somebody
    work.speakers.add([*starts, (1, whole), (2, whole)], right)
    if speaker:
        _add_ends(work.speaker_ends, tagged, speaker)


def _place(tagged: Tagged, around: Places, i: int) -> Description:
    """Join the parts of the description of a place."""
    j = tagged.before[i]
    side, before = side_of(tagged, j), tagged.words[j] if j >= 0 else None
    p, w, word = tagged.norm(j), tagged.norms[i], tagged.words[i]
    return (
        describe_before(p, before, side)
        + describe_word(w, word, side, tagged.tokens[i].kind)
        + describe_pair(p, before, w, word)
        + describe_context(tagged, around, i, side)
    )


def _add_recipient(
    work: _Work,
    tagged: Tagged,
    stances: str,
    speaker: NameSpan | None,
    actors: Mapping[int, str],
    mentions: Sequence[NameSpan],
) -> tuple[int, ...] | None:
    places, starts = [], []
    for i, context in describe_scene(Scene(tagged, stances, speaker[:2] if speaker else None, actors)):
        j = tagged.before[i]
        before = tagged.words[j] if j >= 0 else None
        known, kind = actors.get(i, "u"), tagged.tokens[i].kind
        meeting = describe_meeting(tagged.norm(j), before, tagged.norms[i], tagged.words[i], known, kind)
        places.append(i)
        starts.append((0, meeting + context))
    named = [name for name in mentions if name.first in places]
    if mentions and not named:
        return None  # named inside the speaker's own name only
    right = [places.index(name.first) for name in named] or [len(starts)]
    work.recipients.add([*starts, (1, describe_statement(tagged, stances, actors))], *right)
    if named:
        _add_ends(work.recipient_ends, tagged, named[0])
    return tuple(name.first for name in named) or (len(tagged),)


def _add_ends(ends: Choices, tagged: Tagged, span: NameSpan) -> None:
    marks = 0
    for k in range(span.first, min(span.last, span.first + LONGEST_NAME) + 1):
        marks += tagged.tokens[k].kind == "punctuation"
        ends.add([(0, describe_end(tagged, span.first, k, marks))], int(k == span.last))
