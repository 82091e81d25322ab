"""Arabic normalisation: one pure function, the same for a word and for a whole text."""

from __future__ import annotations

import unicodedata

from stance.text.charmap import mapper

__all__ = ["normalize"]


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
    mapped: str = mapper().map_string(unicodedata.normalize("NFC", text))
    # And again: a deleted joiner may have stood between a Latin letter and its accent.
    return unicodedata.normalize("NFC", mapped)
