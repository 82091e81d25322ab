"""The reader's model on disk: tables of weights for speakers and recipients; data, never code."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from stance.errors import DataError, ModelFormatError, ModelIntegrityError
from stance.lexicon import Lexicon, format_lexicon, parse_lexicon
from stance.model.replacing import steady, write_files
from stance.model.store import (
    decode_file,
    pack_arrays,
    read_config,
    read_files,
    read_lines,
    unpack_arrays,
)
from stance.ranking import Tables
from stance.statements.end_features import END_TEMPLATES
from stance.statements.recipient_features import RECIPIENT_PARTS, STATEMENT_TEMPLATES
from stance.statements.sentence_features import WHOLE_TEMPLATES
from stance.statements.speaker_features import START_PARTS

__all__ = ["BLOCKS", "FORMAT", "ReaderModel", "default_reader_path", "read_reader", "write_reader"]

FORMAT = 1
"""Number of the format; a new one wants a reader for the old."""
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
    """

    tables: dict[str, Tables]
    lexicon: Lexicon
    clusters: dict[str, str]
    facts: dict[str, Any]
    card: str


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
        See :func:`stance.model.replacing.write_files`.
    """
    tables = [sorted(table.items()) for block in BLOCKS for table in model.tables[block]]
    config = {
        "kind": _KIND,
        "format": FORMAT,
        "sizes": {block: [len(t) for t in model.tables[block]] for block in BLOCKS},
        "facts": model.facts,
    }
    weights = np.array([weight for table in tables for _, weight in table], np.float32)
    files = {
        "README.md": model.card.encode(),
        "config.json": (json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(),
        "clusters.txt": "".join(f"{w} {k}\n" for w, k in sorted(model.clusters.items())).encode(),
        "lexicon.tsv": format_lexicon(model.lexicon.cues).encode(),
        "values.txt": "".join(f"{value}\n" for table in tables for value, _ in table).encode(),
        "weights.npz": pack_arrays({"weights": weights}),
    }
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
    folder = Path(path)
    sizes, facts = _config(read_config(folder), folder / "config.json")
    files = read_files(folder, _FILES)
    values = read_lines(decode_file(files["values.txt"], folder / "values.txt"), folder / "values.txt")
    arrays = unpack_arrays(files["weights.npz"], folder / "weights.npz")
    weights = arrays.get("weights", np.zeros(0))
    total = sum(map(sum, sizes.values()))
    if weights.shape != (total,) or weights.dtype != np.float32 or len(values) != total:
        raise ModelIntegrityError(
            f"{folder}: {total} values and weights are declared, got {len(values)} and {weights.shape}; get it anew"
        )
    if not np.isfinite(weights).all():
        raise ModelIntegrityError(f"{folder / 'weights.npz'} holds a weight that is not a finite number")
    try:
        cues = parse_lexicon(decode_file(files["lexicon.tsv"], folder / "lexicon.tsv"), "lexicon.tsv")
        lexicon = Lexicon(cues)
    except DataError as error:
        raise ModelIntegrityError(f"{folder}: {error}") from None
    tables = _tables(sizes, values, weights.tolist(), folder)
    lines = read_lines(decode_file(files["clusters.txt"], folder / "clusters.txt"), folder / "clusters.txt")
    pairs = [line.rpartition(" ") for line in lines]  # one letter may stand for a phrase, blanks and all
    clusters = {word: number for word, _, number in pairs}
    if len(clusters) != len(pairs) or not all(number.isdecimal() for number in clusters.values()):
        raise ModelIntegrityError(f"{folder / 'clusters.txt'}: a word and a number are wanted on each line")
    return ReaderModel(
        tables, lexicon, clusters, facts, decode_file(files["README.md"], folder / "README.md")
    )


def _tables(
    sizes: dict[str, list[int]], values: list[str], weights: list[float], folder: Path
) -> dict[str, Tables]:
    tables: dict[str, Tables] = {}
    at = 0
    for block in BLOCKS:
        found = []
        for size in sizes[block]:
            table = dict(zip(values[at : at + size], weights[at : at + size], strict=True))
            if len(table) != size:
                raise ModelIntegrityError(f"{folder / 'values.txt'} lists a value twice; get the folder anew")
            found.append(table)
            at += size
        tables[block] = tuple(found)
    return tables


def _config(text: str, path: Path) -> tuple[dict[str, list[int]], dict[str, Any]]:
    try:
        config = json.loads(text)
    except ValueError:
        raise ModelIntegrityError(f"{path} is not JSON; get the folder anew") from None
    if not isinstance(config, dict) or config.get("kind") != _KIND:
        raise ModelFormatError(
            f"{path} is not the configuration of a reader; name a folder such as models/reader"
        )
    if config.get("format") != FORMAT:
        raise ModelFormatError(
            f"{path} is a reader of format {config.get('format')!r}, this version reads {FORMAT}; train it anew"
        )
    sizes, facts = config.get("sizes"), config.get("facts")
    fits = (
        isinstance(facts, dict)
        and isinstance(sizes, dict)
        and sorted(sizes) == sorted(BLOCKS)
        and all(isinstance(sizes[b], list) and len(sizes[b]) == n for b, n in BLOCKS.items())
        and all(type(k) is int and k >= 0 for b in BLOCKS for k in sizes[b])
    )
    if not fits or not isinstance(facts, dict) or not isinstance(sizes, dict):
        raise ModelIntegrityError(f"{path} does not declare the tables of a reader; get the folder anew")
    return sizes, facts


def default_reader_path() -> Path:
    """Return the folder of the reader that is installed with the package.

    Returns
    -------
    pathlib.Path
    """
    return Path(str(resources.files("stance_models").joinpath("reader")))
