"""The settings of a training run."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from stance.errors import DataError
from stance.hints import did_you_mean

__all__ = ["ANALYZERS", "LEXICONS", "LONGEST_NGRAM", "PRESETS", "TrainingConfig"]

ANALYZERS = ("camel",)
"""Names of the morphological analyzers, see :mod:`stance.features.analyzers`."""
LEXICONS = ("news", "posts")
"""Names of the installed lexicons, see :meth:`stance.lexicon.Lexicon.installed`."""
LONGEST_NGRAM = 16
_STRENGTHS = frozenset(["stance_c", "sentiment_c"])
_SHARES = frozenset(["attention_weight", "clause_weight"])
_MOST = 10_000_000


@dataclass(frozen=True)
class TrainingConfig:
    """The settings of a training run; ``--config`` reads them from TOML.

    Attributes
    ----------
    stance_c, sentiment_c : float
        Inverse regularisation strengths.
    balanced, sentiment_balanced : bool
        Whether rows with and without a stance, or the rows of each sentiment, weigh the same in
        all; probabilities are calibrated afterwards, on the rows as they are.
    ngram_range : tuple of (int, int)
        Lengths of the character n-grams.
    min_df : int
        Features of fewer texts are left out.
    max_ngrams : int
        Of words and character n-grams only so many are kept, those with the largest weights, so that a
        model does not grow with its rows; not where rows have targets.
    bigrams : bool
        Whether pairs of adjacent words are features.
    symbols : bool
        Whether punctuation marks and emoji are features.
    length_norm : bool
        Whether counts are divided by the square root of a text's length, for texts of uneven length.
    lexicon : str
        Name of the installed lexicon of cues, see :meth:`stance.lexicon.Lexicon.installed`.
    analyzer : str
        ``"camel"``: lemmas and segments of words are features, by camel-tools and its data; they count
        as words and character n-grams do.
    ngram_weight, bigram_weight, context_weight, vector_weight, scope_weight : float
        Factors of the blocks of features: a larger one is regularised less.
    target_weight : float
        Factor of what is learned apart for each target, where rows have targets.
    vector_dimensions : int
        Of the word vectors learned from unlabelled text, where there is some.
    vector_min_count : int
        Rarer words have no vector.
    vector_copies : int
        How often the texts of the rows themselves count beside the unlabelled text.
    clause_weight : float
        How much the best clause of a text counts beside all of it, from 0 to 1, in the linear scores of labels of which
        several may hold; not where rows have targets, nor in pipelines that are handed over.
    attention_weight : float
        Share of the attention network's scores in the average with the linear ones, from 0 (none,
        and no network is trained) to 1; without word vectors there is none.
    attention_heads, attention_epochs, attention_networks : int
        Of the network; how many of it are averaged.
    attention_extra_share : float
        Rows that the network alone learns from (``--attention-extra``) weigh, of each stance, at most so much
        of what the others weigh: rare stances are not learned from them above all.
    max_pieces : int
        Of only so many words, and beginnings and ends of words, the network learns something by itself, the
        most frequent, so that a model does not grow with its rows.
    """

    stance_c: float = 0.005
    balanced: bool = True
    sentiment_c: float = 0.003
    sentiment_balanced: bool = False
    ngram_range: tuple[int, int] = (2, 5)
    min_df: int = 3
    max_ngrams: int = 100_000
    bigrams: bool = True
    symbols: bool = False
    length_norm: bool = False
    lexicon: str = "news"
    analyzer: str = ""
    ngram_weight: float = 0.3
    bigram_weight: float = 0.5
    context_weight: float = 1.0
    vector_weight: float = 2.0
    scope_weight: float = 1.0
    target_weight: float = 1.0
    vector_dimensions: int = 150
    vector_min_count: int = 12
    vector_copies: int = 1
    clause_weight: float = 0.0
    attention_weight: float = 0.5
    attention_heads: int = 2
    attention_epochs: int = 8
    attention_networks: int = 1
    attention_extra_share: float = 1.0
    max_pieces: int = 40_000

    @classmethod
    def from_toml(cls, text: str, name: str) -> TrainingConfig:
        """Read the settings.

        Parameters
        ----------
        text : str
            TOML with any of the attributes as top-level keys.
        name : str
            How errors call the file.

        Returns
        -------
        TrainingConfig

        Raises
        ------
        DataError
            If it is not TOML, a key is unknown, or a value of the wrong type or out of bounds.

        Examples
        --------
        >>> TrainingConfig.from_toml("min_df = 5", "fast.toml").min_df
        5
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise DataError(f"{name} is not TOML: {error}") from None
        kinds = {f.name: type(f.default) for f in fields(cls)}
        for key, value in data.items():
            if key not in kinds:
                near = did_you_mean(key, kinds)
                raise DataError(f"{name}: the setting {key!r} is unknown{near}; use {', '.join(kinds)}")
            if kinds[key] is float and type(value) is int:
                data[key] = float(max(-1, min(value, 2 * _MOST)))  # of a thousand digits there is no float
            elif kinds[key] is tuple:
                data[key] = _pair(value, f"{name}: {key}")
            elif type(value) is not kinds[key]:
                raise DataError(f"{name}: {key} must be of type {kinds[key].__name__}, got {value!r}")
        config = cls(**data)
        _check(config, name)
        return config


def _check(config: TrainingConfig, name: str) -> None:
    """Refuse values of the right type with which no training can be run."""
    if config.analyzer not in ("", *ANALYZERS):
        raise DataError(f"{name}: analyzer must be one of {', '.join(ANALYZERS)}, got {config.analyzer!r}")
    if config.lexicon not in LEXICONS:
        raise DataError(f"{name}: lexicon must be one of {', '.join(LEXICONS)}, got {config.lexicon!r}")
    for key, value in asdict(config).items():
        if type(value) in (int, float):
            _check_number(key, value, name)


def _check_number(key: str, value: float, name: str) -> None:
    least = 0 if type(value) is float or key == "vector_copies" else 1
    most = 1 if key in _SHARES else _MOST
    if not least <= value <= most:
        raise DataError(f"{name}: {key} must be from {least} to {most:,}, got {value}")
    if key in _STRENGTHS and value == 0:
        raise DataError(f"{name}: {key} must be above 0, got {value}")


def _pair(value: Any, where: str) -> tuple[int, int]:
    whole = isinstance(value, list) and len(value) == 2 and all(type(v) is int for v in value)
    if not (whole and 1 <= value[0] <= value[1] <= LONGEST_NGRAM):
        raise DataError(
            f"{where} must be two whole numbers from 1 to {LONGEST_NGRAM}, the smaller one first, got {value!r}"
        )
    return value[0], value[1]


_POSTS = TrainingConfig(
    sentiment_c=0.03,
    sentiment_balanced=True,
    stance_c=0.03,
    min_df=2,
    symbols=True,
    length_norm=True,
    lexicon="posts",
    bigram_weight=1.0,
    vector_weight=0.25,
    scope_weight=0.0,
    vector_copies=3,
    attention_epochs=5,
    attention_networks=3,
)

PRESETS: dict[str, TrainingConfig] = {
    "news": TrainingConfig(),
    "news-words": TrainingConfig(ngram_weight=0.5, ngram_range=(3, 3), bigram_weight=1.0),
    "posts": _POSTS,
    "posts-strong": replace(_POSTS, sentiment_c=0.01, stance_c=0.01),
    "posts-weak": replace(_POSTS, sentiment_c=0.1, stance_c=0.1),
    "posts-target": replace(_POSTS, target_weight=0.5),
}
"""Settings by name, which ``stance-train --search`` compares: ``news`` for edited prose, ``posts`` for
short informal texts, with more or less regularisation."""
