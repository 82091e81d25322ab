"""What pages read of predictions, explanations and articles.

The classes themselves show themselves through this package, so it stands below them and names no more
of them than it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

__all__ = ["ArticleView", "EdgeView", "EventView", "Explainer", "ExplanationView", "LabelledView", "StatementView", "WordView"]  # fmt: skip

Place = tuple[int, int]


class LabelledView(Protocol):
    """A prediction, or a statement with one."""

    @property
    def stances(self) -> frozenset[str]:
        """The stances that hold."""

    @property
    def stance(self) -> str:
        """The strongest of them."""

    @property
    def probabilities(self) -> Mapping[str, float]:
        """Probability of each stance, in the model's order."""

    @property
    def sentiment(self) -> str:
        """The sentiment that was decided for."""

    @property
    def sentiment_probabilities(self) -> Mapping[str, float]:
        """Probability of each sentiment."""


class StatementView(LabelledView, Protocol):
    """A statement of an article."""

    @property
    def text(self) -> str:
        """The statement."""

    @property
    def start(self) -> int:
        """Where it begins in the article."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def paragraph(self) -> int:
        """Number of its paragraph."""

    @property
    def kind(self) -> str | None:
        """Kind of speech."""

    @property
    def speaker_span(self) -> Place | None:
        """Place of the speaker's name."""

    @property
    def speaker_resolved(self) -> str | None:
        """Name of the speaker."""

    @property
    def recipient(self) -> str | None:
        """Name of the recipient."""

    @property
    def recipient_span(self) -> Place | None:
        """Place of the recipient's name."""


class EventView(Protocol):
    """Who takes which stance towards whom."""

    @property
    def source(self) -> str:
        """The speaker, as sums over articles name it."""

    @property
    def target(self) -> str:
        """The recipient."""

    @property
    def stance(self) -> str:
        """The stance."""


class EdgeView(EventView, Protocol):
    """Events of one kind, summed."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def probability(self) -> float:
        """Their mean probability."""

    @property
    def sentiment(self) -> float:
        """Their mean sentiment."""


class ArticleView(Protocol):
    """An article that was read."""

    @property
    def text(self) -> str:
        """The article as given."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[StatementView]: ...

    def events(self) -> Sequence[EventView]:
        """Return its events."""


class WordView(Protocol):
    """A word with its shares."""

    @property
    def text(self) -> str:
        """The word."""

    @property
    def start(self) -> int:
        """Where it begins in the text."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def shares(self) -> Mapping[str, float]:
        """What it adds to each label's log-odds."""


class ExplanationView(Protocol):
    """The sums that a text's scores are."""

    @property
    def text(self) -> str:
        """The text."""

    @property
    def labels(self) -> Sequence[str]:
        """The labels, in the model's order."""

    @property
    def words(self) -> Sequence[WordView]:
        """The words, in the order of the text."""

    @property
    def bias(self) -> Mapping[str, float]:
        """What is added whatever the words are."""

    @property
    def log_odds(self) -> Mapping[str, float]:
        """Bias and shares of all words, summed."""

    @property
    def probabilities(self) -> Mapping[str, float]:
        """Probability of each label."""


class Explainer(Protocol):
    """A model that explains texts."""

    def explain(self, text: str) -> ExplanationView:
        """Take the scores of a text apart."""
