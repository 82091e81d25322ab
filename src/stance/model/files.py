"""The files of a model folder: opened without following links, of a bounded size, each read once."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Self

from stance.errors import ModelIntegrityError, ModelNotFoundError
from stance.hints import near_file

__all__ = ["FILES", "SUMS", "ModelFolder", "enough_memory", "installed", "largest_size"]

SUMS = "SHA256SUMS"
_LARGEST = 512 << 20
_LARGEST_OF = {
    SUMS: 1 << 16,
    "README.md": 1 << 20,
    "clusters.txt": 16 << 20,
    "config.json": 1 << 20,
    "lexicon.tsv": 1 << 20,
}
"""Bytes; what is parsed into many small objects may be smallest."""
FILES = frozenset(_LARGEST_OF) | {
    "bigrams.txt",
    "context.txt",
    "ngrams.txt",
    "pieces.txt",
    "values.txt",
    "vectors.txt",
    "weights.npz",
}
"""Names of the files of a model or a reader, of any format."""
_FLAGS = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"):  # not every system has them
    _FLAGS |= getattr(os, _name, 0)


def largest_size(name: str) -> int:
    """Return how many bytes a file of a model folder may have.

    Parameters
    ----------
    name : str

    Returns
    -------
    int
    """
    return _LARGEST_OF.get(name, _LARGEST)


def installed(name: str) -> Path:
    """Return the folder of a model that is installed with the package.

    Some installers put links where the files should be; the folder is the one in which they are.

    Parameters
    ----------
    name : str

    Returns
    -------
    pathlib.Path
    """
    folder = Path(str(resources.files("stance_models").joinpath(name)))
    config = folder / "config.json"
    return config.resolve().parent if config.is_symlink() else folder


@contextmanager
def enough_memory(path: str | os.PathLike[str]) -> Iterator[None]:
    """Say that a model takes more memory than there is, where it does.

    Parameters
    ----------
    path : path-like
        How the error calls the model.

    Raises
    ------
    ModelIntegrityError
    """
    try:
        yield
    except MemoryError:
        raise ModelIntegrityError(
            f"{path} wants more memory than there is; free some, or use a smaller model"
        ) from None


class ModelFolder:
    """A model folder that is open for reading: ``with ModelFolder(path) as folder``.

    Where the system can, files are looked up in the folder as it was opened: one that is put in its
    place meanwhile is not mixed with it.  Each file is read once, so that what is checked is what is used.

    Parameters
    ----------
    path : path-like

    Raises
    ------
    ModelNotFoundError
        If there is no such folder.

    Attributes
    ----------
    path : pathlib.Path
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._files: dict[str, bytes] = {}
        self._handle: int | None = None
        try:
            if os.open in os.supports_dir_fd:
                self._handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            else:
                next(self.path.iterdir(), None)  # raises what opening would
        except (FileNotFoundError, NotADirectoryError):
            raise ModelNotFoundError(
                f"{self.path}: there is no such model folder{near_file(self.path, folders=True)}; check the path"
            ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ModelNotFoundError(
                f"the model folder {str(self.path)[:200]!r} cannot be opened ({reason}); check the path"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Parameters
        ----------
        name : str

        Returns
        -------
        bytes

        Raises
        ------
        ModelNotFoundError
            If it is ``config.json`` and missing.
        ModelIntegrityError
            If it is missing, cannot be read, is no plain file, too large, or changes meanwhile.
        """
        if name in self._files:
            return self._files[name]
        path = self.path / name
        try:
            self._files[name] = self._read(name, path)
        except FileNotFoundError:
            if name == "config.json":
                raise ModelNotFoundError(
                    f"{self.path} holds no config.json; it is not a model folder"
                ) from None
            raise ModelIntegrityError(
                f"{path} is missing; the model folder is damaged, get it anew"
            ) from None
        except OSError as error:
            raise ModelIntegrityError(
                f"{path} cannot be read ({error.strerror or error}); get the folder anew"
            ) from None
        return self._files[name]

    def read_all(self, names: Sequence[str]) -> dict[str, bytes]:
        """Return the content of every file, held against its digest.

        Parameters
        ----------
        names : sequence of str
            The files that ``SHA256SUMS`` must list; no others are read.

        Returns
        -------
        dict of str to bytes

        Raises
        ------
        ModelIntegrityError
            As :meth:`read`, or if a file is altered, not listed, or left over.
        """
        lines = self.read(SUMS).split(b"\n")
        wanted = {name: digest for digest, _, name in (line.partition(b"  ") for line in lines)}
        if len(lines) != len(names) + 1 or set(wanted) != {b"", *(name.encode() for name in names)}:
            raise ModelIntegrityError(
                f"{self.path / SUMS} does not list the files of a model; get the folder anew"
            )
        for name in names:
            if hashlib.sha256(self.read(name)).hexdigest().encode() != wanted[name.encode()]:
                raise ModelIntegrityError(
                    f"{self.path / name} differs from its digest in {SUMS}: truncated or altered; get it anew"
                )
        return {name: self._files[name] for name in names}

    def _read(self, name: str, path: Path) -> bytes:
        place = path if self._handle is None else name
        # looked at before it is opened, as opening alone can wait (pipes) or set something off (devices)
        _check_plain(os.stat(place, dir_fd=self._handle, follow_symlinks=False), path)
        with os.fdopen(os.open(place, _FLAGS, dir_fd=self._handle), "rb") as file:
            state = os.fstat(file.fileno())
            _check_plain(state, path)
            data = file.read(state.st_size + 1)
        if len(data) != state.st_size:
            raise ModelIntegrityError(f"{path} changed while it was read; try again")
        return data


def _check_plain(state: os.stat_result, path: Path) -> None:
    if stat.S_ISLNK(state.st_mode):
        raise ModelIntegrityError(
            f"{path} is a link; a model folder holds its files itself, copy them into it"
        )
    if not stat.S_ISREG(state.st_mode):
        raise ModelIntegrityError(f"{path} is no plain file; it is not a stance model")
    if state.st_size > largest_size(path.name):
        raise ModelIntegrityError(
            f"{path} has {state.st_size} bytes, and at most {largest_size(path.name)} are wanted; "
            "it is not a stance model"
        )
