"""Who says what to whom: how often the reader is right, and how fast it is.

    python benchmarks/reading.py [--data FOLDER] [--cross-validate] [--misses N]

Without a folder: the project's own articles with gold statements, those of examples/ and those of benchmarks/articles/, which were
written when the reader was there, and the reading speed.  With one: the
articles that no model learned from, the agency story, and misses; with --cross-validate the annotated sentences too, in five
folds by document (a quarter of an hour a fold, beside other work; `make reader` prints the same figures).  Speakers are found with stances that may be wrong: in the
articles those that the shipped model gives, in the sentences the annotated ones with its errors drawn in.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from accuracy import ROOT, unlabelled

import stance
from stance.actors import Gazetteer
from stance.annotations import join
from stance.datasets import AnnotatedSentence, Row, annotated, read_rows, read_text
from stance.lexicon import Lexicon
from stance.predictions import Prediction
from stance.reader_training import (
    cluster_words,
    cross_validate,
    find_names,
    measure_reader,
    same_name,
    train_reader,
    word_vectors,
)
from stance.reader_training.measure import Names
from stance.statements import Reader, default_reader_path, read_reader
from stance.statements.finders import stance_key

SPEED_SENTENCES = 6000


def rows_of(path: Path) -> list[AnnotatedSentence]:
    return list(annotated(read_rows(read_text(path), path.name, "jsonl"), path.name))


def show(title: str, rows: list[AnnotatedSentence], found: list[Names], misses: int) -> None:
    scores = measure_reader(rows, found)
    print(f"\n{title}: {len(rows)} rows")
    for name, value in scores.to_dict().items():
        print(f"  {name:20} {value}")
    shown = 0
    for row, names in zip(rows, found, strict=True):
        wanted = row.speaker if isinstance(row.speaker, str) else row.text[slice(*row.speaker)]
        right = names.speaker == wanted if wanted in ("", "~") else same_name(names.speaker, wanted)[0]
        if not right and shown < misses:
            shown += 1
            print(
                f"  miss: wanted {wanted or 'nobody'} | found {names.speaker or 'nobody'} | {row.text[:150]}"
            )


class Told:
    """Predicts what the shipped model does, but for the stances, which are the annotated ones."""

    def __init__(self, gold: list[dict[str, Any]]) -> None:
        self._stances = {row["text"]: frozenset(row["stances"]) for row in gold}
        self._model = stance.load()

    def predict(self, texts: list[str], *, abstain: float = 0.0) -> list[Prediction]:
        found = self._model.predict(texts, abstain=abstain)
        return [replace(p, stances=self._stances[t]) for t, p in zip(texts, found, strict=True)]


def own_articles(name: str, folder: Path, misses: int) -> None:
    """Measure on the project's own articles, with the model's stances and with the annotated ones."""
    kinds = (
        "pieces",
        "speaker",
        "speaker_resolved",
        "recipient",
        "kind",
        "both spans",
        "cue",
        "content",
        "all spans",
    )
    right = {told: dict.fromkeys(kinds, 0) for told in (False, True)}
    n = named = held = cued = told_words = 0
    for path in sorted(folder.glob("*.jsonl")):
        gold = [json.loads(line) for line in read_text(path).splitlines()]
        n += len(gold)
        named += sum(bool(g["speaker"]) for g in gold)
        held += sum(bool(g["stances"]) for g in gold)
        cued += sum(bool(g["kind"]) for g in gold if "cue" in g)
        told_words += sum("content" in g for g in gold)
        for told, counts in right.items():
            reader = Reader(cast("stance.Predictor", Told(gold))) if told else Reader()
            article = reader.read(read_text(path.with_suffix(".txt")))
            if [s.text for s in article] != [g["text"] for g in gold]:
                continue  # all of it is wrong
            for g, s in zip(gold, article, strict=True):
                both = count(counts, g, s, article.text)
                if misses > 0 and not told and not both:
                    misses -= 1
                    print(
                        f"  miss: {path.stem}: speaker {g['speaker']!r} found {s.speaker or ''!r}; "
                        f"to {g['recipient']!r} found {s.recipient or ''!r} | {s.text[:110]}"
                    )
    print(
        f"\n{name}: {n} statements, {named} with a speaker, {held} with a stance; exact, and told the stances:"
    )
    for kind in kinds:
        of = {"speaker_resolved": named, "recipient": held, "cue": cued, "content": told_words}.get(kind, n)
        if cued or kind not in ("cue", "content", "all spans"):
            print(f"  {kind:20} {right[False][kind] / of:.3f} {right[True][kind] / of:.3f}")


def count(counts: dict[str, int], gold: dict[str, Any], found: stance.Statement, text: str) -> bool:
    """Count what of a statement is as annotated; return whether both names are."""
    speaker = (found.speaker or "") == gold["speaker"]
    recipient = (found.recipient or "") == gold["recipient"]
    counts["pieces"] += 1
    counts["speaker"] += speaker
    counts["both spans"] += speaker and recipient
    counts["kind"] += (found.kind or "") == gold["kind"]
    if gold["speaker"]:
        counts["speaker_resolved"] += same_name(found.speaker_resolved or "", gold["speaker_resolved"])[0]
    if gold["stances"]:
        counts["recipient"] += recipient
    if "cue" in gold:
        cue = (text[slice(*found.cue)] if found.cue else "") == gold["cue"]
        content = "content" not in gold or [text[a:b] for a, b in found.content] == gold["content"]
        counts["cue"] += cue and bool(gold["kind"])
        counts["content"] += content and "content" in gold
        counts["all spans"] += cue and content and speaker and recipient
    return speaker and recipient


def own_sentences(path: Path, misses: int) -> None:
    """Measure on single sentences with gold speakers, cues and contents, written by somebody who did not know the reader."""
    right = dict.fromkeys(("speaker", "kind", "cue", "content", "all of them"), 0)
    reader, n = Reader(), 0
    for line in read_text(path).splitlines():
        gold = json.loads(line)
        text, n = gold["text"], n + 1
        found = reader.read(text)[0]
        said = [text[a:b] for a, b in found.content]
        same = {
            "speaker": (found.speaker or "") == gold["speaker"],
            "kind": (found.kind or "") == gold["kind"],
            "cue": (text[slice(*found.cue)] if found.cue else "") == gold["cue"],
            "content": gold["kind"] in ("report", "") or said == gold["content"],
        }
        same["all of them"] = all(same.values())
        for kind, is_same in same.items():
            right[kind] += is_same
        if misses > 0 and not same["all of them"]:
            misses -= 1
            print(f"  miss: {[kind for kind, is_same in same.items() if not is_same]} | {text}")
    print(f"\nown sentences: {n}; exact:")
    for kind, count in right.items():
        print(f"  {kind:20} {count / n:.3f}")


def story(folder: Path) -> None:
    text = read_text(folder / "articles" / "tashkent.txt")
    with (folder / "articles" / "tashkent.tsv").open(encoding="utf-8") as file:
        gold = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    article = Reader().read(text)
    print(f"\nagency story: {len(article)} statements, {len(gold)} wanted")
    for s, g in zip(article, gold, strict=False):
        same = (s.speaker or "") == g["speaker"]
        actors = [a.code if a else "" for a in (s.speaker_actor, s.recipient_actor)]
        mark = "ok  " if same else "miss"
        print(
            f"  {mark} {s.start:5} {s.kind or '-':9} {s.speaker or '-'} ({s.speaker_resolved or '-'}, {actors[0]}) -> "
            f"{s.recipient or '-'} ({actors[1]}); wanted {g['speaker'] or '-'} -> {g['recipient'] or '-'}"
        )


def speed(data: Path | None) -> None:
    if data:
        lines = unlabelled(data)[:SPEED_SENTENCES]
    else:
        paths = sorted((ROOT / "training" / "statements").glob("*.jsonl"))
        lines = [json.loads(line)["text"] for path in paths for line in read_text(path).splitlines()]
    articles = ["\n".join(lines[i : i + 20]) for i in range(0, len(lines), 20)]
    reader = Reader()
    for run in ("cold", "warm", "warm", "warm"):
        started = time.perf_counter()
        found = [reader.read(article) for article in articles]
        events = [a.events() for a in found]
        seconds = time.perf_counter() - started
        n = sum(map(len, found))
        print(
            f"reading, {run}: {n / seconds:,.0f} sentences a second ({n} sentences, {sum(map(len, events))} events)"
        )


def validation(folder: Path, misses: int) -> None:
    lines = unlabelled(folder)
    texts = [Row(line, i) for i, line in enumerate(lines)]
    rows = rows_of(folder / "annotation" / "statements.jsonl")
    path = ROOT / "training" / "spans" / "news-more.jsonl"
    digests = read_rows(read_text(path), path.name, "jsonl", "sha256")
    more = list(annotated(join(digests, texts, "news.txt.gz"), path.name))
    own = [
        r
        for kind in ("statements", "traps", "headlines", "attributions", "articles")
        for p in sorted((ROOT / "training" / kind).glob("*.jsonl"))
        for r in rows_of(p)
    ]
    gazetteer = Gazetteer.default()
    vectors = word_vectors(lines)
    fit = partial(
        train_reader,
        lexicon=Lexicon.default(),
        gazetteer=gazetteer,
        clusters=cluster_words(vectors),
        vectors=vectors,
    )
    found = cross_validate(rows, [*more, *own], fit, gazetteer, jobs=2)
    show("cross-validation", rows, found, misses)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--misses", type=int, default=10)
    options = parser.parse_args()
    print(f"stance {stance.__version__}")
    own_articles("own articles", ROOT / "examples", options.misses)
    own_articles("own articles written afterwards", ROOT / "benchmarks" / "articles", options.misses)
    own_sentences(ROOT / "benchmarks" / "sentences.jsonl", options.misses)
    speed(options.data)
    if options.data:
        path = options.data / "annotation" / "articles.jsonl"
        if not path.is_file():
            sys.exit(f"{path} is not there; name the folder docs/training.md describes")
        rows = rows_of(path)
        labels = [stance_key(p.stances) for p in stance.load().predict([row.text for row in rows])]
        found = find_names(read_reader(default_reader_path()), rows, Gazetteer.default(), labels)
        show("whole articles", rows, found, options.misses)
        story(options.data)
        if options.cross_validate:
            validation(options.data, options.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
