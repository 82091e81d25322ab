"""Which of the sentences for measuring share words with those that were learned from, and what it is without them.

    python benchmarks/overlap.py --data FOLDER [--model DIR]

Agencies copy each other and themselves: a sentence of an article that nothing was learned from may stand, whole or in
part, in another.  Shared is what has seven words in a row in common, punctuation and forms of letters aside.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from accuracy import more_news, rows_of, unlabelled
from sklearn.metrics import f1_score

import stance
from stance.classifiers import indicator
from stance.text import tokenize

WORDS, DRAWS = 7, 2000


def runs(text: str) -> set[tuple[str, ...]]:
    """All seven words in a row; a shorter text is one run."""
    words = [token.norm for token in tokenize(text) if token.kind not in ("punctuation", "quote")]
    return {tuple(words[i : i + WORDS]) for i in range(max(len(words) - WORDS, 0) + 1)}


def micro(truth, held) -> float:
    return float(f1_score(truth, held, average="micro", zero_division=0))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, help="folder of a model (default: the one installed)")
    options = parser.parse_args()
    annotation = options.data / "annotation"
    if not (annotation / "articles.jsonl").is_file():
        sys.exit(f"{annotation}/articles.jsonl is not there; name the folder docs/training.md describes")
    rows = rows_of(annotation / "articles.jsonl")
    learned = [*rows_of(annotation / "statements.jsonl"), *more_news(unlabelled(options.data))]
    known = set().union(*(runs(row.text) for row in learned))
    shared = np.array([bool(runs(row.text) & known) for row in rows])
    model = stance.load(options.model)
    truth = indicator([row.stances for row in rows], model.stances)
    held = indicator([p.stances for p in model.predict([row.text for row in rows])], model.stances)
    documents = np.array([row.group for row in rows])
    random = np.random.default_rng(0)
    for name, here in (("all", shared | ~shared), ("shared", shared), ("not shared", ~shared)):
        places = [np.flatnonzero((documents == d) & here) for d in np.unique(documents)]
        drawn = (
            np.concatenate([places[i] for i in random.integers(len(places), size=len(places))])
            for _ in range(DRAWS)
        )
        low, high = np.percentile([micro(truth[d], held[d]) for d in drawn], [2.5, 97.5])
        print(
            f"{name:12}{here.sum():5} sentences{truth[here].sum():5} stances   "
            f"micro-F1 {micro(truth[here], held[here]):.3f} ({low:.3f} to {high:.3f})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
