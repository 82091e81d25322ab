"""The network of the reader in a model's files: part of its configuration, of its values and of its arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from stance.errors import ModelIntegrityError
from stance.model.arrays import check_sizes
from stance.statements.network import NetworkWeights, shapes_of
from stance.statements.traits import TEMPLATES, Trait

__all__ = ["NetworkFacts", "declared", "network_arrays", "network_facts", "network_of", "network_values"]

NetworkFacts = dict[str, Any]
"""``dimensions``, and ``traits``: how many values each template has."""
_PREFIX = "network_"
_MOST_DIMENSIONS = 1024


def network_facts(network: NetworkWeights | None) -> NetworkFacts | None:
    """Return what a configuration says of a network.

    Parameters
    ----------
    network : NetworkWeights, optional

    Returns
    -------
    dict or None
    """
    if network is None:
        return None
    counts = dict.fromkeys(TEMPLATES, 0)
    for template, _ in network.traits:
        counts[template] += 1
    return {"dimensions": int(network.values.shape[1]), "traits": counts}


def network_values(network: NetworkWeights | None) -> list[str]:
    """Return the values of a network's traits, template by template.

    Parameters
    ----------
    network : NetworkWeights, optional

    Returns
    -------
    list of str
    """
    return [value for _, value in network.traits] if network else []


def network_arrays(network: NetworkWeights | None) -> dict[str, NDArray[Any]]:
    """Return a network's arrays by the names that they have in a reader's archive.

    Parameters
    ----------
    network : NetworkWeights, optional

    Returns
    -------
    dict of str to ndarray
    """
    return {_PREFIX + name: array for name, array in network.arrays().items()} if network else {}


def declared(found: object) -> bool:
    """Tell whether part of a configuration declares a network, or that there is none.

    Parameters
    ----------
    found : object

    Returns
    -------
    bool
    """
    if found is None:
        return True
    if not isinstance(found, dict) or sorted(found) != ["dimensions", "traits"]:
        return False
    dimensions, traits = found["dimensions"], found["traits"]
    return (
        type(dimensions) is int
        and 1 <= dimensions <= _MOST_DIMENSIONS
        and isinstance(traits, dict)
        and sorted(traits) == list(TEMPLATES)
        and all(type(k) is int and k >= 0 for k in traits.values())
    )


def network_of(
    facts: NetworkFacts,
    values: Sequence[str],
    arrays: Mapping[str, NDArray[Any]],
    n_words: int,
    folder: Path,
) -> NetworkWeights:
    """Make a network of what a reader's files hold.

    Parameters
    ----------
    facts : dict
        As :func:`declared` approves it.
    values : sequence of str
        As many as the facts tell.
    arrays : dict of str to ndarray
        Of the reader's archive.
    n_words : int
        Words in clusters.
    folder : pathlib.Path
        How errors call it.

    Returns
    -------
    NetworkWeights

    Raises
    ------
    ModelIntegrityError
        If a trait is listed twice, or an array is missing or of another type or shape.
    """
    templates = [template for template in TEMPLATES for _ in range(facts["traits"][template])]
    traits: dict[Trait, int] = {}
    for trait in zip(templates, values, strict=True):
        traits[trait] = len(traits)
    if len(traits) != len(values):
        raise ModelIntegrityError(f"{folder / 'values.txt'} lists a value twice; get the folder anew")
    wanted = shapes_of(len(traits), n_words, facts["dimensions"])
    check_sizes(arrays, {_PREFIX + name: shape for name, shape in wanted.items()}, folder / "weights.npz")
    return NetworkWeights.of(traits, {name: arrays[_PREFIX + name] for name in wanted})
