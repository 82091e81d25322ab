"""Published corpora with official splits, through ``stance-train`` and ``stance evaluate`` alone.

    python benchmarks/public.py --data FOLDER [--only mawqif] [--search]

Prints the commands as it runs them, and the figure that each corpus is known by.  Settings were
chosen by cross-validation on the training files; the test files are for this figure.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple


class Corpus(NamedTuple):
    """A corpus: its files, the options that name its columns, the options of training alone."""

    train: str
    test: str
    columns: list[str]
    fitting: list[str]
    published: str


CORPORA = {
    "mawqif": Corpus(
        "mawqif/train.csv",
        "mawqif/test.csv",
        ["--label-column", "stance", "--target-column", "target", "--metric", "f1:Favor,Against"],
        ["--weight-column", "stance:confidence"],
        "tf-idf and sentence embeddings 0.718, best BERT of the 2022 paper 0.789 (macro-F1), StanceEval 2024 winner 0.844",
    ),
    "arsarcasm_v2": Corpus(
        "arsarcasm_v2/train.csv",
        "arsarcasm_v2/test.csv",
        ["--text-column", "tweet", "--label-column", "sentiment", "--metric", "f1:POS,NEG"],
        [],
        "winner of WANLP 2021 (BERT ensemble) 0.748",
    ),
    "ans": Corpus(
        "ans/stance_train.csv",
        "ans/stance_test.csv",
        ["--text-column", "s1", "--label-column", "stance", "--target-column", "s2", "--metric", "macro-f1"],
        [],
        "BERT 0.767",
    ),
}


def run(command: list[str]) -> str:
    """Run a command, show it, and return what it printed."""
    print("$", *(Path(command[0]).name, *command[1:]), flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def figure(text: str, name: str) -> float:
    """Find a figure that a command printed."""
    found = re.search(rf"{re.escape(name)}: ([0-9.]+)", text)
    return float(found[1]) if found else float("nan")


def measure(name: str, corpus: Corpus, folder: Path, search: bool) -> None:
    """Train on the training file, evaluate on the test file."""
    programs = Path(sys.executable).parent
    metric = corpus.columns[-1]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        model = str(Path(scratch) / name)
        settings = ["--search"] if search else ["--config", "posts"]
        trained = run(
            [str(programs / "stance-train"), str(folder / "corpora" / corpus.train), "-o", model, *corpus.columns, *corpus.fitting, *settings, "--unlabelled", str(folder / "corpora" / "news.txt.gz"), "--jobs", "2"]
        )  # fmt: skip
        tested = run(
            [str(programs / "stance"), "evaluate", str(folder / "corpora" / corpus.test), "--model", model, *corpus.columns]
        )  # fmt: skip
    print(
        f"{name}: {metric} {figure(tested, metric):.4f} on the official test, {figure(trained, metric):.4f} "
        f"in cross-validation; {time.monotonic() - started:.0f} s\n  published: {corpus.published}\n",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=CORPORA, default=list(CORPORA))
    parser.add_argument("--search", action="store_true", help="choose the settings by cross-validation")
    options = parser.parse_args()
    for name in options.only:
        if not (options.data / "corpora" / CORPORA[name].train).is_file():
            sys.exit(
                f"{options.data} holds no corpora/{CORPORA[name].train}; docs/training.md describes the folder"
            )
        measure(name, CORPORA[name], options.data, options.search)
    return 0


if __name__ == "__main__":
    sys.exit(main())
