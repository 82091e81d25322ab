"""Prints a block of shell commands of a page, so that .ci/run runs what the page says.

Arguments: the page, and words that stand in that block alone.
"""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def block(page: Path, words: str) -> str:
    """Return the one block of shell commands in which the words stand; ValueError if there is not just one."""
    [found] = [code for code in BLOCK.findall(page.read_text(encoding="utf-8")) if words in code]
    return found


if __name__ == "__main__":
    print(block(Path(sys.argv[1]), sys.argv[2]), end="")
