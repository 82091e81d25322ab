"""The model folder: arrays, vocabularies, lexicon and configuration; data, never code.

Order of reading: configuration, format, digests, then arrays, whose shapes and dtypes are checked
against the vocabularies before anything is computed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from stance.errors import DataError, ModelIntegrityError
from stance.features.context import feature_key
from stance.features.weights import ModelWeights
from stance.lexicon import Lexicon, format_lexicon, parse_lexicon
from stance.model.arrays import pack, unpack
from stance.model.config import ModelConfig
from stance.model.replacing import steady, write_files
from stance.model.store import Lines, decode_file, read_config, read_files, read_lines

__all__ = ["BLOCKS", "Model", "default_model_path", "read_model", "write_model"]

BLOCKS = ("ngrams", "bigrams", "context", "vectors")
"""Each has its names in a text file, one a line."""
DEFAULT_MODEL = "news"
_FILES = ("config.json", "README.md", "lexicon.tsv", "weights.npz", *(f"{b}.txt" for b in BLOCKS))


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
        `overwrite` is False.
    """
    files = {
        "config.json": model.config.to_json().encode(),
        "README.md": model.card.encode(),
        "lexicon.tsv": format_lexicon(model.lexicon.cues).encode(),
        "weights.npz": pack(model.weights),
    }
    for block in BLOCKS:
        files[f"{block}.txt"] = "".join(f"{name}\n" for name in model.weights.names[block]).encode()
    write_files(files, path, overwrite)


def default_model_path() -> Path:
    """Return the folder of the model that is installed with the package.

    Returns
    -------
    pathlib.Path
    """
    return Path(str(resources.files("stance_models").joinpath(DEFAULT_MODEL)))


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
    folder = Path(path)
    config = ModelConfig.from_json(read_config(folder), str(folder / "config.json"))
    files = read_files(folder, _FILES)
    names = {b: _names(files[f"{b}.txt"], folder / f"{b}.txt") for b in BLOCKS}
    lexicon = _lexicon(decode_file(files["lexicon.tsv"], folder / "lexicon.tsv"), names["context"], folder)
    if any(name.count(" ") != 1 for name in names["bigrams"]):
        raise ModelIntegrityError(f"{folder / 'bigrams.txt'}: a pair of words is wanted on each line")
    held = {block: Lines(of_block) for block, of_block in names.items()}
    weights = unpack(files["weights.npz"], folder / "weights.npz", held, config, lexicon)
    return Model(config, weights, lexicon, decode_file(files["README.md"], folder / "README.md"))


def _names(data: bytes, path: Path) -> list[str]:
    names = read_lines(decode_file(data, path), path)
    if len(set(names)) != len(names):
        raise ModelIntegrityError(f"{path} lists a feature twice; get the folder anew")
    return names


def _lexicon(text: str, context: list[str], folder: Path) -> Lexicon:
    try:
        lexicon = Lexicon(parse_lexicon(text, "lexicon.tsv"))
        for name in context:
            feature_key(name, lexicon.classes)
    except (DataError, ValueError) as error:
        raise ModelIntegrityError(f"{folder}: lexicon.tsv and context.txt do not fit ({error})") from None
    return lexicon
