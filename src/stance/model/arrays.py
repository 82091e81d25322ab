"""The arrays of a stance model: what they are called, and the shapes, types and sizes that they must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import ModelIntegrityError
from stance.features.attention import MAX_CLASSES, AttentionWeights
from stance.features.gated import GatedWeights
from stance.features.overlap import overlap_names
from stance.features.scopes import SCOPES
from stance.features.weights import WEIGHT_STEP, ModelWeights
from stance.lexicon import Lexicon
from stance.model.archive import pack_arrays, unpack_arrays
from stance.model.config import ModelConfig
from stance.model.texts import MAX_NAMES

__all__ = ["check_sizes", "pack", "unpack", "weights_of"]

_FEATURES = ("ngrams", "bigrams", "context")
_OTHERS = ("vectors", "vector_factors", "vector_weights", "bias")
_OVERLAP = "overlap"
_ATTENTION = tuple(f"attention_{f.name}" for f in fields(AttentionWeights))
_GATED = tuple(f"gated_{f.name}" for f in fields(GatedWeights))
"""All of them or none, and not both."""
_WHOLE = np.dtype(np.int16)
"""Of weights that are kept as whole multiples of ``WEIGHT_STEP``, from format 3 on."""
_LARGEST = 10_000
"""Of a weight, in size; trained ones stay below 10.  With it, no sum or product of them overflows, in single
precision either, so that every score of every text is a number."""
_MAX_HEADS = 256
"""Of attention, for each label: what a word is described by must stay small beside its weights."""
_MAX_NETWORKS, _MAX_STATE = 16, 512
"""Of gated attention, for the same reason."""


def pack(weights: ModelWeights, number: int) -> bytes:
    """Pack the arrays of a model into one archive.

    Parameters
    ----------
    weights : ModelWeights
    number : int
        Of the folder's format.

    Returns
    -------
    bytes
        The same for the same arrays.
    """
    arrays = {block: _whole(part) if number > 2 else part for block, part in weights.weights.items()}
    arrays |= {name: getattr(weights, name) for name in _OTHERS}
    for kind, network in (("attention", weights.attention), ("gated", weights.gated)):
        if network:
            arrays |= {f"{kind}_{f.name}": getattr(network, f.name) for f in fields(network)}
    if weights.overlap is not None:
        arrays[_OVERLAP] = weights.overlap
    return pack_arrays(arrays)


def unpack(
    data: bytes, path: Path, counts: Mapping[str, int], config: ModelConfig, lexicon: Lexicon
) -> dict[str, NDArray[Any]]:
    """Take the arrays out of an archive and hold them against all that is known of them.

    Parameters
    ----------
    data : bytes
    path : path
        How errors call the archive.
    counts : dict of str to int
        How many names the blocks have, and how many words the vectors.
    config : ModelConfig
    lexicon : Lexicon

    Returns
    -------
    dict of str to ndarray
        For :func:`weights_of`.

    Raises
    ------
    ModelIntegrityError
        If it is no archive of plain arrays, or an array is missing, left over, or of another
        shape or type than wanted, or holds what is not a finite number or too large.
    """
    arrays = _arrays(data, path)
    for block in _FEATURES if config.format > 2 else ():
        if arrays[block].dtype == _WHOLE:
            arrays[block] = arrays[block] * np.float32(WEIGHT_STEP)
    _check_arrays(arrays, counts, config.n_outputs, path)
    if config.paired and not config.targets:
        shape = (len(overlap_names(lexicon)), config.n_outputs // 2)
        check_sizes(arrays, {_OVERLAP: (np.float32, shape)}, path)
    elif _OVERLAP in arrays or (config.paired and (_ATTENTION[0] in arrays or _GATED[0] in arrays)):
        raise ModelIntegrityError(f"{path} holds arrays that its configuration has no use for; get it anew")
    if _ATTENTION[0] in arrays:
        _check_attention(arrays, len(lexicon.classes), path)
    if _GATED[0] in arrays:
        _check_gated(arrays, counts.get("pieces", 0), len(lexicon.classes), path)
    return arrays


def weights_of(
    arrays: Mapping[str, NDArray[Any]], names: Mapping[str, Sequence[str]], config: ModelConfig
) -> ModelWeights:
    """Make weights of checked arrays.

    Parameters
    ----------
    arrays : dict of str to ndarray
        As :func:`unpack` gives them.
    names : dict of str to sequence of str
        Feature names of the blocks, and the words of the vectors.
    config : ModelConfig

    Returns
    -------
    ModelWeights
    """
    return ModelWeights(
        names=names,
        weights={b: arrays[b] for b in _FEATURES},
        ngram_range=config.ngram_range,
        length_norm=config.length_norm,
        clause_weight=config.clause_weight,
        n_clause_outputs=len(config.stances),
        analyzer=config.analyzer,
        overlap=arrays.get(_OVERLAP),
        **{name: arrays[name] for name in _OTHERS},
        attention=_network(arrays, "attention", AttentionWeights),
        gated=_network(arrays, "gated", GatedWeights),
    )


def _whole(weights: NDArray[np.float32]) -> NDArray[Any]:
    """Return weights as numbers of half the size, if nothing is lost by it."""
    limits = np.iinfo(_WHOLE)
    steps = np.rint(weights / WEIGHT_STEP)
    with np.errstate(invalid="ignore"):  # what is no number compares as False
        fits = (steps * WEIGHT_STEP == weights) & (steps >= limits.min) & (steps <= limits.max)
    return steps.astype(_WHOLE) if fits.all() else weights


def _network(arrays: Mapping[str, NDArray[Any]], kind: str, weights: type[Any]) -> Any:
    """Make the weights of a network, if the arrays hold one."""
    names = [f.name for f in fields(weights)]
    return weights(**{n: arrays[f"{kind}_{n}"] for n in names}) if f"{kind}_{names[0]}" in arrays else None


def _arrays(data: bytes, path: Path) -> dict[str, NDArray[Any]]:
    arrays = unpack_arrays(data, path)
    rest = set(arrays) - {*_FEATURES, *_OTHERS, _OVERLAP}
    if not {*_FEATURES, *_OTHERS} <= set(arrays) or rest not in (set(), set(_ATTENTION), set(_GATED)):
        raise ModelIntegrityError(f"{path} does not hold the arrays of a model; get the folder anew")
    return arrays


def _check_arrays(
    arrays: Mapping[str, NDArray[Any]], counts: Mapping[str, int], n_outputs: int, path: Path
) -> None:
    """Hold shapes and types against the vocabularies and the labels."""
    if max(counts.values()) > MAX_NAMES:
        raise ModelIntegrityError(
            f"{path.parent} has a block of more than {MAX_NAMES} names; it is not a stance model"
        )
    dimensions = arrays["vectors"].shape[-1]
    n_vectors = counts["vectors"]
    wanted: dict[str, tuple[type, tuple[int, ...]]] = {
        **{block: (np.float32, (counts[block], n_outputs)) for block in _FEATURES},
        "vectors": (np.int8, (n_vectors, dimensions)),
        "vector_factors": (np.float32, (n_vectors,)),
        "vector_weights": (np.float32, (len(SCOPES), dimensions, n_outputs)),
        "bias": (np.float64, (n_outputs,)),
    }
    check_sizes(arrays, wanted, path)


def _check_attention(arrays: Mapping[str, NDArray[Any]], n_classes: int, path: Path) -> None:
    found = {name: arrays[f"attention_{name}"] for name in (f.name for f in fields(AttentionWeights))}
    if any(found[name].ndim != 1 for name in ("word_bias", "flag_bias", "part_bias")):
        raise ModelIntegrityError(f"{path}: a bias of attention must have one dimension; get the folder anew")
    n_hidden, n_flag_hidden, n_parts = (len(found[n]) for n in ("word_bias", "flag_bias", "part_bias"))
    n_outputs = len(arrays["bias"])
    heads, rest = divmod(n_parts // n_outputs - 1, 2)
    if n_classes > MAX_CLASSES or n_parts % n_outputs or rest or not 1 <= heads <= _MAX_HEADS:
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
    check_sizes(arrays, {**wanted, "attention_bias": (np.float64, (n_outputs,))}, path)


def _check_gated(arrays: Mapping[str, NDArray[Any]], n_pieces: int, n_classes: int, path: Path) -> None:
    n_outputs, window, bias = len(arrays["bias"]), arrays["gated_window"], arrays["gated_head_bias"]
    if window.ndim != 4 or bias.ndim != 2:
        raise ModelIntegrityError(
            f"{path}: the window of attention must have four dimensions and the bias of its heads two; "
            "get the folder anew"
        )
    n_networks, _, n_state, _ = window.shape
    heads, rest = divmod(bias.shape[1], 2 * n_outputs)
    if (
        n_classes > MAX_CLASSES
        or rest
        or not (1 <= heads <= _MAX_HEADS and 1 <= n_networks <= _MAX_NETWORKS and 1 <= n_state <= _MAX_STATE)
    ):
        raise ModelIntegrityError(
            f"{path}: attention does not fit {n_classes} cue classes and {n_outputs} labels; get the folder anew"
        )
    shapes = {
        "piece_units": (n_networks,),
        "vector_in": (n_networks, arrays["vectors"].shape[1], n_state),
        "flag_in": (n_networks, n_classes + 2, n_state),
        "window": (n_networks, 3, n_state, n_state),
        "window_bias": (n_networks, n_state),
        "head_out": (n_networks, n_state, bias.shape[1]),
        "head_bias": (n_networks, bias.shape[1]),
        "largest": (n_networks, n_state, n_outputs),
    }
    wanted: dict[str, tuple[type, tuple[int, ...]]] = {
        "gated_pieces": (np.int8, (n_networks, n_pieces, n_state)),
        **{f"gated_{name}": (np.float32, shape) for name, shape in shapes.items()},
        "gated_bias": (np.float64, (n_outputs,)),
    }
    check_sizes(arrays, wanted, path)


def check_sizes(
    arrays: Mapping[str, NDArray[Any]], wanted: Mapping[str, tuple[type, tuple[int, ...]]], path: Path
) -> None:
    """Hold arrays against the types and shapes that they must have.

    Parameters
    ----------
    arrays : dict of str to ndarray
    wanted : dict of str to (type, shape)
    path : path
        How errors call the archive.

    Raises
    ------
    ModelIntegrityError
        If one is missing or different, or holds a number that is not finite or too large.
    """
    for name, (dtype, shape) in wanted.items():
        array = arrays.get(name)
        if array is None or array.shape != shape or array.dtype != dtype:
            got = "nothing" if array is None else f"{array.dtype} of shape {array.shape}"
            raise ModelIntegrityError(
                f"{path}: {name} must be {dtype.__name__} of shape {shape}, got {got}; get the folder anew"
            )
        with np.errstate(invalid="ignore"):  # what is no number compares as False
            fits = array.max(initial=0) <= _LARGEST and array.min(initial=0) >= -_LARGEST
        if not fits:
            raise ModelIntegrityError(
                f"{path}: {name} holds a weight that is not a finite number of at most {_LARGEST:,} in size; "
                "get the folder anew"
            )
