"""What a statement costs: one by one, by the size of the batch, and by the size of the lexicon."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter_ns

import numpy as np
from measuring import GROWTH, Bound, Call, Figures, Part, Spread, figure, in_turn, seconds

from stance.lexicon import Cue, Lexicon
from stance.predictor import Predictor

BATCHES = (1, 2, 5, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
LETTERS = "ثخذضظغطصزش"
"""Of words that no text holds."""


def measure_latency(texts: list[str], model: Predictor, n_statements: int) -> Part:
    """Label statements one by one, warm."""
    chosen = texts[:n_statements]
    figures: Figures = {"statements": len(chosen)}
    print(f"\nlatency: {len(chosen):,} statements one by one, warm, microseconds")
    print(f"{'':30}{'p50':>9}{'p90':>9}{'p99':>9}{'p99.9':>9}{'longest':>9}")
    for name, method in (("predict", model.predict), ("predict_proba", model.predict_proba)):
        method(chosen)
        times = []
        for text in chosen:
            started = perf_counter_ns()
            method([text])
            times.append((perf_counter_ns() - started) / 1e3)
        found = np.percentile(times, [50, 90, 99, 99.9, 100]).tolist()
        figures[name] = dict(zip(("p50", "p90", "p99", "p99.9", "longest"), found, strict=True))
        print(f"{name:30}" + "".join(f"{figure(f):>9}" for f in found))
    one = figures["predict"]
    return Part(
        figures,
        [
            Bound("one statement with predict, p50, microseconds", one["p50"], at_most=150),
            Bound("one statement with predict, p99, microseconds", one["p99"], at_most=1000),
        ],
    )


def measure_batches(texts: list[str], model: Predictor, rounds: int) -> Part:
    """Label the same statements in batches of many sizes, warm."""
    sizes = [size for size in BATCHES if size < len(texts)] + [len(texts)]
    model.predict(texts)

    def run(size: int) -> None:
        for first in range(0, len(texts), size):
            model.predict(texts[first : first + size])

    gc.collect()
    gc.freeze()  # so that collections do not go through this script's own lists
    times = in_turn({str(size): lambda size=size: run(size) for size in sizes}, rounds)
    gc.unfreeze()
    cost = {size: Spread.of(t / len(texts) * 1e6 for t in times[str(size)]) for size in sizes}
    print("\nbatch size: microseconds a statement, warm")
    for size, spread in cost.items():
        print(f"{size:10,}  {spread}")
    largest = cost[sizes[-1]].median / min(spread.median for spread in cost.values())
    return Part(
        {str(size): spread._asdict() for size, spread in cost.items()},
        [Bound("cost of a statement, largest batch / best batch", largest, at_most=GROWTH)],
    )


def more_cues(cues: Sequence[Cue], times: int, seed: int = 0) -> Iterator[Cue]:
    """Yield `times` as many cues: the given ones, and others built like them of words that no text holds."""
    draw = random.Random(seed)  # noqa: S311  # no secret

    def other(word: str) -> str:
        new = "".join(draw.choices(LETTERS, k=8))
        if word[0] == "{":
            return word
        return f"={new}" if word[0] == "=" else f"{new}/ي{new}" if "/" in word else new

    yield from cues
    for _ in range(times - 1):
        for cue in cues:
            words = [other(w) for w in cue.term.split()]
            if all(w[0] == "{" for w in words):
                words[-1] = other("=")
            yield Cue(cue.cue_class, " ".join(words), "made up")


def measure_lexicons(texts: list[str], model: Predictor, sizes: Sequence[int], rounds: int) -> Part:
    """Label the same statements with lexicons of many sizes, which find the same cues."""
    lexicons: list[Lexicon] = []
    building: list[float] = []
    for size in sizes:
        cues = list(more_cues(model.model.lexicon.cues, size))
        building.append(seconds(lambda cues=cues: lexicons.append(Lexicon(cues))))
    names = [f"{len(lexicon.cues)}" for lexicon in lexicons]

    def fresh() -> dict[str, Predictor]:
        return {n: Predictor(replace(model.model, lexicon=x)) for n, x in zip(names, lexicons, strict=True)}

    times: dict[str, dict[str, list[float]]] = {"cold": {name: [] for name in names}}
    for _ in range(rounds):
        models = fresh()
        for name, once in in_turn(predictions(models, texts), 1).items():
            times["cold"][name] += once
    found = [m.predict_proba(texts) for m in models.values()]
    assert all(np.array_equal(f, found[0]) for f in found), "a made-up cue matched"
    times["warm"] = in_turn(predictions(models, texts), rounds)
    cost = {
        state: {name: Spread.of(t / len(texts) * 1e6 for t in took[name]) for name in names}
        for state, took in times.items()
    }
    print("\nlexicon size: microseconds a statement")
    print(f"{'terms':>10}{'seconds to build':>18}{'cold':>28}{'warm':>28}")
    for name, b in zip(names, building, strict=True):
        print(f"{int(name):10,}{figure(b):>18}{cost['cold'][name]!s:>28}{cost['warm'][name]!s:>28}")
    figures: Figures = {
        name: {"building_seconds": b, **{state: cost[state][name]._asdict() for state in cost}}
        for name, b in zip(names, building, strict=True)
    }
    what = f"cost of a statement, {sizes[-1]} x the terms / {sizes[0]} x"
    return Part(
        figures,
        [
            Bound(f"{what}, {state}", c[names[-1]].median / c[names[0]].median, at_most=GROWTH)
            for state, c in cost.items()
        ],
    )


def predictions(models: Mapping[str, Predictor], texts: list[str]) -> dict[str, Call]:
    return {name: lambda m=m: m.predict(texts) for name, m in models.items()}
