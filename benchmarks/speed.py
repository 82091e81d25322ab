"""The prediction path, from a list of str to labels and probabilities, beside its rivals; and what makes it dearer.

    .venv/bin/python benchmarks/speed.py --data FOLDER [--only rivals latency growth cap bert]
        [--json FILE.json] [--plots FOLDER]

Parts: rivals (cold and warm, side by side), latency (single statements), growth (cost by batch size,
lexicon size and time running), cap (of the word table, on words never seen), bert (a classifier of
that size).  Everything on one thread; the first 100,000 sentences of corpora/news.txt.gz after a
fixed shuffle.  Cold is the first pass of a model just loaded, warm are the passes after it.
fastText is wanted for its part (pip install fasttext), torch for the last; what is not installed
is left out.  Exit code 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib.util import find_spec
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
import speed_growth
import speed_plots
import speed_rivals
import speed_streams
from measuring import Figures, Part, Spread, figure, in_turn

import stance
from stance.cli.train import read_lines

Options = argparse.Namespace
Parts = dict[str, Part]


def rivals(texts: list[str], _lines: list[str], options: Options) -> Parts:
    return {
        "rivals": speed_rivals.measure_rivals(
            texts,
            options.data,
            options.rivals,
            model=options.model,
            rounds=options.rounds,
            n_slow=options.slow,
            n_rows=options.training_rows,
        )
    }


def latency(texts: list[str], _lines: list[str], options: Options) -> Parts:
    model = stance.load(options.model)
    return {"latency": speed_growth.measure_latency(texts, model, options.singles)}


def growth(texts: list[str], lines: list[str], options: Options) -> Parts:
    model = stance.load(options.model)
    some = texts[: options.lexicon_sentences]
    batches = speed_growth.measure_batches(texts, model, options.rounds)
    lexicons = speed_growth.measure_lexicons(some, model, options.lexicons, options.rounds)
    del model
    running, course = speed_streams.measure_time(lines, options.model, options.stream)
    if options.plots:
        speed_plots.draw_batches(batches.figures, options.plots / "speed-batch.png")
        speed_plots.draw_lexicons(lexicons.figures, options.plots / "speed-lexicon.png")
        speed_plots.draw_time(course, options.plots / "speed-time.png")
    return {"batch size": batches, "lexicon size": lexicons, "time running": running}


def cap(texts: list[str], _lines: list[str], options: Options) -> Parts:
    part, courses = speed_streams.measure_caps(
        texts, options.model, options.caps, options.random, options.rounds
    )
    if options.plots:
        speed_plots.draw_caps(courses, options.plots / "speed-cap.png")
    return {"cap": part}


def bert(texts: list[str], _lines: list[str], options: Options) -> Parts:
    if not find_spec("torch"):
        print("\ntorch is not installed: the classifier of BERT's size is left out")
        return {}
    from speed_bert import N_BATCH, bert_sized  # noqa: PLC0415  # the other parts run without torch

    model = stance.load(options.model)
    rival = bert_sized(len(model.stances) + len(model.sentiments))
    few = texts[: N_BATCH * options.bert_batches]
    model.predict(texts)
    rival(few[:2])
    times = in_turn({"ours": lambda: model.predict(texts), "bert": lambda: rival(few)}, options.bert_rounds)
    ratio = Spread.of(
        (b / len(few)) / (o / len(texts)) for b, o in zip(times["bert"], times["ours"], strict=True)
    )
    rate = len(few) / Spread.of(times["bert"]).median
    print(
        f"\nBERT-sized classifier: {figure(rate)} sentences a second on {len(few)}; its time to ours: {ratio}"
    )
    return {"bert": Part({"sentences_a_second": rate, "ratio": ratio._asdict(), "seconds": times}, [])}


PARTS = {"rivals": rivals, "latency": latency, "growth": growth, "cap": cap, "bert": bert}


def positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"a whole number from 1 is wanted, got {text!r}")
    return int(text)


def parse(arguments: list[str] | None = None) -> Options:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, help="the data folder that docs/training.md describes")
    add("--model", help="model folder (default: the installed one)")
    add("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    add("--rivals", nargs="*", choices=speed_rivals.LEARNERS, default=list(speed_rivals.LEARNERS),
        metavar="RIVAL", help=f"besides str.split: {', '.join(speed_rivals.LEARNERS)}")  # fmt: skip
    add("--rounds", type=positive, default=5)
    add("--json", type=Path, help="where the figures go")
    add("--plots", type=Path, help="folder for the pictures of growth and cap")
    for name, default, what in (
        ("sentences", 100_000, "sentences of the corpus, after the shuffle"),
        ("slow", 5_000, "of which scikit-learn is timed on so many"),
        ("training-rows", None, "rows the rivals learn from (default: all)"),
        ("singles", 10_000, "statements for the latency"),
        ("lexicon-sentences", 20_000, "sentences for the lexicon sizes"),
        ("stream", 1_000_000, "statements for the time running"),
        ("random", 50_000, "statements of 30 random words for the cap"),
        ("bert-batches", 2, "batches of 32 a round for the BERT-sized classifier"),
        ("bert-rounds", 3, "rounds of them"),
    ):
        add(f"--{name}", type=positive, default=default, metavar="N", help=f"{what} (default: %(default)s)")
    add(
        "--lexicons",
        type=int,
        nargs="+",
        default=[1, 4, 16, 64],
        metavar="TIMES",
        help="sizes of the lexicon",
    )
    add("--caps", type=positive, nargs="+", default=[50_000, 100_000, 250_000], metavar="WORDS")
    return parser.parse_args(arguments)


def write_json(parts: Parts, n_sentences: int, path: Path) -> None:
    figures: Figures = {
        "machine": {
            "cores": os.cpu_count(),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "stance": stance.__version__,
        },
        "sentences": n_sentences,
        "parts": {name: part.figures for name, part in parts.items()},
        "bounds": [
            {
                **bound._asdict(),
                "at_most": None if bound.at_least else bound.at_most,
                "verdict": bound.verdict,
            }
            for part in parts.values()
            for bound in part.bounds
        ],
    }
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)


def main() -> int:
    options = parse()
    path = options.data / "corpora" / "news.txt.gz"
    if not path.is_file():
        sys.exit(f"{path} is not there; docs/training.md describes the folder")
    learned = options.data / "annotation" / "statements.jsonl"
    if "rivals" in options.only and options.rivals and not learned.is_file():
        sys.exit(
            f"{learned} is not there to train the rivals on; --rivals with no names measures without them"
        )
    lines = read_lines(str(path), "utf-8")
    if not lines:
        sys.exit(f"{path} holds no sentences; it wants one a line")
    if options.plots:
        options.plots.mkdir(parents=True, exist_ok=True)
    texts = [lines[i] for i in np.random.default_rng(0).permutation(len(lines))[: options.sentences]]
    parts: Parts = {}
    for name in options.only:
        parts |= PARTS[name](texts, lines, options)
        if options.json:
            write_json(parts, len(texts), options.json)
    bounds = [bound for part in parts.values() for bound in part.bounds]
    print("\nbounds")
    for bound in bounds:
        print(bound)
    return int(any(bound.verdict == "MISSED" for bound in bounds))


if __name__ == "__main__":
    sys.exit(main())
