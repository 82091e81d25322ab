"""Prints what the lean way of installing requires, and the requirements of the extras that are named.

    python release/lean.py [EXTRA...]

That is what pyproject.toml declares without camel-tools, of which one module is used, and what that module wants:
camel-tools itself is installed with --no-deps, for its own requirements bring torch.
"""

import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
OF_CAMEL_TOOLS = ["emoji>=2.0", "regex>=2023.12.25", "six>=1.16"]


def requirements(*extras: str) -> list[str]:
    """Return requirements as pyproject.toml writes them; those of stance itself are looked up."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    found = [line for line in project["dependencies"] if not line.startswith("camel-tools")] + OF_CAMEL_TOOLS
    waiting = list(extras)
    while waiting:
        for line in project["optional-dependencies"][waiting.pop()]:
            name, _, inner = line.rstrip("]").partition("[")
            if name == "stance":
                waiting += inner.split(",")
            else:
                found.append(line)
    return found


if __name__ == "__main__":
    print(*requirements(*sys.argv[1:]), sep="\n")
