"""Morphological analyzers of single words, whose lemmas and segments are features.

The only one is CAMeL's: camel-tools with its morphology and its maximum likelihood disambiguator,
which looks at each word by itself.  So what it finds depends on the word alone, and its features
fold into the word's score like n-grams do.  The data is the user's: stance brings none.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from stance.errors import DataError
from stance.settings import ANALYZERS
from stance.text import normalize

__all__ = ["CamelAnalyzer", "camel_path", "load_analyzer"]

_INSTALL = "run camel_data -i {}, or set CAMELTOOLS_DATA to the folder that holds it"
_LIGHT = _INSTALL.format("light")
_KNOWN = ("lex", "spvar")
"""Sources of analyses that stand in the morphology, in whatever spelling; all else is a guess."""


class CamelAnalyzer:
    """Lemma and D3 segments of words, by camel-tools.

    Parameters
    ----------
    disambiguator : camel_tools.disambig.mle.MLEDisambiguator
    """

    def __init__(self, disambiguator: Any) -> None:
        self._disambiguator = disambiguator

    def features(self, word: str) -> tuple[str, ...]:
        """Return the features of a word.

        Parameters
        ----------
        word : str
            As it is written.

        Returns
        -------
        tuple of str
            ``"l="`` and the lemma with its vowels, which tell words of the same letters apart;
            ``"s="`` and each segment, normalised, with a plus sign where a clitic is joined.
            Nothing for a word that the morphology does not know.
        """
        [found] = self._disambiguator.disambiguate([word])
        if not found.analyses:
            return ()
        analysis = found.analyses[0].analysis
        if analysis.get("source") not in _KNOWN:
            return ()
        segments = analysis.get("d3seg", "").split("_")
        return ("l=" + analysis["lex"], *("s=" + normalize(part) for part in segments if part))


@cache
def load_analyzer(name: str) -> CamelAnalyzer:
    """Load an analyzer, once a process.

    Parameters
    ----------
    name : str
        One of :data:`stance.settings.ANALYZERS`.

    Returns
    -------
    CamelAnalyzer

    Raises
    ------
    DataError
        If the name is unknown, or CAMeL's data or camel-tools' requirements are not installed.
    """
    if name not in ANALYZERS:
        raise DataError(f"the analyzer {name!r} is unknown; use {', '.join(ANALYZERS)}")
    morphology = camel_path("MorphologyDB", "morphology.db")
    model = camel_path("DisambigMLE", "model.json")
    # camel-tools looks for its catalogue of data when it is imported, and asks the network for it where
    # there is none; it is there, as the two paths stand in it
    try:
        from camel_tools.disambig.mle import MLEDisambiguator  # noqa: PLC0415  # see above
        from camel_tools.morphology.analyzer import Analyzer  # noqa: PLC0415  # see above
        from camel_tools.morphology.database import MorphologyDB  # noqa: PLC0415  # see above

        analyzer = Analyzer(MorphologyDB(str(morphology)), "NOAN_PROP")
        return CamelAnalyzer(MLEDisambiguator(analyzer, str(model)))
    except ImportError as error:
        raise DataError(
            f"the analyzer 'camel' wants camel-tools with its requirements, and {error.name or error} is "
            "missing; run pip install camel-tools"
        ) from None
    except Exception as error:  # noqa: BLE001  # camel-tools raises what it likes at files that it cannot read
        raise DataError(f"CAMeL's data in {morphology.parent} cannot be read ({error}); {_LIGHT}") from None


def camel_path(component: str, file: str = "", package: str = "light") -> Path:
    """Return where the data of a component of camel-tools is, without importing it.

    Parameters
    ----------
    component : str
        Such as ``"MorphologyDB"``; the default one of its data sets is meant.
    file : str
        In the data set.
    package : str
        What ``camel_data -i`` installs it with.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If it is not installed.
    """
    install = _INSTALL.format(package)
    given = os.environ.get("CAMELTOOLS_DATA")
    home = Path.home() / ("AppData/Roaming/camel_tools" if os.name == "nt" else ".camel_tools")
    folder = Path(given).expanduser().absolute() if given else home
    try:
        catalogue = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
        entry = catalogue["components"][component]
        path = folder.joinpath("data", entry["datasets"][entry["default"]]["path"], file)
    except (OSError, ValueError, KeyError, TypeError):
        raise DataError(f"{folder} holds no data of CAMeL ({component}); {install}") from None
    if not path.exists():
        raise DataError(f"CAMeL's data {path} is not there; {install}")
    return path
