"""Files and folders that are there whole or not at all, whatever ends their writing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from stance.errors import DataError

__all__ = [
    "atomic_path",
    "cannot_write",
    "check_apart",
    "check_place",
    "place_of",
    "sync_folder",
    "write_synced",
]

_ADVICE = {
    errno.ENOENT: "make its folder first, or name another",
    errno.EFBIG: "raise the limit of file sizes (ulimit -f)",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "name a folder that you may write to"),
    **dict.fromkeys((errno.EBUSY, errno.EXDEV), "it is a mount point, so name a folder in it"),
}
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def cannot_write(target: str | os.PathLike[str], error: OSError) -> DataError:
    """Make of what the system says a sentence that says what to do.

    Parameters
    ----------
    target : path-like
        What was to be written.
    error : OSError

    Returns
    -------
    DataError
    """
    advice = _ADVICE.get(error.errno or 0, "")
    if error.errno in _FULL:
        with suppress(OSError):
            free = shutil.disk_usage(_nearest(Path(target))).free
            advice = f"{free / 1e6:.1f} MB are free there, so make room or name a place on another disk"
    said = f"{os.fspath(target)} cannot be written: {error.strerror or error}"
    return DataError(f"{said}; {advice}" if advice else said)


def check_place(target: str | os.PathLike[str]) -> None:
    """Refuse a place where nothing can be written, before the work and not after it.

    Parameters
    ----------
    target : path-like
        A file or folder to be; folders above it may be missing.

    Raises
    ------
    DataError
    """
    folder = _nearest(Path(target))
    if not folder.is_dir():
        raise DataError(f"{os.fspath(target)} cannot be written: {folder} is a file; name a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DataError(
            f"{os.fspath(target)} cannot be written: {folder} is read-only; name a folder that you may write to"
        )


def check_apart(output: str | os.PathLike[str], inputs: Iterable[str | os.PathLike[str]]) -> None:
    """Refuse an output that takes the place of an input, or of a folder in which one lies.

    Parameters
    ----------
    output : path-like
    inputs : iterable of path-like
        ``-`` is standard input; those that are missing are told of where they are read.

    Raises
    ------
    DataError
    """
    target = Path(output).resolve()
    for name in inputs:
        source = Path(name)
        if os.fspath(name) == "-" or not source.exists():
            continue
        if target.exists() and source.samefile(target):
            raise DataError(f"{os.fspath(output)} is an input too; name another file to write to")
        if target in source.resolve().parents:
            raise DataError(
                f"{os.fspath(name)} lies in {os.fspath(output)}, which is written anew; name another place"
            )


def place_of(output: str | os.PathLike[str]) -> Path:
    """Return where an output is written: where a link leads to, which is not replaced itself.

    Parameters
    ----------
    output : path-like

    Returns
    -------
    pathlib.Path

    Raises
    ------
    DataError
        If it is a pipe or a device, which a whole file cannot take the place of.
    """
    target = Path(output)
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise DataError(
            f"{target} is a pipe or a device, which no file can take the place of; write to standard output and redirect it"
        )
    return target.resolve() if target.is_symlink() else target


def _nearest(target: Path) -> Path:
    """Return the nearest folder above that exists."""
    return next(p for p in target.absolute().parents if p.exists())


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a name to write a file under; what is there at the end takes the name of `path`.

    Parameters
    ----------
    path : path-like

    Yields
    ------
    pathlib.Path
        A temporary name beside `path`, or where a link leads to, gone at the end.  A killed process leaves it behind; it is in
        nobody's way.

    Raises
    ------
    DataError
        If the place cannot be written, or is none of a file.
    """
    target = place_of(path)
    if target.is_dir():
        raise DataError(f"{target} is a directory; name a file in it to write to")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        if error.filename not in (None, os.fspath(temporary)):  # of another file, which was read meanwhile
            raise
        raise cannot_write(target, error) from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_synced(path: Path, data: bytes) -> None:
    """Write a file that is on the disk when this returns.

    Parameters
    ----------
    path : pathlib.Path
    data : bytes
    """
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last, where the system can.

    Parameters
    ----------
    folder : pathlib.Path
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
