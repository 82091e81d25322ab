"""How often the trap suite is passed, family by family: rows, plain acts, traps, whole pairs.

    python benchmarks/traps.py [--model DIR]

A row is right if its stance set is; a pair if both its rows are (CheckList: Ribeiro et al. 2020).  "alike" are the
pairs whose two rows got the same stances: all of them should in `spelling` and `word_order`, none in the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import stance

TRAPS = Path(__file__).parents[1] / "tests" / "traps"


def rates(model: stance.Predictor, path: Path) -> tuple[float, float, float, float, float]:
    """Shares of a family: rows, plain rows and traps that are right, pairs that are, pairs labelled alike."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [p.stances for p in model.predict([row["text"] for row in rows])]
    right = [held == set(row["stances"]) for held, row in zip(found, rows, strict=True)]
    n = len(rows) // 2
    both = sum(a and b for a, b in zip(right[::2], right[1::2], strict=True))
    alike = sum(a == b for a, b in zip(found[::2], found[1::2], strict=True))
    return sum(right) / len(rows), sum(right[::2]) / n, sum(right[1::2]) / n, both / n, alike / n


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, help="folder of a model (default: the one installed)")
    model = stance.load(parser.parse_args().model)
    print(f"{'family':20}{'rows':>8}{'plain':>8}{'trap':>8}{'pairs':>8}{'alike':>8}")
    found = {path.stem: rates(model, path) for path in sorted(TRAPS.glob("*.jsonl"))}
    for name, shares in found.items():
        print(f"{name:20}{''.join(f'{share:8.3f}' for share in shares)}")
    families = [shares for name, shares in found.items() if name != "spelling"]
    mean = (sum(column) / len(families) for column in zip(*families, strict=True))
    print(f"{'all but spelling':20}{''.join(f'{share:8.3f}' for share in mean)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
