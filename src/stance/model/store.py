"""Folders of files with digests: checked before anything is parsed; how they are written: :mod:`stance.model.replacing`."""

from __future__ import annotations

import hashlib
import io
import zipfile
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import ModelIntegrityError, ModelNotFoundError
from stance.model.replacing import SUMS

__all__ = [
    "Lines", "decode_file", "pack_arrays", "read_config", "read_files", "read_lines", "unpack_arrays",
]  # fmt: skip

_MAX_FILE = 512 * 1024 * 1024


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Pack arrays into an uncompressed archive with fixed dates.

    Stored, not deflated: weights hardly shrink, and loading takes a third of the time.

    Parameters
    ----------
    arrays : dict of str to ndarray

    Returns
    -------
    bytes
        The same for the same arrays.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            data = io.BytesIO()
            np.lib.format.write_array(data, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, data.getvalue())
    return buffer.getvalue()


def unpack_arrays(data: bytes, path: Path) -> dict[str, NDArray[Any]]:
    """Take the arrays out of an archive.

    Parameters
    ----------
    data : bytes
    path : pathlib.Path
        How errors call it.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    ModelIntegrityError
        If it is no archive of plain arrays.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, zipfile.BadZipFile, KeyError, EOFError, NotImplementedError):
        raise ModelIntegrityError(f"{path} is not an archive of plain arrays; get the folder anew") from None


def read_config(folder: Path) -> str:
    """Read a folder's ``config.json``, before anything else is trusted.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    str

    Raises
    ------
    ModelNotFoundError
        If there is no such folder, or it holds no configuration.
    ModelIntegrityError
        If it cannot be read or is not UTF-8.
    """
    if not folder.is_dir():
        raise ModelNotFoundError(f"{folder}: there is no such model folder; check the path")
    if not (folder / "config.json").is_file():
        raise ModelNotFoundError(f"{folder} holds no config.json; it is not a model folder")
    return decode_file(_read(folder, "config.json"), folder / "config.json")


def read_files(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Read every file of a folder once and hold it against its digest.

    Parameters
    ----------
    folder : pathlib.Path
    names : sequence of str
        The files that it must list; no others are read.

    Returns
    -------
    dict of str to bytes

    Raises
    ------
    ModelIntegrityError
        If a file is missing, left over, too large, truncated or altered.
    """
    sums_path = folder / SUMS
    wanted: dict[str, str] = {}
    for line in decode_file(_read(folder, SUMS), sums_path).splitlines():
        digest, _, name = line.partition("  ")
        wanted[name] = digest
    if sorted(wanted) != sorted(names):
        raise ModelIntegrityError(f"{sums_path} does not list the files of a model; get the folder anew")
    files = {}
    for name in names:
        files[name] = _read(folder, name)
        if hashlib.sha256(files[name]).hexdigest() != wanted[name]:
            raise ModelIntegrityError(
                f"{folder / name} differs from its digest in SHA256SUMS: truncated or altered; get it anew"
            )
    return files


def decode_file(data: bytes, path: Path) -> str:
    """Decode a file of a folder.

    Parameters
    ----------
    data : bytes
    path : pathlib.Path
        How errors call it.

    Returns
    -------
    str

    Raises
    ------
    ModelIntegrityError
        If it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelIntegrityError(f"{path} is not UTF-8 (byte {error.start}); get the folder anew") from None


class Lines(Sequence[str]):
    """Strings held as one: a hundred thousand of their own take ten times the memory.

    Parameters
    ----------
    lines : sequence of str
        Without line feeds.

    Examples
    --------
    >>> lines = Lines(["w=هدنة", "w=لا"])
    >>> len(lines), lines[1], list(lines)
    (2, 'w=لا', ['w=هدنة', 'w=لا'])
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._text = "\n".join(lines)
        self._ends = array("L", accumulate((len(line) + 1 for line in lines), initial=0))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        return self._text[self._ends[place] : self._ends[place + 1] - 1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._text.split("\n") if len(self) else ())


def read_lines(text: str, path: Path) -> list[str]:
    """Split a file of names into its lines.

    Parameters
    ----------
    text : str
    path : pathlib.Path
        How errors call it.

    Returns
    -------
    list of str

    Raises
    ------
    ModelIntegrityError
        If the last line has no end.
    """
    names = text.split("\n")
    if names.pop() != "":
        raise ModelIntegrityError(f"{path} does not end with a newline: truncated; get the folder anew")
    return names


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
