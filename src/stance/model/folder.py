"""The model folder: arrays, vocabularies, lexicon and configuration; data, never code.

Order of reading: configuration, format, digests, then arrays, whose shapes and dtypes are checked
against the vocabularies before anything is computed.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import DataError, ModelIntegrityError, ModelNotFoundError
from stance.features.context import feature_key
from stance.features.scopes import SCOPES
from stance.features.scorer import LinearWeights
from stance.lexicon import Lexicon, format_lexicon, parse_lexicon
from stance.model.config import ModelConfig

__all__ = ["BLOCKS", "Model", "check_target", "read_model", "write_model"]

_FEATURES = ("ngrams", "bigrams", "context")
_OTHERS = ("vectors", "vector_factors", "vector_weights", "bias")
BLOCKS = (*_FEATURES, "vectors")
"""Each has its names in a text file, one a line."""
_MAX_FILE = 512 * 1024 * 1024
_FILES = ("config.json", "README.md", "lexicon.tsv", "weights.npz", *(f"{b}.txt" for b in BLOCKS))


@dataclass(frozen=True, eq=False)
class Model:
    """A model as data.

    Attributes
    ----------
    config : ModelConfig
    weights : LinearWeights
        Outputs are the stances, then the sentiments, in the order of `config`.
    lexicon : Lexicon
        The lexicon it was trained with.
    card : str
        The model card, as Markdown.
    """

    config: ModelConfig
    weights: LinearWeights
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
        "weights.npz": _npz(_to_arrays(model.weights)),
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


def _to_arrays(weights: LinearWeights) -> dict[str, NDArray[Any]]:
    return {**weights.weights, **{name: getattr(weights, name) for name in _OTHERS}}


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Pack arrays with fixed dates, so that the same arrays give the same bytes.

    Stored, not deflated: weights hardly shrink, and loading takes a third of the time.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            data = io.BytesIO()
            np.lib.format.write_array(data, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, data.getvalue())
    return buffer.getvalue()


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
    arrays = _arrays(files["weights.npz"], folder / "weights.npz")
    _check_arrays(arrays, names, len(config.stances) + len(config.sentiments), folder / "weights.npz")
    lexicon = _lexicon(_text(files["lexicon.tsv"], folder / "lexicon.tsv"), names["context"], folder)
    if any(name.count(" ") != 1 for name in names["bigrams"]):
        raise ModelIntegrityError(f"{folder / 'bigrams.txt'}: a pair of words is wanted on each line")
    weights = LinearWeights(
        names=names,
        weights={b: arrays[b] for b in _FEATURES},
        ngram_range=config.ngram_range,
        **{name: arrays[name] for name in _OTHERS},
    )
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


def _arrays(data: bytes, path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            if sorted(archive.files) != sorted((*_FEATURES, *_OTHERS)):
                raise ModelIntegrityError(f"{path} does not hold the arrays of a model; get the folder anew")
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, zipfile.BadZipFile, KeyError, EOFError, NotImplementedError):
        raise ModelIntegrityError(f"{path} is not an archive of plain arrays; get the folder anew") from None


def _check_arrays(
    arrays: Mapping[str, NDArray[Any]], names: Mapping[str, list[str]], n_outputs: int, path: Path
) -> None:
    """Hold shapes and types against the vocabularies and the labels."""
    dimensions = arrays["vectors"].shape[-1] if arrays["vectors"].ndim else 0
    n_vectors = len(names["vectors"])
    wanted: dict[str, tuple[type, tuple[int, ...]]] = {
        **{block: (np.float32, (len(names[block]), n_outputs)) for block in _FEATURES},
        "vectors": (np.float16, (n_vectors, dimensions)),
        "vector_factors": (np.float32, (n_vectors,)),
        "vector_weights": (np.float32, (len(SCOPES), dimensions, n_outputs)),
        "bias": (np.float64, (n_outputs,)),
    }
    for name, (dtype, shape) in wanted.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != dtype:
            raise ModelIntegrityError(
                f"{path}: {name} must be {dtype.__name__} of shape {shape}, got {array.dtype} of shape {array.shape}"
            )
        if not np.isfinite(array).all():
            raise ModelIntegrityError(f"{path}: {name} holds a weight that is not a finite number")


def _lexicon(text: str, context: list[str], folder: Path) -> Lexicon:
    try:
        lexicon = Lexicon(parse_lexicon(text, "lexicon.tsv"))
        for name in context:
            feature_key(name, lexicon.classes)
    except (DataError, ValueError) as error:
        raise ModelIntegrityError(f"{folder}: lexicon.tsv and context.txt do not fit ({error})") from None
    return lexicon
