"""Accuracy by cross-validation, on whole articles, and on a held-out article with gold spans.

    python benchmarks/accuracy.py --data FOLDER [--jobs 2] [--folds 5] [--seed 0]

FOLDER is the data folder that docs/training.md describes.  The cross-validation trains exactly as
``make train`` does (other news rows and own statements always in training, folds grouped by document);
the articles are read with the shipped model, or with the one that --model names.  They are never trained on
(benchmarks/overlap.py tells which of their sentences stand elsewhere, too).  Rivals on the same folds and rows have
packages of their own, so a command of their own: benchmarks/rivals.py.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import replace
from pathlib import Path

import stance
from stance.annotations import join
from stance.classifiers import indicator
from stance.cli.train import read_lines
from stance.datasets import Row, labelled, read_rows, read_text
from stance.evaluation import measure
from stance.features.vectors import WordVectors, train_vectors
from stance.settings import TrainingConfig
from stance.training import train

ROOT = Path(__file__).resolve().parent.parent


def rows_of(path: Path):
    return list(labelled(read_rows(read_text(path), path.name, "jsonl"), path.name))


def own_statements():
    """The statements and minimal pairs written for this project."""
    kinds = ("statements", "traps")  # as the shipped model
    paths = sorted(p for kind in kinds for p in (ROOT / "training" / kind).glob("*.jsonl"))
    return [r for path in paths for r in rows_of(path)]


def written_statements():
    """What else was written for this project, which the attention network alone learns from, at half weight."""
    kinds = ("articles", "attributions", "idioms", "pairs")  # as the shipped model
    paths = sorted(p for kind in kinds for p in (ROOT / "training" / kind).glob("*.jsonl"))
    return [replace(r, weight=0.5, attention_only=True) for path in paths for r in rows_of(path)]


def unlabelled(data: Path) -> list[str]:
    return read_lines(str(data / "corpora" / "news.txt.gz"), "utf-8")


def more_news(lines: list[str]):
    """The annotated news sentences that nothing is measured on."""
    sentences = [Row(line, i) for i, line in enumerate(lines, 1)]
    found = []
    for path in sorted((ROOT / "training" / "annotations").glob("news-*.jsonl")):
        annotations = read_rows(read_text(path), path.name, "jsonl", "sha256")
        found += labelled(join(annotations, sentences, "news.txt.gz"), path.name)
    return found


def split(rows, extra, fold, k):
    """The rows to learn from and to measure on: no document is in both."""
    train = [r for r, f in zip(rows, fold, strict=True) if f != k]
    test = [r for r, f in zip(rows, fold, strict=True) if f == k]
    unseen = {r.group for r in test}
    return [*train, *(r for r in extra if r.group not in unseen)], test


def settings() -> TrainingConfig:
    return TrainingConfig.from_toml(read_text(ROOT / "training" / "news.toml"), "news.toml")


def vectors_of(lines: list[str], config: TrainingConfig) -> WordVectors:
    return train_vectors(lines, config.vector_dimensions, min_count=config.vector_min_count, seed=0)


def cross_validation(data: Path, options: argparse.Namespace) -> None:
    config = settings()
    rows = rows_of(data / "annotation" / "statements.jsonl")
    lines = unlabelled(data)
    extra = [*more_news(lines), *own_statements(), *written_statements()]
    vectors = vectors_of(lines, config)
    for seed in options.seeds:
        done = train(
            rows, extra, config=config, vectors=vectors, folds=options.folds, seed=seed, jobs=options.jobs
        )
        print(f"\n## {options.folds}-fold cross-validation, seed {seed}, {len(extra)} extra rows\n")
        print(done.report.to_text(), flush=True)


def articles(data: Path, model: stance.Predictor) -> None:
    rows = rows_of(data / "annotation" / "articles.jsonl")
    texts = [r.text for r in rows]
    found = model.predict(texts)
    report = measure(
        indicator([r.stances for r in rows]),
        indicator([p.stances for p in found]),
        model.predict_proba(texts),
        [r.sentiment for r in rows],
        [p.sentiment for p in found],
        (model.stances, model.sentiments),
    )
    print("\n## articles.jsonl: whole articles, natural rates\n")
    print(report.to_text())


def gold_article(folder: Path, name: str, model: stance.Predictor) -> None:
    article = stance.read((folder / f"{name}.txt").read_text(encoding="utf-8"), model)
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        gold = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_span = {(s.start, s.end): s for s in article}
    spans = stances = 0
    print(f"\n## {name}\n")
    for row in gold:
        statement = by_span.get((int(row["start"]), int(row["end"])))
        wanted = set(row["stances"].split("|")) - {"none"}
        spans += statement is not None
        right = statement is not None and statement.stances == wanted
        stances += right
        if not right:
            got = sorted(statement.stances) if statement else "no such span"
            print(f"at {row['start']}: wanted {sorted(wanted)}, got {got}")
    print(f"{spans} of {len(gold)} spans exact, {stances} of {len(gold)} stance sets right")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", help="model folder for the articles (default: the installed one)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--no-cv", action="store_true", help="measure on the articles only")
    options = parser.parse_args()
    if not (options.data / "annotation" / "statements.jsonl").is_file():
        sys.exit(
            f"{options.data} holds no annotation/statements.jsonl; name the folder docs/training.md describes"
        )
    if not options.no_cv:
        cross_validation(options.data, options)
    model = stance.load(options.model)
    articles(options.data, model)
    gold_article(options.data / "articles", "tashkent", model)
    return 0


if __name__ == "__main__":
    sys.exit(main())
