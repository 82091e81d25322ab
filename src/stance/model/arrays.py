"""The arrays of a model as one archive: packed so that the same arrays give the same bytes, checked on the way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import ModelIntegrityError
from stance.features.attention import MAX_CLASSES, AttentionWeights
from stance.features.overlap import overlap_names
from stance.features.scopes import SCOPES
from stance.features.weights import ModelWeights
from stance.lexicon import Lexicon
from stance.model.config import ModelConfig
from stance.model.store import pack_arrays, unpack_arrays

__all__ = ["pack", "unpack"]

_FEATURES = ("ngrams", "bigrams", "context")
_OTHERS = ("vectors", "vector_factors", "vector_weights", "bias")
_OVERLAP = "overlap"
_ATTENTION = tuple(f"attention_{f.name}" for f in fields(AttentionWeights))
"""All of them or none."""


def pack(weights: ModelWeights) -> bytes:
    """Pack the arrays of a model into one archive.

    Parameters
    ----------
    weights : ModelWeights

    Returns
    -------
    bytes
        The same for the same arrays.
    """
    arrays = {**weights.weights, **{name: getattr(weights, name) for name in _OTHERS}}
    if weights.attention:
        arrays |= {f"attention_{name}": array for name, array in vars(weights.attention).items()}
    if weights.overlap is not None:
        arrays[_OVERLAP] = weights.overlap
    return pack_arrays(arrays)


def unpack(
    data: bytes,
    path: Path,
    names: Mapping[str, Sequence[str]],
    config: ModelConfig,
    lexicon: Lexicon,
) -> ModelWeights:
    """Take the arrays out of an archive and hold them against all that is known of them.

    Parameters
    ----------
    data : bytes
    path : path
        How errors call the archive.
    names : dict of str to sequence of str
        Feature names of the blocks, and the words of the vectors.
    config : ModelConfig
    lexicon : Lexicon

    Returns
    -------
    ModelWeights

    Raises
    ------
    ModelIntegrityError
        If it is no archive of plain arrays, or an array is missing, left over, or of another
        shape or type than wanted, or holds what is not a finite number.
    """
    arrays = _arrays(data, path)
    _check_arrays(arrays, names, config.n_outputs, path)
    overlap = None
    if config.paired and not config.targets:
        overlap = arrays.pop(_OVERLAP, np.zeros(0))
        shape = (len(overlap_names(lexicon)), config.n_outputs // 2)
        _hold({_OVERLAP: overlap}, {_OVERLAP: (np.float32, shape)}, path)
    if _OVERLAP in arrays or (config.paired and _ATTENTION[0] in arrays):
        raise ModelIntegrityError(f"{path} holds arrays that its configuration has no use for; get it anew")
    return ModelWeights(
        names=names,
        weights={b: arrays[b] for b in _FEATURES},
        ngram_range=config.ngram_range,
        length_norm=config.length_norm,
        analyzer=config.analyzer,
        overlap=overlap,
        **{name: arrays[name] for name in _OTHERS},
        attention=_attention(arrays, len(lexicon.classes), path),
    )


def _arrays(data: bytes, path: Path) -> dict[str, NDArray[Any]]:
    arrays = unpack_arrays(data, path)
    rest = set(arrays) - {*_FEATURES, *_OTHERS, _OVERLAP}
    if not {*_FEATURES, *_OTHERS} <= set(arrays) or rest not in (set(), set(_ATTENTION)):
        raise ModelIntegrityError(f"{path} does not hold the arrays of a model; get the folder anew")
    return arrays


def _check_arrays(
    arrays: Mapping[str, NDArray[Any]], names: Mapping[str, Sequence[str]], n_outputs: int, path: Path
) -> None:
    """Hold shapes and types against the vocabularies and the labels."""
    dimensions = arrays["vectors"].shape[-1] if arrays["vectors"].ndim else 0
    n_vectors = len(names["vectors"])
    wanted: dict[str, tuple[type, tuple[int, ...]]] = {
        **{block: (np.float32, (len(names[block]), n_outputs)) for block in _FEATURES},
        "vectors": (np.int8, (n_vectors, dimensions)),
        "vector_factors": (np.float32, (n_vectors,)),
        "vector_weights": (np.float32, (len(SCOPES), dimensions, n_outputs)),
        "bias": (np.float64, (n_outputs,)),
    }
    _hold(arrays, wanted, path)


def _attention(arrays: Mapping[str, NDArray[Any]], n_classes: int, path: Path) -> AttentionWeights | None:
    """Check and take out the weights of attention, if there are any."""
    if _ATTENTION[0] not in arrays:
        return None
    found = {name: arrays[f"attention_{name}"] for name in (f.name for f in fields(AttentionWeights))}
    if any(found[name].ndim != 1 for name in ("word_bias", "flag_bias", "part_bias")):
        raise ModelIntegrityError(f"{path}: a bias of attention must have one dimension; get the folder anew")
    n_hidden, n_flag_hidden, n_parts = (len(found[n]) for n in ("word_bias", "flag_bias", "part_bias"))
    n_outputs = len(arrays["bias"])
    if n_classes > MAX_CLASSES or n_parts % (2 * n_outputs) != n_outputs or n_parts < 3 * n_outputs:
        raise ModelIntegrityError(
            f"{path}: attention does not fit {n_classes} cue classes and {n_outputs} labels; get the folder anew"
        )
    shapes = {
        "word_in": (arrays["vectors"].shape[1], n_hidden),
        "word_bias": (n_hidden,),
        "word_out": (n_hidden, n_parts),
        "flag_in": (n_classes + 2, n_flag_hidden),
        "flag_bias": (n_flag_hidden,),
        "flag_out": (n_flag_hidden, n_parts),
        "part_bias": (n_parts,),
    }
    wanted = {f"attention_{name}": (np.float32, shape) for name, shape in shapes.items()}
    _hold(arrays, {**wanted, "attention_bias": (np.float64, (n_outputs,))}, path)
    return AttentionWeights(**found)


def _hold(
    arrays: Mapping[str, NDArray[Any]], wanted: Mapping[str, tuple[type, tuple[int, ...]]], path: Path
) -> None:
    for name, (dtype, shape) in wanted.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != dtype:
            raise ModelIntegrityError(
                f"{path}: {name} must be {dtype.__name__} of shape {shape}, got {array.dtype} of shape {array.shape}"
            )
        if not np.isfinite(array).all():
            raise ModelIntegrityError(f"{path}: {name} holds a weight that is not a finite number")
