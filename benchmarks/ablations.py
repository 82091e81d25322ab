"""What each part of the shipped model is worth, and what more rows would be worth.

    python benchmarks/ablations.py --data FOLDER [--seed 0] [--only NAME ...] [--measure 0 1] [--jobs 2]
    python benchmarks/ablations.py --picture benchmarks/learning-curve.png

The same folds and test rows throughout: grouped five-fold cross-validation on the news rows, or
some of its folds.  Each line leaves one part out, or learns from a share of the documents.  The second
command measures nothing: it draws the learning curve of the table in benchmarks/README.md, so that both are one.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from accuracy import (
    more_news,
    own_statements,
    rows_of,
    settings,
    split,
    unlabelled,
    vectors_of,
    written_statements,
)
from joblib import Parallel, delayed
from sklearn.metrics import average_precision_score

import stance.features.analysis
from stance.evaluation import measure
from stance.fitting import Estimators
from stance.labels import OWN_LABELS
from stance.lexicon import Lexicon
from stance.settings import TrainingConfig
from stance.validation import LabelArrays, decide, folds_of

void_tokens = stance.features.analysis.void_tokens
PAGE = Path(__file__).with_name("README.md")
SECTION = "### What each part is worth"
COLUMNS = {"stances, mean average precision": 5, "stances, macro-F1": 0, "sentiment, macro-F1": 4}
"""Lines of the picture, and the columns of the table that they show."""
APART = 0.01
"""Of two points that are nearer than this the lower has its number below."""


def share_of(rows, share: float, seed: int):
    """The rows of a share of the documents."""
    documents = sorted({r.group for r in rows})
    kept = set(np.random.default_rng(seed).permutation(documents)[: round(share * len(documents))].tolist())
    return [r for r in rows if r.group in kept]


def variants(config: TrainingConfig, own, more, vectors):
    """Name, then config, lexicon, vectors, own and more news rows, share of all news rows, whether acts are voided."""
    full = {
        "config": config,
        "lexicon": Lexicon.default(),
        "vectors": vectors,
        "own": own,
        "more": more,
        "share": 1.0,
        "void": True,
    }
    yield "all of it", full
    yield "no lexicon", {**full, "lexicon": Lexicon([]), "void": False}
    yield "no word vectors", {**full, "vectors": None}
    yield "no attention", {**full, "config": replace(config, attention_weight=0.0)}
    yield "no clauses", {**full, "config": replace(config, clause_weight=0.0)}
    yield "no scopes of cues", {**full, "config": replace(config, scope_weight=0.0)}
    yield "no voided acts", {**full, "void": False}
    yield "nothing for attention alone", {**full, "own": [r for r in own if not r.attention_only]}
    yield "no own statements", {**full, "own": []}
    yield "no news rows", {**full, "share": 0.0}
    yield "the first 6,244 news rows only", {**full, "more": []}
    for share in (0.125, 0.25, 0.5):
        yield f"{share:.1%} of the news rows", {**full, "share": share}


def fit_fold(k, rows, fold, seed, config, lexicon, vectors, own, more, share, void):
    """Scores of one fold's rows by what the others teach."""
    stance.features.analysis.void_tokens = void_tokens if void else lambda *_: np.zeros(0, np.int64)
    train, test = split(rows, more, fold, k)
    estimators = Estimators.from_config(config, lexicon, vectors, OWN_LABELS, False, seed)
    return estimators.fit([*share_of(train, share, seed), *own]).decision_function(test)


def run(rows, fold, seed, measured, jobs, **parts):
    """Measure the rows of some folds."""
    scores = np.zeros((len(rows), 6))
    done = Parallel(n_jobs=jobs)(delayed(fit_fold)(k, rows, fold, seed, **parts) for k in measured)
    for k, part in zip(measured, done, strict=True):
        scores[fold == k] = part
    here = np.isin(fold, measured)
    kept = [r for r, h in zip(rows, here, strict=True) if h]
    found = LabelArrays(kept, OWN_LABELS, "macro-f1")
    probabilities, held, sentiment, _ = decide(scores[here], found, fold[here])
    names = np.array(OWN_LABELS.sentiments)[sentiment].tolist()
    worth = average_precision_score(found.truth, probabilities)
    return measure(found.truth, held, probabilities, [r.sentiment for r in kept], names, OWN_LABELS), worth


def curve_of(page: str) -> dict[float, list[float]]:
    """The figures of the table of a page, by the share of the documents that was learned from."""
    found = {}
    for line in page.partition(SECTION)[2].partition("\n###")[0].splitlines():
        name, *cells = (cell.strip() for cell in line.strip("| ").split("|"))
        share = re.match(r"([\d.]+) %", name)
        if share or name == "all of it":
            found[float(share[1]) / 100 if share else 1.0] = list(map(float, cells))
    return dict(sorted(found.items()))


def draw_curve(curve: Mapping[float, Sequence[float]], path: Path) -> None:
    """Draw what is found by the share of the documents; each tick of the axis doubles it."""
    from speed_plots import BLUE, RED, SAND, axes_of, save  # noqa: PLC0415  # wants matplotlib

    figure, [ax] = axes_of()
    for (label, column), colour, marker in zip(COLUMNS.items(), (RED, BLUE, SAND), "^os", strict=True):
        values = [figures[column] for figures in curve.values()]
        ax.plot(list(curve), values, f"{marker}-", color=colour, label=label)
    for share, figures in curve.items():
        above = 1.0
        for value in sorted((figures[column] for column in COLUMNS.values()), reverse=True):
            place = (0, 7) if above - value > APART else (0, -14)
            ax.annotate(
                f"{value:.3f}", (share, value), place, textcoords="offset points", ha="center", fontsize=8
            )
            above = value
    ax.set_xscale("log", base=2)
    ax.set_xticks(list(curve), ["all" if share == 1 else f"{100 * share:g} %" for share in curve])
    ax.minorticks_off()
    ax.margins(y=0.15)
    ax.set_xlabel("news documents learned from")
    ax.set_title("Learning curve")
    figure.legend(
        *ax.get_legend_handles_labels(), loc="outside lower center", ncols=len(COLUMNS), frameon=False
    )
    save(figure, path)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--data", type=Path)
    wanted.add_argument(
        "--picture", type=Path, metavar="FILE", help="draw the learning curve of the table (.png)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", help="names of the lines to measure")
    parser.add_argument(
        "--measure", type=int, nargs="+", default=[0, 1, 2, 3, 4], help="folds (default: all)"
    )
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    if options.picture:
        draw_curve(curve_of(PAGE.read_text(encoding="utf-8")), options.picture)
        return 0
    path = options.data / "annotation" / "statements.jsonl"
    if not path.is_file():
        sys.exit(f"{path} is not there; name the folder docs/training.md describes")
    config = settings()
    rows = rows_of(path)
    lines = unlabelled(options.data)
    vectors = vectors_of(lines, config)
    fold = folds_of(rows, 5, options.seed)
    print(
        f"{'':32}{'macro-F1':>10}{'support':>9}{'warning':>9}{'ceasef.':>9}{'sentiment':>11}{'mAP':>8}{'s':>6}",
        flush=True,
    )
    own = [*own_statements(), *written_statements()]
    for name, parts in variants(config, own, more_news(lines), vectors):
        if options.only and name not in options.only:
            continue
        started = time.monotonic()
        report, worth = run(rows, fold, options.seed, options.measure, options.jobs, **parts)
        single = "".join(f"{s.f1:9.3f}" for s in report.stances)
        seconds = time.monotonic() - started
        print(
            f"{name:32}{report.stance_macro_f1:10.3f}{single}{report.sentiment_macro_f1:11.3f}{worth:8.3f}{seconds:6.0f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
