"""What each part of the shipped model is worth, and what more rows would be worth.

    python benchmarks/ablations.py --data FOLDER [--seed 0] [--only NAME ...]

The same folds and test rows throughout: grouped five-fold cross-validation on the news rows.  Each
line leaves one part out, or learns from a share of the documents.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from accuracy import ROOT, own_statements, rows_of

import stance.features.analysis
from stance.cli.train import read_lines
from stance.datasets import read_text
from stance.evaluation import measure
from stance.features.vectors import train_vectors
from stance.fitting import Estimators
from stance.labels import OWN_LABELS
from stance.lexicon import Lexicon
from stance.settings import TrainingConfig
from stance.validation import LabelArrays, decide, folds_of

void_tokens = stance.features.analysis.void_tokens


def share_of(rows, share: float, seed: int):
    """The rows of a share of the documents."""
    documents = sorted({r.group for r in rows})
    kept = set(np.random.default_rng(seed).permutation(documents)[: round(share * len(documents))].tolist())
    return [r for r in rows if r.group in kept]


def variants(config: TrainingConfig, own, vectors):
    """Name, then config, lexicon, vectors, extra rows, share of the news rows, whether acts are voided."""
    full = {
        "config": config,
        "lexicon": Lexicon.default(),
        "vectors": vectors,
        "own": own,
        "share": 1.0,
        "void": True,
    }
    yield "all of it", full
    yield "no lexicon", {**full, "lexicon": Lexicon([]), "void": False}
    yield "no word vectors", {**full, "vectors": None}
    yield "no attention", {**full, "config": replace(config, attention_weight=0.0)}
    yield "no scopes of cues", {**full, "config": replace(config, scope_weight=0.0)}
    yield "no voided acts", {**full, "void": False}
    yield "no own statements", {**full, "own": []}
    yield "no news rows", {**full, "share": 0.0}
    for share in (0.125, 0.25, 0.5):
        yield f"{share:.1%} of the news rows", {**full, "share": share}


def run(rows, fold, seed, config, lexicon, vectors, own, share, void):
    stance.features.analysis.void_tokens = void_tokens if void else lambda *_: np.zeros(0, np.int64)
    found = LabelArrays(rows, OWN_LABELS, "macro-f1")
    scores = np.zeros((len(rows), 6))
    for k in np.unique(fold):
        train = share_of([r for r, f in zip(rows, fold, strict=True) if f != k], share, seed)
        estimators = Estimators.from_config(config, lexicon, vectors, OWN_LABELS, False, seed)
        fitted = estimators.fit([*train, *own])
        scores[fold == k] = fitted.decision_function([r for r, f in zip(rows, fold, strict=True) if f == k])
    probabilities, held, sentiment = decide(scores, found, fold)
    names = np.array(OWN_LABELS.sentiments)[sentiment].tolist()
    return measure(found.truth, held, probabilities, [r.sentiment for r in rows], names, OWN_LABELS)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", help="names of the lines to measure")
    options = parser.parse_args()
    path = options.data / "annotation" / "statements.jsonl"
    if not path.is_file():
        sys.exit(f"{path} is not there; name the folder docs/training.md describes")
    config = TrainingConfig.from_toml(read_text(ROOT / "training" / "news.toml"), "news.toml")
    rows = rows_of(path)
    vectors = train_vectors(
        read_lines(str(options.data / "corpora" / "news.txt.gz"), "utf-8"), config.vector_dimensions, seed=0
    )
    fold = folds_of(rows, 5, options.seed)
    print(
        f"{'':26}{'macro-F1':>10}{'support':>9}{'warning':>9}{'ceasef.':>9}{'sentiment':>11}{'s':>6}",
        flush=True,
    )
    for name, parts in variants(config, own_statements(), vectors):
        if options.only and name not in options.only:
            continue
        started = time.monotonic()
        report = run(rows, fold, options.seed, **parts)
        single = "".join(f"{s.f1:9.3f}" for s in report.stances)
        seconds = time.monotonic() - started
        print(
            f"{name:26}{report.stance_macro_f1:10.3f}{single}{report.sentiment_macro_f1:11.3f}{seconds:6.0f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
