"""A column of texts as bytes: sent between processes as it stands in memory, and read without pyarrow."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Strings"]


class Strings(NamedTuple):
    """Texts in UTF-8, one behind the other.

    Attributes
    ----------
    bounds : bytes of int64
        Where each begins, and where the last ends.
    data : bytes
    present : bytes of bool or None
        Whether each is there; None where all are.
    """

    bounds: bytes
    data: bytes
    present: bytes | None

    def values(self) -> list[Any]:
        r"""Return the texts; None for what is missing, and the error for what is not UTF-8.

        Returns
        -------
        list of str, None or UnicodeDecodeError

        Examples
        --------
        >>> Strings(np.array([0, 1, 1, 3], np.int64).tobytes(), "aب".encode(), b"\1\0\1").values()
        ['a', None, 'ب']
        """
        data = self.data
        bounds = np.frombuffer(self.bounds, np.int64).tolist()
        try:
            found: list[Any] = [data[first:end].decode() for first, end in pairwise(bounds)]
        except UnicodeDecodeError:
            found = [_decoded(data[first:end]) for first, end in pairwise(bounds)]
        if self.present is None:
            return found
        return [value if there else None for value, there in zip(found, self.present, strict=True)]


def _decoded(data: bytes) -> str | UnicodeDecodeError:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        return error
