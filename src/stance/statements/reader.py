"""Reading an article: its statements, their speakers and their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from stance.predictor import Prediction, Predictor, load
from stance.statements.segment import segment
from stance.statements.speakers import SpeakerFinder

__all__ = ["Article", "Statement", "read"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, title or sub-heading of an article, with its labels.

    Attributes
    ----------
    text : str
    start, end : int
        ``article.text[start:end] == text``.
    paragraph : int
        Number of its line in the article, blank lines not counted.
    speaker : str or None
        The source as the text names it; ``"~"`` where it is a pronoun or left out; None where
        nobody speaks.
    speaker_start, speaker_end : int or None
        The span of a named speaker in the article.
    prediction : Prediction
    """

    text: str
    start: int
    end: int
    paragraph: int
    speaker: str | None
    speaker_start: int | None
    speaker_end: int | None
    prediction: Prediction

    @property
    def stances(self) -> frozenset[str]:
        """The stances that hold."""
        return self.prediction.stances

    @property
    def stance(self) -> str:
        """The strongest stance, or ``"none"``."""
        return self.prediction.stance

    @property
    def probabilities(self) -> dict[str, float]:
        """Calibrated probability of each stance."""
        return self.prediction.probabilities

    @property
    def sentiment(self) -> str:
        """The most probable sentiment."""
        return self.prediction.sentiment

    @property
    def sentiment_probabilities(self) -> dict[str, float]:
        """Probability of each sentiment."""
        return self.prediction.sentiment_probabilities

    def to_dict(self) -> dict[str, Any]:
        """Return the statement as plain data, in the order of the columns of files.

        Returns
        -------
        dict of str to object
            ``stances`` is a list in the model's order.
        """
        return {
            "start": self.start,
            "end": self.end,
            "stances": [s for s in self.probabilities if s in self.stances],
            "sentiment": self.sentiment,
            "speaker": self.speaker or "",
            "probabilities": {k: round(v, 6) for k, v in self.probabilities.items()},
            "sentiment_probabilities": {k: round(v, 6) for k, v in self.sentiment_probabilities.items()},
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Article(Sequence[Statement]):
    """An article and its statements, in order.

    Attributes
    ----------
    text : str
        The article as given.
    statements : tuple of Statement
    """

    text: str
    statements: tuple[Statement, ...]

    def __len__(self) -> int:
        return len(self.statements)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    def __getitem__(self, index: Any) -> Any:
        return self.statements[index]


def read(text: str, model: Predictor | None = None) -> Article:
    r"""Read an article.

    Parameters
    ----------
    text : str
        The article, titles and sub-headings on lines of their own.
    model : Predictor, optional
        The model installed with the package by default; it is loaded once.

    Returns
    -------
    Article

    Raises
    ------
    TypeError
        If `text` is not a str.

    Examples
    --------
    >>> import stance
    >>> article = stance.read("قمة الرباط\nحذر وزير الخارجية النرويجي من كارثة إنسانية وشيكة.")
    >>> [(s.stance, s.speaker) for s in article]
    [('none', None), ('warning', 'وزير الخارجية النرويجي')]
    """
    if not isinstance(text, str):
        raise TypeError(f"an article is a str, got {type(text).__name__}; read the file first")
    predictor = model if model is not None else _default()
    finder = _finder(predictor)
    spans = segment(text)
    sentences = [text[s.start : s.end] for s in spans]
    statements = []
    for span, sentence, prediction in zip(spans, sentences, predictor.predict(sentences), strict=True):
        found = finder.find(sentence, span.continues_quote)
        at = (span.start + found[0], span.start + found[1]) if isinstance(found, tuple) else (None, None)
        speaker = text[at[0] : at[1]] if isinstance(found, tuple) else found
        statements.append(
            Statement(sentence, span.start, span.end, span.paragraph, speaker, at[0], at[1], prediction)
        )
    return Article(text, tuple(statements))


@cache
def _default() -> Predictor:
    return load()


@lru_cache(maxsize=8)
def _finder(predictor: Predictor) -> SpeakerFinder:
    return SpeakerFinder(predictor.model.lexicon)
