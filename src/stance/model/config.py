"""The configuration of a model: everything but its arrays, checked on the way in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from stance.errors import ModelFormatError, ModelIntegrityError
from stance.labels import MAX_LABELS, name_problem
from stance.model.plain import parse_config, shown
from stance.settings import ANALYZERS, LONGEST_NGRAM
from stance.text import NORMALIZATION_VERSION

__all__ = ["FORMAT", "ModelConfig"]

FORMAT = 4
"""Of the folders that are written; those of format 3, which know no clauses, of format 2, whose weights are no whole
numbers, and of format 1, without the pieces of words, are still read.

Raised when a folder written now cannot be read by an older version.  To raise it: keep the
reader of the old format, put a tiny model written in it into ``tests/golden/``, and tell it in
the changelog under "Changed models"."""

_LARGEST = 1_000_000
"""Of the numbers of calibration, in size: then no probability overflows."""


@dataclass(frozen=True)
class ModelConfig:
    """What ``config.json`` holds.

    Attributes
    ----------
    stances, sentiments : tuple of str
        The label order of all columns; one of the two may be empty.
    thresholds : tuple of float, one per stance
        A stance holds at this probability and above.
    calibration : tuple of (float, float), one per stance
        Slope and offset of Platt's sigmoid.
    temperature : float
        Divides the sentiment scores.
    ngram_range : tuple of (int, int)
    length_norm : bool
        Whether sums over features are divided by the square root of a text's number of tokens.
    analyzer : str
        Name of the morphological analyzer that labelling wants, or nothing.
    offsets : tuple of tuple of float
        Added to the log-probabilities of the sentiments before one is decided for: one row, or one
        per target; none at all is no offset.
    paired : bool
        Whether every text has a target.
    targets : tuple of str
        The closed set of them; empty where targets are texts.
    name : str
    versions : dict of str to str
        Of stance and the libraries that trained the model; for information.
    training : dict
        What it was trained on and with; for information.
    metrics : dict
        What was measured; for information.
    normalization : int
        Version of the normalisation that the vocabulary was built with.
    clause_weight : float
        How much the best clause of a text counts beside all of it, for stances, from 0 to 1.
    """

    stances: tuple[str, ...]
    sentiments: tuple[str, ...]
    thresholds: tuple[float, ...]
    calibration: tuple[tuple[float, float], ...]
    temperature: float
    ngram_range: tuple[int, int]
    length_norm: bool = False
    analyzer: str = ""
    offsets: tuple[tuple[float, ...], ...] = ()
    paired: bool = False
    targets: tuple[str, ...] = ()
    name: str = "model"
    versions: dict[str, str] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    normalization: int = NORMALIZATION_VERSION
    clause_weight: float = 0.0
    format: int = FORMAT

    def to_json(self) -> str:
        """Return the file's content: sorted keys, one newline at the end."""
        content = asdict(self)
        if self.format < 4:
            del content["clause_weight"]  # which versions that write such folders do not know
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str, name: str) -> ModelConfig:
        """Read and check ``config.json``.

        Parameters
        ----------
        text : str
        name : str
            How errors call the file.

        Returns
        -------
        ModelConfig

        Raises
        ------
        ModelFormatError
            If format or normalisation are not those of this version.
        ModelIntegrityError
            If the content is not a valid configuration.
        """
        data = parse_config(text, name)
        if "kind" in data:
            raise ModelFormatError(f"{name} is of a reader; name the folder of a stance model")
        _check_version("format", data["format"], tuple(range(1, FORMAT + 1)), name)
        _check_version("normalization", data.get("normalization"), (NORMALIZATION_VERSION,), name)
        try:
            return cls._from_dict(data)
        except (TypeError, ValueError, KeyError) as error:
            raise ModelIntegrityError(
                f"{name} is not a valid model configuration ({shown(error)}); get the folder anew"
            ) from None

    @classmethod
    def _from_dict(cls, data: dict[str, Any]) -> ModelConfig:
        config = cls(
            stances=_labels(data.pop("stances")),
            sentiments=_labels(data.pop("sentiments")),
            thresholds=tuple(map(_number, data.pop("thresholds"))),
            calibration=tuple((_number(a), _number(b)) for a, b in data.pop("calibration")),
            temperature=_number(data.pop("temperature")),
            ngram_range=_range(data.pop("ngram_range")),
            length_norm=_truth(data.pop("length_norm", False)),
            clause_weight=_number(data.pop("clause_weight", 0)),
            offsets=tuple(tuple(map(_number, row)) for row in data.pop("offsets", [])),
            paired=_truth(data.pop("paired", False)),
            targets=_names(data.pop("targets", [])),
            name=_name(data.pop("name", "model")),
            versions=_about(data.pop("versions", {}), str),
            training=_about(data.pop("training", {}), rows=dict, extra=dict),
            metrics=_about(data.pop("metrics", {}), (int, float), stances=dict, sentiments=dict),
            **data,
        )
        if not len(config.thresholds) == len(config.calibration) == len(config.stances):
            raise ValueError("thresholds and calibration must have one entry per stance")
        if config.temperature * _LARGEST < 1:
            raise ValueError(f"temperature must be positive, at least {1 / _LARGEST}")
        if config.analyzer not in ("", *ANALYZERS):
            raise ValueError(f"analyzer must be one of {', '.join(ANALYZERS)}, got {shown(config.analyzer)}")
        if not config.stances and not config.sentiments:
            raise ValueError("a model has labels")
        if not 0 <= config.clause_weight <= 1 or (
            config.clause_weight and (config.paired or config.format < 4)
        ):
            raise ValueError(
                "the weight of clauses must be from 0 to 1, and 0 in a model of pairs or before format 4"
            )
        if config.targets and not config.paired:
            raise ValueError("targets belong to a model of pairs")
        wanted = (0, max(len(config.targets), 1) if config.sentiments else 0)
        if len(config.offsets) not in wanted or any(len(r) != len(config.sentiments) for r in config.offsets):
            raise ValueError("offsets must have one row, or one per target, of one entry per sentiment")
        return config

    @property
    def n_outputs(self) -> int:
        """Columns of the weights: the labels, once for the text, and again for each target or for a second text."""
        n_labels = len(self.stances) + len(self.sentiments)
        return n_labels * (1 + (len(self.targets) or 1)) if self.paired else n_labels


def _check_version(what: str, found: Any, known: tuple[int, ...], name: str) -> None:
    if found in known and type(found) is int:
        return
    way = (
        "install a newer stance"
        if isinstance(found, int) and found > known[-1]
        else "train the model anew with stance-train"
    )
    raise ModelFormatError(
        f"{name} is written in {what} {shown(found)}, this version of stance reads {what} {' and '.join(map(str, known))}; {way}"
    )


def _names(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
        raise TypeError("labels must be a list of names")
    if len(values) > MAX_LABELS or len(set(values)) != len(values):
        raise ValueError(f"labels must be at most {MAX_LABELS} different names")
    return tuple(values)


def _labels(values: Any) -> tuple[str, ...]:
    return tuple(map(_name, _names(values)))


def _name(value: Any) -> str:
    """Check what is written into tables and onto screens."""
    problem = name_problem(value if isinstance(value, str) else "")
    if problem:
        raise ValueError(f"{problem}, got {shown(value)}")
    return str(value)


def _about(value: Any, others: type | tuple[type, ...] = object, **parts: type) -> dict[str, Any]:
    """Check what is told of a model: an object, some parts of which are of a type, and all `others` of another."""
    if not isinstance(value, dict):
        raise TypeError(f"what is told of a model must be an object, got {shown(value)}")
    for key, part in value.items():
        if not isinstance(part, parts.get(key, others)):
            raise TypeError(f"what is told of a model as {key!r} is of another type, {shown(part)}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= _LARGEST:
        raise ValueError(f"a number of at most {_LARGEST:,} in size is wanted, got {shown(value)}")
    return float(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"true or false is wanted, got {shown(value)}")
    return value


def _range(value: Any) -> tuple[int, int]:
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(type(n) is int for n in value)
        or not 1 <= value[0] <= value[1] <= LONGEST_NGRAM
    ):
        raise ValueError(f"ngram_range must be two lengths from 1 to {LONGEST_NGRAM}, got {shown(value)}")
    return value[0], value[1]
