"""The character map of the normalisation: explicit, versioned, applied by camel-tools.

Sources: the Unicode Character Database for the ranges (marks, bidi controls, presentation
forms); the letter foldings are those of Larkey, Ballesteros and Connell (2002), "Improving
stemming for Arabic information retrieval", extended to Persian, Kurdish, Urdu and Maghrebi
letters that news texts use for Arabic ones.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from camel_tools.utils.charmap import CharMapper

__all__ = ["NORMALIZATION_VERSION", "build_charmap", "mapper"]

NORMALIZATION_VERSION = 1
"""Raised whenever a character maps to something else; a model names the version it was trained on."""

_DELETED = (
    "\u0610-\u061a",  # Quranic honorifics and small letters above
    "\u064b-\u065f",  # harakat, tanween, shadda, sukun, maddah and hamza marks
    "\u0670",  # superscript alef
    "\u06d6-\u06dc",  # Quranic annotation signs
    "\u06df-\u06e8",  # the same
    "\u06ea-\u06ed",  # the same
    "\u0898-\u089f",  # extended Quranic marks
    "\u08ca-\u08ff",  # the same
    "\u0640",  # tatweel
    "\u061c",  # Arabic letter mark
    "\u200b-\u200f",  # zero-width characters and direction marks
    "\u202a-\u202e",  # direction embeddings and overrides
    "\u2060-\u2069",  # word joiner, invisible operators, direction isolates
    "\u00ad",  # soft hyphen
    "\ufe00-\ufe0f",  # variation selectors
    "\ufe70-\ufe72",  # spacing forms of the harakat
    "\ufe74",
    "\ufe76-\ufe7f",
    "\ufeff",  # byte order mark
)

_FOLDED = {
    "ا": "أإآٱٲٳٵ",
    "ي": "ىیېۑۍےۓٸۦؠؽؾؿ",
    "ه": "ةہھەۀۂۃۿ",
    "و": "ۆۇۈۉۊۋۄۅٶٷۥ",
    "ك": "کڪګڬڭڮگڰڱڲڳڴػؼ",
    "ب": "پٻڀ",
    "ج": "چڃڄڿ",
    "ز": "ژڙ",
    "ف": "ڤڡڢڣڥڦ",
    "ق": "ڨڧ",
    "ت": "ٹٺټٽٿ",
    "د": "ڈډڊڋڌڍڎڏڐ",
    "ر": "ڑڒړڔڕږڗ",
    "ن": "ںڻڹڼڽ",
    "ل": "ڵڶڷڸ",
}

_DIGITS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
_SIGNS = {"٫": ".", "٬": ",", "٪": "%", "؍": "/"}
_PRESENTATION = ((0xFB50, 0xFDF9), (0xFDFC, 0xFDFC), (0xFE73, 0xFEFC))


def build_charmap() -> dict[str, str]:
    """Build the map from characters to their normal forms.

    Returns
    -------
    dict of str to str
        Keys are single characters or ranges ``"a-b"``, as camel-tools' ``CharMapper`` takes them;
        an empty value deletes.  Characters that are not named stay as they are.

    Examples
    --------
    >>> build_charmap()["أ"]
    'ا'
    """
    charmap = dict.fromkeys(_DELETED, "")
    for letter, variants in _FOLDED.items():
        charmap.update(dict.fromkeys(variants, letter))
    for digits in _DIGITS:
        charmap.update({d: str(i) for i, d in enumerate(digits)})
    charmap.update(_SIGNS)
    charmap.update({chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)})
    single = CharMapper(charmap)
    for first, last in _PRESENTATION:
        for code in range(first, last + 1):
            char = chr(code)
            plain = unicodedata.normalize("NFKC", char)
            # Ligatures of several words ("peace be upon him") carry no stance: one space.
            if plain != char and char not in charmap:
                charmap[char] = " " if " " in plain.strip() else single.map_string(plain.strip())
    charmap["\ufdfa"] = charmap["\ufdfb"] = charmap["\ufdfd"] = " "
    return charmap


@cache
def mapper() -> CharMapper:
    """Return the one ``CharMapper`` of this normalisation version.

    Returns
    -------
    camel_tools.utils.charmap.CharMapper
    """
    return CharMapper(build_charmap())
