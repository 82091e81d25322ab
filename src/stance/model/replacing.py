"""Folders of files with digests: written whole or not at all, replaced in one step, read from one state."""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import TypeVar

from stance.errors import DataError, ModelError
from stance.model.files import FILES, SUMS, largest_size
from stance.writing import cannot_write, check_place, sync_folder, write_synced

__all__ = ["check_target", "only_readable", "steady", "write_files"]

_TEMPORARY = ".stance-tmp"
_RENAME_EXCHANGE, _AT_FDCWD = 2, -100  # of Linux
_TRIES = 10
Read = TypeVar("Read")


def write_files(files: Mapping[str, bytes], path: str | os.PathLike[str], overwrite: bool = False) -> None:
    """Write a folder: to a temporary folder beside it, renamed when it is whole and on the disk.

    Whoever reads meanwhile finds the old folder or the new one.  Where the system cannot exchange two
    names (other systems than Linux), there is neither for the moment between two renames.

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
        with _temporary(target) as folder:
            for name, content in {**files, SUMS: sums.encode()}.items():
                write_synced(folder / name, content)
            folder.chmod(0o755)
            sync_folder(folder)
            _put(folder, target)
            sync_folder(target.parent)  # before the old folder goes
    except OSError as error:
        raise cannot_write(target, error) from None


def check_target(path: str | os.PathLike[str], overwrite: bool) -> None:
    """Refuse a place where a model folder must not or cannot be written.

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
    check_place(target)
    if target.resolve() == Path.cwd():
        raise DataError(
            f"{target} is the folder you are in, which a model's would take the place of; name a folder in it"
        )
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not all((target / name).is_file() for name in ("config.json", SUMS)):
        raise DataError(f"{target} exists and is not a model folder; name a new folder")
    strange = sorted(p.name for p in target.iterdir() if p.name not in FILES)
    if strange:
        raise DataError(
            f"{target} also holds {strange[0]!r}, which is no file of a model; move it, or name a new folder"
        )
    if not overwrite:
        raise DataError(f"{target} already holds a model; name a new folder or pass --overwrite")


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


@contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """Make a temporary folder beside another; what killed processes left there goes, what is in it at the end too."""
    descriptor = os.open(target.parent, os.O_RDONLY) if hasattr(os, "O_DIRECTORY") else None
    try:
        if descriptor is not None:
            _clear(target, descriptor)
        folder = Path(tempfile.mkdtemp(_TEMPORARY, f".{target.name}.", target.parent))
        try:
            yield folder
        finally:
            _remove(folder)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _clear(target: Path, parent: int) -> None:
    """Remove what killed writers left.

    Every writer holds a shared lock on the folder above: who gets the exclusive one knows that none is at work.
    """
    import fcntl  # noqa: PLC0415  # not on every system

    with suppress(OSError):  # another is writing, or the file system knows no locks
        fcntl.flock(parent, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in target.parent.glob(f".{glob.escape(target.name)}.????????{_TEMPORARY}*"):
            _remove(left)
    with suppress(OSError):
        fcntl.flock(parent, fcntl.LOCK_SH)


def _remove(path: Path) -> None:
    if path.is_symlink():  # the name that was replaced may have been a link
        path.unlink()
    shutil.rmtree(path, ignore_errors=True)


def _put(folder: Path, target: Path) -> None:
    """Let a finished folder take its name; what had it before gets the temporary one."""
    if not target.exists():
        folder.rename(target)
        return
    if _exchange(folder, target):
        return
    old = folder.with_name(f"{folder.name}.old")
    try:
        target.rename(old)
        folder.rename(target)
    finally:  # an interrupt between the two must not cost the old one
        if not target.exists():
            old.rename(target)
    _remove(old)


def _exchange(first: Path, second: Path) -> bool:
    """Let two folders take each other's names in one step; False where the system cannot."""
    import ctypes  # noqa: PLC0415  # Python does not offer this call of the system

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    if not rename(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE):
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS):
        return False
    raise OSError(code, os.strerror(code))


def steady(
    read: Callable[[str | os.PathLike[str]], Read],
) -> Callable[[str | os.PathLike[str]], Read]:
    """Make of a function that reads a folder one that reads again where the folder was replaced meanwhile.

    The files are read one after the other; without this, some could be of the old folder and some of the new.

    Parameters
    ----------
    read : callable

    Returns
    -------
    callable
    """

    @wraps(read)
    def steadily(path: str | os.PathLike[str]) -> Read:
        for _ in range(_TRIES):
            before = _identity(path)
            try:
                found = read(path)
            except ModelError:
                if _identity(path) == before:
                    raise
            else:
                if _identity(path) == before:
                    return found
        return read(path)

    return steadily


def _identity(path: str | os.PathLike[str]) -> tuple[int, int, int] | None:
    try:
        state = Path(path).stat()
    except (OSError, ValueError):  # a NUL is in no name
        return None
    return state.st_dev, state.st_ino, state.st_ctime_ns
