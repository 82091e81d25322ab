"""``config.json`` as plain data: small, shallow, finite, each key once."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from stance.errors import ModelIntegrityError

__all__ = ["parse_config", "shown"]

_DEPTH = 12
_SHOWN = 60
_SHOWN_OF_ERRORS = 500
_LARGEST = 2**63


def parse_config(text: str, name: str) -> dict[str, Any]:
    """Parse a configuration.

    Parameters
    ----------
    text : str
    name : str
        How errors call the file.

    Returns
    -------
    dict

    Raises
    ------
    ModelIntegrityError
        If it is not JSON, names no format or a key twice, is nested deeply, or holds what other programs
        could not read: a number that is not finite or larger than 64 bits hold, half a character.

    Examples
    --------
    >>> parse_config('{"format": 1}', "config.json")
    {'format': 1}
    """
    try:
        data = json.loads(text, object_pairs_hook=_once)
        _check(data, _DEPTH)
    except (ValueError, RecursionError) as error:
        reason = shown(error) if type(error) is ValueError else "it cannot be parsed"
        raise ModelIntegrityError(
            f"{name} is not JSON ({reason}); the model folder is damaged, get it anew"
        ) from None
    if not isinstance(data, dict) or type(data.get("format")) is not int:
        raise ModelIntegrityError(f"{name} names no format number; the folder is not a stance model")
    return data


def shown(value: object) -> str:
    """Return a value as errors show it: on one line, cut where it is long.

    Parameters
    ----------
    value : object
        An exception is shown by its message.

    Returns
    -------
    str

    Examples
    --------
    >>> shown(["a", 1.5]), shown("x" * 100)[-5:]
    ("['a', 1.5]", 'xx...')
    """
    text, most = (str(value), _SHOWN_OF_ERRORS) if isinstance(value, Exception) else (repr(value), _SHOWN)
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: most + 1])
    return text if len(text) <= most else text[: most - 3] + "..."


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise ValueError(f"the key {shown(max(counts, key=counts.__getitem__))} stands in it twice")
    return found


def _check(value: Any, depth: int) -> None:
    """Refuse what is nested deeper than `depth`, and numbers and strings that are not plain."""
    if isinstance(value, (dict, list)):
        if not depth:
            raise ValueError(f"it is nested deeper than {_DEPTH} levels")
        for inner in value.values() if isinstance(value, dict) else value:
            _check(inner, depth - 1)
        for key in value if isinstance(value, dict) else ():
            _check(key, depth)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number in it is not finite")
    elif isinstance(value, int) and abs(value) >= _LARGEST:
        raise ValueError("a whole number in it is too large")
    elif isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
        raise ValueError("a string in it holds half a character")
