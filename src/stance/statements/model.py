"""The reader's model on disk: tables of weights for speakers and recipients; data, never code."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stance.errors import ModelFormatError, ModelIntegrityError
from stance.lexicon import Lexicon, format_lexicon
from stance.model.archive import pack_arrays, unpack_arrays
from stance.model.arrays import check_sizes
from stance.model.files import ModelFolder, enough_memory, installed
from stance.model.plain import parse_config, shown
from stance.model.replacing import only_readable, steady, write_files
from stance.model.texts import decode_file, read_lexicon, read_lines
from stance.ranking import Tables
from stance.statements.end_features import END_TEMPLATES, OLD_END_TEMPLATES
from stance.statements.network import NetworkWeights
from stance.statements.network_format import (
    NetworkFacts,
    declared,
    network_arrays,
    network_facts,
    network_of,
    network_values,
)
from stance.statements.recipient_features import RECIPIENT_PARTS, STATEMENT_TEMPLATES
from stance.statements.sentence_features import WHOLE_TEMPLATES
from stance.statements.speaker_features import START_PARTS

__all__ = [
    "BLOCKS",
    "FORMAT",
    "ReaderModel",
    "default_reader_path",
    "read_reader",
    "read_reader_facts",
    "write_reader",
]

FORMAT = 3
"""Number of the format; a new one wants a reader for the old.  The first had no network, the first two
less to tell of where names end."""
BLOCKS = {
    "speaker": sum(START_PARTS),
    "nobody": WHOLE_TEMPLATES,
    "left_out": WHOLE_TEMPLATES,
    "speaker_end": END_TEMPLATES,
    "recipient": sum(RECIPIENT_PARTS),
    "no_recipient": STATEMENT_TEMPLATES,
    "recipient_end": END_TEMPLATES,
}
"""The rankers' tables and how many templates each has, in the order of the file."""
_OLD_BLOCKS = {b: OLD_END_TEMPLATES if b.endswith("_end") else n for b, n in BLOCKS.items()}
"""In folders of formats 1 and 2."""
_FILES = ("README.md", "clusters.txt", "config.json", "lexicon.tsv", "values.txt", "weights.npz")
_KIND = "stance-reader"


@dataclass(frozen=True, eq=False)
class ReaderModel:
    """Tables by which speakers and recipients are found.

    Attributes
    ----------
    tables : dict of str to Tables
        By the names in :data:`BLOCKS`.
    lexicon : Lexicon
        The lexicon that it was trained with.
    clusters : dict of str to str
        Number of the cluster of each word that is in one.
    facts : dict
        What it was trained on and what it was measured at, as plain data.
    card : str
        The model card, as Markdown.
    network : NetworkWeights, optional
        What is added to the scores of the tables; a reader of format 1 has none.
    """

    tables: dict[str, Tables]
    lexicon: Lexicon
    clusters: dict[str, str]
    facts: dict[str, Any]
    card: str
    network: NetworkWeights | None = None


class _Config(NamedTuple):
    """What a configuration declares."""

    sizes: dict[str, list[int]]
    facts: dict[str, Any]
    network: NetworkFacts | None


def write_reader(model: ReaderModel, path: str | os.PathLike[str], overwrite: bool = False) -> None:
    """Write a reader's folder, whole or not at all.

    Parameters
    ----------
    model : ReaderModel
    path : path-like
    overwrite : bool, default False

    Raises
    ------
    DataError
        See :func:`stance.model.replacing.write_files`; or if it would be refused when it is read.
    """
    tables = [sorted(table.items()) for block in BLOCKS for table in model.tables[block]]
    config = {
        "kind": _KIND,
        "format": FORMAT,
        "sizes": {block: [len(t) for t in model.tables[block]] for block in BLOCKS},
        "network": network_facts(model.network),
        "facts": model.facts,
    }
    weights = np.array([weight for table in tables for _, weight in table], np.float32)
    values = [*(value for table in tables for value, _ in table), *network_values(model.network)]
    files = {
        "README.md": model.card.encode(),
        "config.json": (json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(),
        "clusters.txt": "".join(f"{w} {k}\n" for w, k in sorted(model.clusters.items())).encode(),
        "lexicon.tsv": format_lexicon(model.lexicon.cues).encode(),
        "values.txt": "".join(f"{value}\n" for value in values).encode(),
        "weights.npz": pack_arrays({"weights": weights, **network_arrays(model.network)}),
    }
    with only_readable():
        _reader(_config(files["config.json"].decode(), Path("config.json")), files, Path(path))
    write_files(files, path, overwrite)


@steady
def read_reader(path: str | os.PathLike[str]) -> ReaderModel:
    """Read a reader's folder.  Nothing in it is ever run.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    ReaderModel

    Raises
    ------
    ModelNotFoundError
        If there is no such folder, or it holds no model.
    ModelFormatError
        If it is no reader, or one of another format.
    ModelIntegrityError
        If a file is missing, truncated or altered.
    """
    with enough_memory(path), ModelFolder(path) as folder:
        at = folder.path / "config.json"
        config = _config(decode_file(folder.read("config.json"), at), at)
        return _reader(config, folder.read_all(_FILES), folder.path)


def _reader(config: _Config, files: dict[str, bytes], folder: Path) -> ReaderModel:
    card = decode_file(files["README.md"], folder / "README.md")
    lexicon = read_lexicon(files["lexicon.tsv"], folder / "lexicon.tsv")
    total, n_values = sum(map(sum, config.sizes.values())), files["values.txt"].count(b"\n")
    n_traits = sum(config.network["traits"].values()) if config.network else 0
    if n_values != total + n_traits:
        raise ModelIntegrityError(
            f"{folder / 'values.txt'}: {total + n_traits} values are declared, got {n_values}; get the folder anew"
        )
    arrays = unpack_arrays(files["weights.npz"], folder / "weights.npz")
    check_sizes(arrays, {"weights": (np.float32, (total,))}, folder / "weights.npz")
    values = read_lines(files["values.txt"], folder / "values.txt")
    tables = _tables(config.sizes, values, arrays["weights"].tolist(), folder)
    clusters = _clusters(read_lines(files["clusters.txt"], folder / "clusters.txt"), folder)
    network = None
    if config.network:
        network = network_of(config.network, values[total:], arrays, len(clusters), folder)
    return ReaderModel(tables, lexicon, clusters, config.facts, card, network)


def _clusters(lines: list[str], folder: Path) -> dict[str, str]:
    pairs = [line.rpartition(" ") for line in lines]  # one letter may stand for a phrase, blanks and all
    clusters = {word: number for word, _, number in pairs}
    if len(clusters) != len(pairs) or not all(map(_is_number, set(clusters.values()))):
        raise ModelIntegrityError(
            f"{folder / 'clusters.txt'}: a word and a number are wanted on each line; get the folder anew"
        )
    return clusters


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def read_reader_facts(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read what a reader was trained on and measured at, and nothing else of its folder.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    dict of str to object
        As :attr:`ReaderModel.facts`.

    Raises
    ------
    ModelError
        As :func:`read_reader`.
    """
    with ModelFolder(path) as folder:
        at = folder.path / "config.json"
        return _config(decode_file(folder.read("config.json"), at), at).facts


def _tables(
    sizes: dict[str, list[int]], values: list[str], weights: list[float], folder: Path
) -> dict[str, Tables]:
    tables: dict[str, Tables] = {}
    at = 0
    for block, n_templates in BLOCKS.items():
        found = []
        for size in sizes[block]:
            table = dict(zip(values[at : at + size], weights[at : at + size], strict=True))
            if len(table) != size:
                raise ModelIntegrityError(f"{folder / 'values.txt'} lists a value twice; get the folder anew")
            found.append(table)
            at += size
        tables[block] = (*found, *({} for _ in range(n_templates - len(found))))
    return tables


def _config(text: str, path: Path) -> _Config:
    config = parse_config(text, str(path))
    if config.get("kind") != _KIND:
        raise ModelFormatError(
            f"{path} is not the configuration of a reader; name a folder such as models/reader"
        )
    if config["format"] not in (1, 2, FORMAT):
        raise ModelFormatError(
            f"{path} is a reader of format {shown(config['format'])}, this version reads 1, 2 and {FORMAT}; train it anew"
        )
    sizes, facts, network = (config.get(name) for name in ("sizes", "facts", "network"))
    blocks = BLOCKS if config["format"] == FORMAT else _OLD_BLOCKS
    fits = (
        isinstance(facts, dict)
        and isinstance(sizes, dict)
        and sorted(sizes) == sorted(BLOCKS)
        and all(isinstance(sizes[b], list) and len(sizes[b]) == n for b, n in blocks.items())
        and all(type(k) is int and k >= 0 for b in BLOCKS for k in sizes[b])
        and declared(network)
        and (network is None or config["format"] > 1)
    )
    if not fits or not isinstance(facts, dict) or not isinstance(sizes, dict):
        raise ModelIntegrityError(f"{path} does not declare the tables of a reader; get the folder anew")
    return _Config(sizes, facts, network)


def default_reader_path() -> Path:
    """Return the folder of the reader that is installed with the package.

    Returns
    -------
    pathlib.Path
    """
    return installed("reader")
