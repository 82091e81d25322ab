"""The wheel's software bill of materials: what is in it that is not code of this project.

CycloneDX 1.6 as JSON, without dates and serial numbers, so that the same files give the same bytes.
That is the two models; which corpora each was learned from is read from its card.  What is required
and not contained stands in the wheel's own ``Requires-Dist``, with licences in docs/licences.md.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

__all__ = ["bill"]

_WHAT = {
    "news": "Stances and sentiments of Arabic news statements: weights, n-grams, word vectors, lexicon",
    "reader": "Speakers and recipients in Arabic news sentences: weights, word clusters, lexicon",
}


def bill(version: str, models: Path) -> bytes:
    """Write the bill of materials.

    Parameters
    ----------
    version : str
        Of the package.
    models : pathlib.Path
        The folder of model folders.

    Returns
    -------
    bytes
        UTF-8, indented.
    """
    root = {
        "type": "library",
        "bom-ref": f"stance@{version}",
        "name": "stance",
        "version": version,
        "licenses": [{"license": {"id": "MIT"}}],
    }
    parts = [_model(models / name, version) for name in sorted(_WHAT)]
    found = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root},
        "components": parts,
        "dependencies": [
            {"ref": root["bom-ref"], "dependsOn": [part["bom-ref"] for part in parts]},
            *({"ref": part["bom-ref"]} for part in parts),
        ],
    }
    return (json.dumps(found, indent=2, ensure_ascii=False) + "\n").encode()


def _model(folder: Path, version: str) -> dict[str, Any]:
    sums = (folder / "SHA256SUMS").read_bytes()
    files = [line.split("  ") for line in sums.decode().splitlines()]
    return {
        "type": "machine-learning-model",
        "bom-ref": f"stance_models/{folder.name}",
        "name": f"stance_models/{folder.name}",
        "version": version,
        "description": _WHAT[folder.name],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(sums).hexdigest()}],
        "licenses": [{"license": {"id": "MIT"}}],
        "modelCard": {"modelParameters": {"datasets": _corpora(folder / "README.md")}},
        "components": [
            {
                "type": "file",
                "bom-ref": f"stance_models/{folder.name}/{name}",
                "name": name,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
            for digest, name in files
        ],
    }


def _corpora(card: Path) -> list[dict[str, str]]:
    """Read the card's table of corpora; a model of the project's own statements has none."""
    table = re.search(
        r"^\| corpus \| licence \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", card.read_text("utf-8"), re.MULTILINE
    )
    lines = table[1].splitlines() if table else []
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [
        {
            "type": "dataset",
            "name": corpus,
            "description": f"Learned from, not contained. Licence: {licence}",
        }
        for corpus, licence in rows
    ]
