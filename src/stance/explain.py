"""Exact explanations: the numbers that a score is the sum of, each at its place in the text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stance.calibration import sentiment_probabilities, stance_probabilities
from stance.features.pairing import for_target, target_scores
from stance.features.scorer import Scorer
from stance.model import ModelConfig
from stance.reprs import beginning, named_values
from stance.text import tokenize

__all__ = ["Explanation", "Feature", "WordShare", "explain"]


@dataclass(frozen=True)
class Feature:
    """One summand of the scores.

    Attributes
    ----------
    name : str
        ``"word"`` for all that depends on the word alone, else the feature's name.
    start, end : int
        Span of the word it is counted at.
    shares : dict of str to float
        What it adds to each label's log-odds.
    """

    name: str
    start: int
    end: int
    shares: dict[str, float]


@dataclass(frozen=True)
class WordShare:
    """A word and what it adds to each label's log-odds, with the features that begin at it."""

    text: str
    start: int
    end: int
    shares: dict[str, float]


@dataclass(frozen=True)
class Explanation:
    """Why a text is labelled as it is.

    For every stance, ``bias[stance]`` plus the shares of all words is the log-odds of its
    calibrated probability.  For the sentiments they are the logits of the softmax.

    Attributes
    ----------
    text : str
    labels : tuple of str
        The stances, then the sentiments.
    words : tuple of WordShare
        In the order of the text.
    features : tuple of Feature
        The same sum in finer parts.
    bias : dict of str to float
    log_odds : dict of str to float
    probabilities : dict of str to float
    """

    text: str
    labels: tuple[str, ...]
    words: tuple[WordShare, ...]
    features: tuple[Feature, ...]
    bias: dict[str, float]
    log_odds: dict[str, float]
    probabilities: dict[str, float]

    def top(self, label: str, n: int = 10) -> list[WordShare]:
        """Return the words with the largest shares of a label, for or against it.

        Parameters
        ----------
        label : str
        n : int

        Returns
        -------
        list of WordShare
            By falling size.
        """
        return sorted(self.words, key=lambda w: -abs(w.shares[label]))[:n]

    def __repr__(self) -> str:
        return f"<Explanation of {beginning(self.text)}: {named_values(self.probabilities.items())}>"

    def _repr_html_(self) -> str:
        """Show the explanation in a notebook."""
        from stance.pages import explanation_html  # noqa: PLC0415  # wanted only in notebooks

        return explanation_html(self)


def explain(text: str, scorer: Scorer, config: ModelConfig, target: str | None = None) -> Explanation:
    """Take the scores of a text apart.

    Parameters
    ----------
    text : str
    scorer : Scorer
    config : ModelConfig
    target : str, optional
        Of a model of pairs.

    Returns
    -------
    Explanation
    """
    labels = (*config.stances, *config.sentiments)
    n_stances = len(config.stances)
    calibration = np.array(config.calibration).reshape(-1, 2)
    slope = np.concatenate([calibration[:, 0], np.full(len(config.sentiments), 1 / config.temperature)])
    offset = np.concatenate([calibration[:, 1], np.zeros(len(config.sentiments))])
    found = scorer.shares(text)
    value, bias = found.value, scorer.bias
    if target is not None:
        value, bias = (for_target(v, target, config.targets, len(labels)) for v in (value, bias))
        if not config.targets:
            bias = bias + target_scores(scorer, [text], [target], len(labels))[0]
    value, bias = value * slope, bias * slope + offset
    tokens = tokenize(text)
    features = tuple(
        Feature(name, tokens[at].start, tokens[at].end, dict(zip(labels, row, strict=True)))
        for at, name, row in zip(found.token.tolist(), found.name, value.tolist(), strict=True)
    )
    by_token = np.zeros((len(tokens), len(labels)))
    np.add.at(by_token, found.token, value)
    words = tuple(
        WordShare(text[t.start : t.end], t.start, t.end, dict(zip(labels, row, strict=True)))
        for t, row in zip(tokens, by_token.tolist(), strict=True)
        if t.kind != "quote"
    )
    log_odds = bias + value.sum(axis=0)
    probabilities = np.concatenate(
        [
            stance_probabilities(log_odds[None, :n_stances], np.tile([1.0, 0.0], (n_stances, 1)))[0],
            sentiment_probabilities(log_odds[None, n_stances:], 1)[0],
        ]
    )

    def named(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> dict[str, float]:
        return dict(zip(labels, values.tolist(), strict=True))

    return Explanation(text, labels, words, features, named(bias), named(log_odds), named(probabilities))
