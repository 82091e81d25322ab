"""Looks at built distributions: what must be in them, what must not, and how large they may be.

Arguments: the files.
"""

import json
import sys
import tarfile
import zipfile
from pathlib import Path

LARGEST = 20_000_000
IN_WHEEL = (
    "stance/py.typed",
    "stance/features/_kernel.pyi",
    "stance_models/news/weights.npz",
    "stance_models/reader/weights.npz",
    ".dist-info/licenses/LICENSE",
    ".dist-info/sboms/stance.cdx.json",
)
IN_SDIST = (
    *("setup.py", "pyproject.toml", "constraints.txt", "release/sbom.py", "features/kernel/kernel.h"),
    *("README.md", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"),
)


def main() -> int:
    """Look at each file; print what is wrong."""
    wrong = [line for name in sys.argv[1:] for line in look(Path(name))]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return bool(wrong)


def look(path: Path) -> list[str]:
    """Return what is wrong with a distribution."""
    size = path.stat().st_size
    wrong = []
    if size > LARGEST:
        wrong.append(f"{path.name} takes {size:,} bytes, more than {LARGEST:,}")
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            [bill] = [name for name in names if name.endswith("stance.cdx.json")]
            version = json.loads(archive.read(bill))["metadata"]["component"]["version"]
        if not path.name.startswith(f"stance-{version}-cp311-abi3-"):
            wrong.append(f"{path.name} is not of {version}, or serves one version of Python alone")
        wanted, unwanted = IN_WHEEL, (".c", ".h", ".pyc")
    else:
        with tarfile.open(path) as archive:
            names = archive.getnames()
        wanted, unwanted = IN_SDIST, (".so", ".pyd", ".pyc")
    wrong += [f"{path.name} holds {name}" for name in names if name.endswith(unwanted)]
    wrong += [f"{path.name} lacks {end}" for end in wanted if not any(name.endswith(end) for name in names)]
    print(f"{path.name}: {len(names)} files, {size:,} bytes")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
