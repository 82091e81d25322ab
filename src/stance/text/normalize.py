"""Arabic normalisation: one pure function, the same for a word and for a whole text."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from stance.text.charmap import mapper

__all__ = ["normalize"]

_SHORT = 256
_PIECE = 1 << 16
"""Letters mapped at once: the mapper makes a list of them."""
_NO_LETTERS = re.compile(r"[^\w\s\0-\u02ff]{32,}")
"""Long runs in which marks may stand."""


def normalize(text: str) -> str:
    """Fold the spelling variants of Arabic text into one form.

    Removes diacritics, Quranic marks, tatweel, bidi and other invisible controls; unifies the
    forms of alef, ya, teh marbuta, Persian and Maghrebi letters, presentation forms and digits;
    lower-cases ASCII.  Normalising twice changes nothing, and canonically equivalent texts have
    the same normal form.

    Parameters
    ----------
    text : str
        Any text, of any length.

    Returns
    -------
    str
        The normal form (:data:`stance.text.NORMALIZATION_VERSION` names its rules).

    Examples
    --------
    >>> normalize("أَكَّــدَ الرئيسُ ٣٫٥٪")
    'اكد الرئيس 3.5%'
    """
    # Composition first: a hamza written as a combining mark must not be deleted as a mark.
    composed = _composed(text)
    if len(composed) <= _PIECE:
        mapped: str = mapper().map_string(composed)
    else:
        pieces = (composed[i : i + _PIECE] for i in range(0, len(composed), _PIECE))
        mapped = "".join(map(mapper().map_string, pieces))
    # And again: a deleted joiner may have stood between a Latin letter and its accent.
    return _composed(mapped)


def _composed(text: str) -> str:
    """Compose a text (NFC) in linear time."""
    if len(text) > _SHORT:
        text = _NO_LETTERS.sub(lambda run: _ordered(run.group()), text)
    return unicodedata.normalize("NFC", text)


def _ordered(run: str) -> str:
    """Bring marks into canonical order: unicodedata itself takes quadratic time to order many of them."""
    parts = [c for char in run for c in unicodedata.normalize("NFD", char)]
    orders = [unicodedata.combining(c) for c in parts]
    # marks are sorted behind what they stand on, which has the order 0
    bases = accumulate(order == 0 for order in orders)
    places = sorted(range(len(parts)), key=list(zip(bases, orders, strict=True)).__getitem__)
    return "".join([parts[i] for i in places])
