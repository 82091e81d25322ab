"""Long streams, each in a process of its own: news without end, and words that nobody has ever seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple, TypeVar

import numpy as np
from measuring import GROWTH, Bound, Figures, Part, Spread, figure, later_to_earlier, resident, seconds

import stance
from stance.features.scorer import Scorer

T = TypeVar("T")

CHUNK = 5_000
WORDS = 30
UNCAPPED = 10**9
ALPHABET = np.array(list("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"))
HELD = 1.1
"""By how much the most memory of the second half of a stream may exceed that of the first."""


class Course(NamedTuple):
    """A stream as it went, chunk by chunk: statements so far, microseconds a statement, megabytes held."""

    statements: list[int]
    cost: list[float]
    memory: list[float]

    def bound(self, what: str) -> Bound:
        half = len(self.memory) // 2 or 1
        grown = max(self.memory[half:] or self.memory) / max(self.memory[:half])
        return Bound(f"memory, {what}, second half / first half", grown, at_most=HELD)


def follow(call: Callable[[list[str]], object], chunks: Iterator[list[str]]) -> Course:
    """Time a call on each chunk; making the chunk is not timed."""
    course = Course([], [], [])
    for chunk in chunks:
        took = seconds(lambda chunk=chunk: call(chunk))
        course.statements.append((course.statements or [0])[-1] + len(chunk))
        course.cost.append(took / len(chunk) * 1e6)
        course.memory.append(resident())
    return course


def alone(function: Callable[..., T], *arguments: object) -> T:
    """Run a function in a fresh process, whose memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def news_stream(lines: Sequence[str], n: int, chunk: int, seed: int = 0) -> Iterator[list[str]]:
    """Yield statements that do not come back: each the first half of a sentence and the second of another."""
    draw = np.random.default_rng(seed)
    for first in range(0, n, chunk):
        pairs = draw.integers(len(lines), size=(min(chunk, n - first), 2)).tolist()
        halves = [(lines[i].split(), lines[j].split()) for i, j in pairs]
        yield [" ".join([*a[: len(a) // 2], *b[len(b) // 2 :]]) for a, b in halves]


def random_words(n: int, chunk: int, seed: int = 0) -> Iterator[list[str]]:
    """Yield statements of words of six to nine random letters, of which hardly any comes twice."""
    draw = np.random.default_rng(seed)
    for first in range(0, n, chunk):
        size = min(chunk, n - first)
        lengths = draw.integers(6, 10, size=size * WORDS)
        letters = "".join(ALPHABET[draw.integers(len(ALPHABET), size=int(lengths.sum()))])
        ends = np.cumsum(lengths)
        words = [letters[a:b] for a, b in zip((ends - lengths).tolist(), ends.tolist(), strict=True)]
        yield [" ".join(words[i : i + WORDS]) for i in range(0, len(words), WORDS)]


def run_news(lines: Sequence[str], model: str | None, n: int, chunk: int) -> Course:
    return follow(stance.load(model).predict, news_stream(lines, n, chunk))


def run_cap(model: str | None, cap: int, n: int, chunk: int) -> Course:
    made = stance.load(model).model
    return follow(Scorer(made.weights, made.lexicon, max_words=cap).scores, random_words(n, chunk))


def run_capped_news(model: str | None, cap: int, texts: list[str], rounds: int) -> list[float]:
    made = stance.load(model).model
    scorer = Scorer(made.weights, made.lexicon, max_words=cap)
    scorer.scores(texts)
    return [seconds(lambda: scorer.scores(texts)) / len(texts) * 1e6 for _ in range(rounds)]


def measure_time(lines: Sequence[str], model: str | None, n: int) -> tuple[Part, Course]:
    """Label a long stream of statements, chunk by chunk."""
    chunk = max(min(CHUNK, n // 8), 1)
    course = alone(run_news, lines, model, n, chunk)
    print(f"\ntime running: {n:,} statements, none of them twice, in chunks of {chunk:,}")
    print(f"{'statements':>12}{'us/statement':>14}{'MB held':>9}")
    for at in sorted({round(i) for i in np.linspace(0, len(course.cost) - 1, 9)}):
        print(f"{course.statements[at]:12,}{figure(course.cost[at]):>14}{figure(course.memory[at]):>9}")
    grown = later_to_earlier(course.cost)
    bounds = [
        Bound("cost of a statement, last quarter of the stream / second", grown, at_most=GROWTH),
        course.bound("stream of news"),
    ]
    return Part(course._asdict(), bounds), course


def measure_caps(
    texts: list[str], model: str | None, caps: Sequence[int], n: int, rounds: int
) -> tuple[Part, dict[str, Course]]:
    """Measure what a cap of the word table costs: on words never seen before, and on news."""
    chunk = max(min(CHUNK // 5, n // 8), 1)
    courses: dict[str, Course] = {}
    figures: Figures = {}
    bounds: list[Bound] = []
    print(
        f"\nword table: {n:,} statements of {WORDS} random words, and {len(texts):,} news sentences, warm; Scorer.scores"
    )
    print(f"{'cap':>10}{'us/word, random':>24}{'MB, most':>10}{'us/sentence, news':>28}")
    for cap in [*caps, UNCAPPED]:
        name = "none" if cap == UNCAPPED else f"{cap:,}"
        course = courses[name] = alone(run_cap, model, cap, n, chunk)
        news = alone(run_capped_news, model, cap, texts, rounds)
        word = Spread.of(c / WORDS for c in course.cost)
        print(f"{name:>10}{word!s:>24}{figure(max(course.memory)):>10}{Spread.of(news)!s:>28}", flush=True)
        figures[name] = {**course._asdict(), "news": news}
        if cap != UNCAPPED:
            bounds.append(course.bound(f"random words, cap {name}"))
            grown = later_to_earlier(course.cost)
            bounds.append(
                Bound(f"cost of a random word, cap {name}, last / second quarter", grown, 0, GROWTH)
            )
    return Part(figures, bounds), courses
