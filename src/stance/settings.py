"""The settings of a training run."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import Any

from stance.errors import DataError

__all__ = ["TrainingConfig"]


@dataclass(frozen=True)
class TrainingConfig:
    """The settings of a training run; ``--config`` reads them from TOML.

    Attributes
    ----------
    stance_c, sentiment_c : float
        Inverse regularisation strengths.
    balanced : bool
        Whether rows with and without a stance weigh the same in all; probabilities are calibrated
        afterwards, on the rows as they are.
    ngram_range : tuple of (int, int)
        Lengths of the character n-grams.
    min_df : int
        Features of fewer texts are left out.
    bigrams : bool
        Whether pairs of adjacent words are features.
    ngram_weight, bigram_weight, context_weight, vector_weight, scope_weight : float
        Factors of the blocks of features: a larger one is regularised less.
    vector_dimensions : int
        Of the word vectors learned from unlabelled text, where there is some.
    attention_weight : float
        Share of the attention network's scores in the average with the linear ones, from 0 (none,
        and no network is trained) to 1; without word vectors there is none.
    attention_heads, attention_epochs : int
        Of the network.
    """

    stance_c: float = 0.005
    balanced: bool = True
    sentiment_c: float = 0.003
    ngram_range: tuple[int, int] = (2, 5)
    min_df: int = 3
    bigrams: bool = True
    ngram_weight: float = 0.3
    bigram_weight: float = 0.5
    context_weight: float = 1.0
    vector_weight: float = 2.0
    scope_weight: float = 1.0
    vector_dimensions: int = 150
    attention_weight: float = 0.5
    attention_heads: int = 4
    attention_epochs: int = 16

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
            If it is not TOML, a key is unknown or a value of the wrong type.

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
                raise DataError(f"{name}: the setting {key!r} is unknown; use {', '.join(kinds)}")
            if kinds[key] is float and type(value) is int:
                data[key] = float(value)
            elif kinds[key] is tuple:
                data[key] = _pair(value, f"{name}: {key}")
            elif type(value) is not kinds[key]:
                raise DataError(f"{name}: {key} must be of type {kinds[key].__name__}, got {value!r}")
        config = cls(**data)
        if not 0 <= config.attention_weight <= 1:
            raise DataError(f"{name}: attention_weight must be from 0 to 1, got {config.attention_weight}")
        return config


def _pair(value: Any, where: str) -> tuple[int, int]:
    if not (isinstance(value, list) and len(value) == 2 and all(type(v) is int for v in value)):
        raise DataError(f"{where} must be two whole numbers, got {value!r}")
    return value[0], value[1]
