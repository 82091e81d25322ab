"""The model folder: arrays, vocabularies, lexicon and configuration; data, never code.

Order of reading: configuration, format, digests, lexicon, then arrays, whose shapes and dtypes are
checked against the numbers of names before anything is made of either.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stance.errors import ModelIntegrityError
from stance.features.context import feature_key, feature_name
from stance.features.weights import ModelWeights
from stance.lexicon import Lexicon, format_lexicon
from stance.model.arrays import pack, unpack, weights_of
from stance.model.config import ModelConfig
from stance.model.files import ModelFolder, enough_memory, installed
from stance.model.replacing import only_readable, steady, write_files
from stance.model.texts import Lines, decode_file, read_lexicon, read_lines

__all__ = [
    "BLOCKS",
    "Model",
    "default_model_path",
    "read_config",
    "read_model",
    "read_model_config",
    "write_model",
]

BLOCKS = ("ngrams", "bigrams", "context", "vectors", "pieces")
"""Each has its names in a text file, one a line; in folders of format 1 there are no pieces."""
DEFAULT_MODEL = "news"
_FILES = ("config.json", "README.md", "lexicon.tsv", "weights.npz")


@dataclass(frozen=True, eq=False)
class Model:
    """A model as data.

    Attributes
    ----------
    config : ModelConfig
    weights : ModelWeights
        Outputs are the stances, then the sentiments, in the order of `config`; in a model of pairs
        again for each target, or for the words of the target (see :mod:`stance.features.pairs`).
    lexicon : Lexicon
        The lexicon it was trained with.
    card : str
        The model card, as Markdown.
    """

    config: ModelConfig
    weights: ModelWeights
    lexicon: Lexicon
    card: str


def write_model(model: Model, path: str | os.PathLike[str], overwrite: bool = False) -> None:
    """Write a model folder: to a temporary folder beside it, renamed when it is whole.

    Parameters
    ----------
    model : Model
    path : path-like
        The folder; made anew.
    overwrite : bool, default False
        Whether an existing model folder may be replaced.

    Raises
    ------
    DataError
        If the place cannot be written, or holds something that is not a model, or a model and
        `overwrite` is False; or if the model would be refused when it is read.
    """
    files = {
        "config.json": model.config.to_json().encode(),
        "README.md": model.card.encode(),
        "lexicon.tsv": format_lexicon(model.lexicon.cues).encode(),
        "weights.npz": pack(model.weights, model.config.format),
    }
    for block in _blocks(model.config):
        names = model.weights.names.get(block, ())
        files[f"{block}.txt"] = "".join(f"{name}\n" for name in names).encode()
    with only_readable():
        _model(ModelConfig.from_json(files["config.json"].decode(), "config.json"), files, Path(path))
    write_files(files, path, overwrite)


def default_model_path() -> Path:
    """Return the folder of the model that is installed with the package.

    Returns
    -------
    pathlib.Path
    """
    return installed(DEFAULT_MODEL)


@steady
def read_model(path: str | os.PathLike[str]) -> Model:
    """Read a model folder.  Nothing in it is ever run.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Model

    Raises
    ------
    ModelNotFoundError
        If there is no such folder, or it holds no model.
    ModelFormatError
        If it is written in another format.
    ModelIntegrityError
        If a file is missing, truncated or altered.
    """
    with enough_memory(path), ModelFolder(path) as folder:
        config = read_config(folder)
        files = folder.read_all([*_FILES, *(f"{block}.txt" for block in _blocks(config))])
        return _model(config, files, folder.path)


def read_config(folder: ModelFolder) -> ModelConfig:
    """Read the configuration of a stance model, before anything else of its folder is trusted.

    Parameters
    ----------
    folder : ModelFolder

    Returns
    -------
    ModelConfig

    Raises
    ------
    ModelNotFoundError, ModelFormatError, ModelIntegrityError
        As :func:`read_model`.
    """
    path = folder.path / "config.json"
    return ModelConfig.from_json(decode_file(folder.read("config.json"), path), str(path))


def read_model_config(path: str | os.PathLike[str]) -> ModelConfig:
    """Read what a model finds and was measured at, and nothing else of its folder.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    ModelConfig

    Raises
    ------
    ModelError
        As :func:`read_model`.
    """
    with ModelFolder(path) as folder:
        return read_config(folder)


def _model(config: ModelConfig, files: Mapping[str, bytes], folder: Path) -> Model:
    card = decode_file(files["README.md"], folder / "README.md")
    lexicon = read_lexicon(files["lexicon.tsv"], folder / "lexicon.tsv")
    blocks = _blocks(config)
    counts = {block: files[f"{block}.txt"].count(b"\n") for block in blocks}
    arrays = unpack(files["weights.npz"], folder / "weights.npz", counts, config, lexicon)
    names = {block: _names(files[f"{block}.txt"], folder / f"{block}.txt") for block in blocks}
    _check_context(names["context"], lexicon, folder)
    if any(name.count(" ") != 1 or not name.startswith("b=") for name in names["bigrams"]):
        raise ModelIntegrityError(
            f"{folder / 'bigrams.txt'}: 'b=' and a pair of words is wanted on each line; get the folder anew"
        )
    return Model(config, weights_of(arrays, names, config), lexicon, card)


def _blocks(config: ModelConfig) -> tuple[str, ...]:
    return BLOCKS if config.format > 1 else BLOCKS[:-1]


def _names(data: bytes, path: Path) -> Lines:
    names = read_lines(data, path)
    if len(set(names)) != len(names):
        raise ModelIntegrityError(f"{path} lists a feature twice; get the folder anew")
    return Lines(names)


def _check_context(names: Lines, lexicon: Lexicon, folder: Path) -> None:
    try:
        fits = all(
            feature_name(feature_key(name, lexicon.classes), lexicon.classes) == name for name in names
        )
    except ValueError:
        fits = False
    if not fits:
        raise ModelIntegrityError(f"{folder}: lexicon.tsv and context.txt do not fit; get the folder anew")
