"""The model folder: arrays, vocabularies, lexicon and configuration; data, never code.

Order of reading: configuration, format, digests, then arrays, whose shapes and dtypes are checked
against the vocabularies before anything is computed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stance.errors import DataError, ModelIntegrityError, ModelNotFoundError
from stance.features.context import feature_key
from stance.features.scorer import ModelWeights
from stance.lexicon import Lexicon, format_lexicon, parse_lexicon
from stance.model.arrays import pack, unpack
from stance.model.config import ModelConfig

__all__ = ["BLOCKS", "Model", "check_target", "read_model", "write_model"]

BLOCKS = ("ngrams", "bigrams", "context", "vectors")
"""Each has its names in a text file, one a line."""
_MAX_FILE = 512 * 1024 * 1024
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
    target = Path(path).absolute()
    check_target(target, overwrite)
    files = {
        "config.json": model.config.to_json().encode(),
        "README.md": model.card.encode(),
        "lexicon.tsv": format_lexicon(model.lexicon.cues).encode(),
        "weights.npz": pack(model.weights),
    }
    for block in BLOCKS:
        files[f"{block}.txt"] = "".join(f"{name}\n" for name in model.weights.names[block]).encode()
    sums = "".join(f"{hashlib.sha256(files[n]).hexdigest()}  {n}\n" for n in sorted(files))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise DataError(f"{target} cannot be written: {error.strerror or error}") from None
    try:
        for name, content in {**files, "SHA256SUMS": sums.encode()}.items():
            (folder / name).write_bytes(content)
        folder.chmod(0o755)
        _swap(folder, target)
    except OSError as error:
        raise DataError(f"{target} cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_target(path: str | os.PathLike[str], overwrite: bool) -> None:
    """Refuse a place where a model folder must not be written.

    Parameters
    ----------
    path : path-like
    overwrite : bool

    Raises
    ------
    DataError
        See :func:`write_model`.
    """
    target = Path(path)
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not (target / "config.json").is_file():
        raise DataError(f"{target} exists and is not a model folder; name a new folder")
    if not overwrite:
        raise DataError(f"{target} already holds a model; name a new folder or pass --overwrite")


def _swap(folder: Path, target: Path) -> None:
    """Put the finished folder in place; the old one is gone only once the new one stands."""
    if not target.exists():
        folder.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.rename(old / "model")
    try:
        folder.rename(target)
    except OSError:
        (old / "model").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


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
    if not folder.is_dir():
        raise ModelNotFoundError(f"{folder}: there is no such model folder; check the path")
    if not (folder / "config.json").is_file():
        raise ModelNotFoundError(f"{folder} holds no config.json; it is not a model folder")
    config = ModelConfig.from_json(
        _text(_read(folder, "config.json"), folder / "config.json"), str(folder / "config.json")
    )
    files = _checked_files(folder)
    names = {b: _lines(_text(files[f"{b}.txt"], folder / f"{b}.txt"), folder / f"{b}.txt") for b in BLOCKS}
    lexicon = _lexicon(_text(files["lexicon.tsv"], folder / "lexicon.tsv"), names["context"], folder)
    if any(name.count(" ") != 1 for name in names["bigrams"]):
        raise ModelIntegrityError(f"{folder / 'bigrams.txt'}: a pair of words is wanted on each line")
    weights = unpack(files["weights.npz"], folder / "weights.npz", names, config, lexicon)
    return Model(config, weights, lexicon, _text(files["README.md"], folder / "README.md"))


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        if path.stat().st_size > _MAX_FILE:
            raise ModelIntegrityError(
                f"{path} is larger than {_MAX_FILE >> 20} MiB; it is not a stance model"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelIntegrityError(f"{path} is missing; the model folder is damaged, get it anew") from None
    except OSError as error:
        raise ModelIntegrityError(f"{path} cannot be read: {error.strerror or error}") from None


def _checked_files(folder: Path) -> dict[str, bytes]:
    """Read every file once and hold it against its digest."""
    sums_path = folder / "SHA256SUMS"
    wanted: dict[str, str] = {}
    for line in _text(_read(folder, "SHA256SUMS"), sums_path).splitlines():
        digest, _, name = line.partition("  ")
        wanted[name] = digest
    if sorted(wanted) != sorted(_FILES):
        raise ModelIntegrityError(f"{sums_path} does not list the files of a model; get the folder anew")
    files = {}
    for name in _FILES:
        files[name] = _read(folder, name)
        if hashlib.sha256(files[name]).hexdigest() != wanted[name]:
            raise ModelIntegrityError(
                f"{folder / name} differs from its digest in SHA256SUMS: truncated or altered; get it anew"
            )
    return files


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelIntegrityError(f"{path} is not UTF-8 (byte {error.start}); get the folder anew") from None


def _lines(text: str, path: Path) -> list[str]:
    names = text.split("\n")
    if names.pop() != "":
        raise ModelIntegrityError(f"{path} does not end with a newline: truncated; get the folder anew")
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
