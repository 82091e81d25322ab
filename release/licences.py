"""Every package that stance requires, whatever the way of installing, with its licence.

    python release/licences.py           writes docs/licences.md, of the packages of this environment
    python release/licences.py --check   1 if one is under the GPL or AGPL or says nothing; tells what is not on the page

Read from the metadata of the installed packages; those of no installed extra are left out and told.
"""

import argparse
import re
import runpy
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "licences.md"
LEAN = runpy.run_path(str(Path(__file__).with_name("lean.py")))["requirements"]
EXTRAS = ("parquet", "frames", "plots", "serve", "spark", "zstd")
BY_HAND = {"camel-kenlm": "LGPL-2.1-or-later"}
"""What stands in a package's licence file alone."""
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|(?<!Lesser )General Public License", re.IGNORECASE)
HEAD = """# Licences of what stance requires

Written by `python release/licences.py` from the metadata of the installed packages; `--check` holds an
environment against it. stance itself is under the MIT licence; its models' cards name what they were learned from
([news](../models/news/README.md), [reader](../models/reader/README.md)), and so does the bill of
materials in the wheel (`.dist-info/sboms/stance.cdx.json`).

No package is under the GPL or AGPL. Cases to know:

- **camel-kenlm** is under the LGPL 2.1 or later. camel-tools requires it for dialect identification, which stance
  never imports; the lean way of installing does without it.
- **certifi**, **tqdm** are under the MPL 2.0, which asks for nothing where their files are not changed. camel-tools
  requires them; stance does not import them. **shtab** is under the MPL 2.0, too; stance requires it, for `stance completion` alone.
- **Wheels of numpy, scipy, scikit-learn and torch** bring compiled libraries, among them GCC's run-time
  libraries: libgfortran and libgomp under the GPL 3 *with the GCC runtime library exception*, which leaves programs that
  use them under their own licences, and libquadmath under the LGPL. The packages' metadata does not tell of them.
- **torch** from its GPU builds also requires NVIDIA's libraries, under NVIDIA's own terms. `constraints.txt` takes the CPU
  build where one is offered; the lean way does without torch.

"way" is the leanest way of installing that brings the package.

"""


def main() -> int:
    """Write the page, or check this environment."""
    parser = argparse.ArgumentParser(description="List the licences of what stance requires.")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if something is wrong")
    found = rows()
    wrong = [
        f"{name} {version} is under {licence or 'no licence that its metadata tells'}"
        for name, version, licence, _ in found
        if not licence or FORBIDDEN.search(licence)
    ]
    if parser.parse_args().check:
        page = PAGE.read_text(encoding="utf-8")
        # no failure: what is required of others changes with every version of theirs
        missing = [name for name, *_ in found if f"| {name} |" not in page]
        print("not yet in docs/licences.md:", ", ".join(missing) or "none")
    else:
        table = "".join(
            f"| {name} | {version} | {licence} | {way} |\n" for name, version, licence, way in found
        )
        PAGE.write_text(
            f"{HEAD}| package | version | licence | way |\n|---|---|---|---|\n{table}", encoding="utf-8"
        )
    print(*wrong, f"{len(found)} packages, {len(wrong)} to look at", sep="\n")
    return bool(wrong)


def rows() -> list[tuple[str, str, str, str]]:
    """Walk the requirements of each way, the leanest first; return name, version, licence and way."""
    found: dict[str, tuple[str, str, str, str]] = {}
    walked = {"stance"}
    lean = ["camel-tools", *(re.split(r"[<>=!~ ]", line)[0] for line in LEAN())]
    ways = [("lean", lean), ("full", list(required(distribution("stance"), "")))]
    ways += [(extra, list(required(distribution("stance"), extra))) for extra in EXTRAS]
    for way, names in ways:
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            held = None if normal(name) in walked else installed(name)
            if held is None:
                continue
            row = (normal(name), held.version.partition("+")[0], licence_of(held), way)
            found.setdefault(normal(name), row)
            if way != "lean":  # there camel-tools goes without what it requires
                walked.add(normal(name))
                waiting += required(held, "")
    return sorted(found.values())


def installed(name: str) -> Distribution | None:
    """Return a package that is installed, or None and say so."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        print(f"not installed here, left out: {name}", file=sys.stderr)
        return None


def required(held: Distribution, extra: str) -> Iterator[str]:
    """Return the names that a package requires on this machine, or with one extra alone."""
    from packaging.requirements import Requirement  # noqa: PLC0415  # with pytest; --help goes without

    for line in held.requires or ():
        requirement = Requirement(line)
        asks = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if asks and (not extra or (requirement.marker and not requirement.marker.evaluate({"extra": ""}))):
            yield requirement.name


def licence_of(held: Distribution) -> str:
    """Return the licence by its SPDX expression, else by classifiers, else by the old free field."""
    name = normal(held.metadata["Name"])
    if name in BY_HAND:
        return BY_HAND[name]
    classifiers = [c for c in held.metadata.get_all("Classifier") or [] if c.startswith("License :: ")]
    named = [c.rpartition(" :: ")[2] for c in classifiers if not c.endswith("OSI Approved")]
    free = (held.metadata.get("License") or "").strip()
    return held.metadata.get("License-Expression") or ", ".join(named) or ("" if "\n" in free else free)


def normal(name: str) -> str:
    """Return a name as registries write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
