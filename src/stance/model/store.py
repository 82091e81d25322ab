"""Writing folders of files with digests: whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stance.errors import DataError, ModelError
from stance.model.files import SUMS, largest_size

__all__ = ["check_target", "only_readable", "write_files"]


def write_files(files: Mapping[str, bytes], path: str | os.PathLike[str], overwrite: bool = False) -> None:
    """Write a folder: to a temporary folder beside it, renamed when it is whole.

    Parameters
    ----------
    files : dict of str to bytes
        Content by name; their digests are added as ``SHA256SUMS``.
    path : path-like
        The folder; made anew.
    overwrite : bool, default False
        Whether an existing model folder may be replaced.

    Raises
    ------
    DataError
        If the place cannot be written, or holds something that is not a model, or a model and
        `overwrite` is False, or a file is larger than can be read.
    """
    target = Path(path).absolute()
    check_target(target, overwrite)
    for name, content in files.items():
        if len(content) > largest_size(name):
            raise DataError(
                f"{target / name} would have {len(content)} bytes, and at most {largest_size(name)} can be read; "
                "make the model smaller"
            )
    sums = "".join(f"{hashlib.sha256(files[n]).hexdigest()}  {n}\n" for n in sorted(files))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise DataError(f"{target} cannot be written: {error.strerror or error}") from None
    try:
        for name, content in {**files, SUMS: sums.encode()}.items():
            (folder / name).write_bytes(content)
        folder.chmod(0o755)
        _swap(folder, target)
    except OSError as error:
        raise DataError(f"{target} cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def only_readable() -> Iterator[None]:
    """Turn what reading the files of a folder would say into an error of writing them.

    Raises
    ------
    DataError
    """
    try:
        yield
    except ModelError as error:
        raise DataError(
            f"the model is not written, as it would be refused when it is read: {error}"
        ) from None


def check_target(path: str | os.PathLike[str], overwrite: bool) -> None:
    """Refuse a place where a model folder must not be written.

    Parameters
    ----------
    path : path-like
    overwrite : bool

    Raises
    ------
    DataError
        See :func:`write_files`.
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
