"""Arrays as one archive (``.npz``): the same arrays give the same bytes, and nothing else is read than is written.

numpy and the zip format know much that no model holds: compression, encryption, comments, links,
pickled objects, headers that are Python expressions.  What is read here is what :func:`pack_arrays`
writes: stored members, each a plain array in C order that takes exactly the bytes it declares.  So no
array can be larger than the file, and nothing in it is evaluated.
"""

from __future__ import annotations

import io
import math
import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import ModelIntegrityError

__all__ = ["pack_arrays", "unpack_arrays"]

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_NAME = re.compile(rb"([a-z_]{1,64})\.npy")
_HEADER = re.compile(
    rb"\{'descr': '(<f4|<f8|<i2|\|i1)', 'fortran_order': False, 'shape': \((\d{1,15},|(?:\d{1,15}, ){1,3}\d{1,15})\), \} *\n"
)
_MOST = 64


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
        Of float32, float64 or int8; together at most as large as `data`.

    Raises
    ------
    ModelIntegrityError
        If it is no archive of plain arrays.
    """
    try:
        return {name: _array(content) for name, content in _members(data).items()}
    except (ValueError, struct.error) as error:
        raise ModelIntegrityError(
            f"{path} is not an archive of plain arrays ({error}); get the folder anew"
        ) from None


def _members(data: bytes) -> dict[str, memoryview]:
    """Return the members of a zip archive that has nothing but stored ones."""
    last = len(data) - _END.size
    if last < 0:
        raise ValueError("it is too short")
    signature, disk, first_disk, here, n, size, at, comment = _END.unpack_from(data, last)
    if signature != b"PK\5\6" or (disk, first_disk, comment) != (0, 0, 0) or here != n or at + size != last:
        raise ValueError("it does not end as one")
    if n > _MOST:
        raise ValueError(f"it has {n} members")
    members: dict[str, memoryview] = {}
    for _ in range(n):
        entry = _ENTRY.unpack_from(data, at)
        signature, flags, method, packed, length, n_name, n_extra, n_comment, start = (
            entry[i] for i in (0, 3, 4, 8, 9, 10, 11, 12, 16)
        )
        name = _NAME.fullmatch(data, at + _ENTRY.size, at + _ENTRY.size + n_name)
        if signature != b"PK\1\2" or name is None or len(name[0]) != n_name:
            raise ValueError("a member has no plain name")
        if flags or method or packed != length:
            raise ValueError(f"{name[0].decode()} is compressed or encrypted")
        members[name[1].decode()] = _content(data, start, length, name[0])
        at += _ENTRY.size + n_name + n_extra + n_comment
    if at != last:
        raise ValueError("its directory does not fit its size")
    if len(members) != n or sum(map(len, members.values())) > len(data):
        raise ValueError("an array stands in it twice")
    return members


def _content(data: bytes, start: int, length: int, name: bytes) -> memoryview:
    local = _LOCAL.unpack_from(data, start)
    signature, flags, method, n_name, n_extra = (local[i] for i in (0, 2, 3, 9, 10))
    first = start + _LOCAL.size
    if signature != b"PK\3\4" or flags or method or data[first : first + n_name] != name:
        raise ValueError(f"{name.decode()} is not what its directory says")
    content = memoryview(data)[first + n_name + n_extra :][:length]
    if len(content) != length:
        raise ValueError(f"{name.decode()} is truncated")
    return content


def _array(content: memoryview) -> NDArray[Any]:
    """Read a plain array as numpy writes it, format 1.0."""
    if bytes(content[:8]) != b"\x93NUMPY\1\0":
        raise ValueError("a member is no array of numpy's format 1.0")
    (length,) = struct.unpack_from("<H", content, 8)
    header = _HEADER.fullmatch(content, 10, 10 + length)
    if header is None or header.end() != 10 + length:
        raise ValueError("an array is not of plain numbers in C order")
    shape = tuple(map(int, header[2].decode().rstrip(",").split(",")))
    dtype = np.dtype(header[1].decode())
    if math.prod(shape) * dtype.itemsize != len(content) - header.end():
        raise ValueError(f"an array of shape {shape} has other bytes than it declares")
    # astype copies: into the machine's order of bytes, aligned, and not tied to the whole file
    return np.frombuffer(content, dtype, offset=header.end()).reshape(shape).astype(dtype.newbyteorder("="))
