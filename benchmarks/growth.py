"""By which power of a text's length time grows: every function, every family of text that news is not.

    python benchmarks/growth.py --record growth.jsonl --write growth.md

Times are the least of several runs, in seconds of the processor, at lengths that double; the exponent is the
slope of their logarithms over the longest of them.  No data folder is wanted.  A run that was broken off goes on
with what its record lacks.  Two processes may share the work, and their records are joined:

    python benchmarks/growth.py --part 1/2 --record one.jsonl & python benchmarks/growth.py --part 2/2 --record two.jsonl
    python benchmarks/growth.py --join one.jsonl two.jsonl --write growth.md
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import math
import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from families import FAMILIES, TABLES, Make

import stance
from stance.datasets import read_rows
from stance.errors import DataError
from stance.labelling.formats import Kind
from stance.labelling.sources import open_source
from stance.lexicon import Lexicon
from stance.pages import report
from stance.statements import Reader, quotations, segment
from stance.text import normalize, words

__all__ = ["Growth", "calls", "readers"]

MOST = 1.1
"""The exponent that is allowed."""
FIRST, LAST = 12, 20
"""Powers of two: lengths from the first to the last, and one more of what is fast."""
SHORT = 9
"""The first power of functions that take too long for four thousand letters and four doublings of them."""
ENOUGH = 0.02
"""Seconds that a call must take for its slope to mean something; below, lengths go on doubling."""
RUNS = 5
POINTS = 5
"""Lengths that the slope is taken over."""


class Call(NamedTuple):
    """A function, what makes its argument of a text, the first power of two, and what is done before each run."""

    run: Callable[[Any], object]
    prepare: Callable[[str], Any] = str
    first: int = FIRST
    before: Callable[[], None] = lambda: None


class Growth(NamedTuple):
    """How the time of a function grows over a family, and the exponents of shorter texts that were over the limit."""

    function: str
    family: str
    exponent: float
    length: int
    seconds: float
    before: list[float]

    @property
    def nanoseconds(self) -> float:
        """Of a character, at the longest text."""
        return self.seconds / self.length * 1e9


def calls() -> dict[str, Call]:
    """Return the functions, each taking one text."""
    model = stance.load()
    lexicon = Lexicon.default()
    reader = Reader(model)

    def renew() -> None:
        nonlocal reader
        reader = Reader(model)

    def read(text: str) -> stance.Article:
        return reader.read(text)

    return {
        "normalize": Call(normalize),
        "words": Call(words),
        "lexicon": Call(lexicon.find),
        "statements": Call(segment),
        "quotations": Call(quotations),
        "predict": Call(lambda text: model.predict([text])),
        "decide": Call(lambda text: model.decide([text])),
        "explain": Call(model.explain, first=SHORT),
        # with a reader that knows words, short texts, run more often, would find theirs known, and long ones not
        "read": Call(read, first=SHORT, before=renew),
        "events": Call(stance.Article.events, read, SHORT),
        "page": Call(lambda article: report([("text", article)], model), read, SHORT),
    }


def readers() -> dict[str, Call]:
    """Return the readers of files, each taking a file's content."""

    def rows(kind: str) -> Call:
        def call(text: str) -> int:
            try:
                return sum(1 for _ in read_rows(text, "text", kind))
            except DataError:
                return 0

        return Call(call)

    def chunks(kind: str) -> Call:
        def call(content: bytes) -> int:
            raw = io.BytesIO(content)
            try:
                return sum(1 for _ in open_source(raw, "text", Kind(kind), "utf-8", "text").chunks)
            except DataError:
                return 0

        return Call(call, str.encode)

    found: dict[str, Call] = {}
    for kind in TABLES:
        found[f"rows of {kind}"] = rows(kind)
        found[f"chunks of {kind}"] = chunks(kind)
    return found


def timed(call: Call, given: Any, budget: float) -> float:
    """Return the least time of two calls, and of up to five that fit a quarter of the budget."""
    best, spent = math.inf, 0.0
    for run in range(RUNS):
        call.before()
        started = process_time()
        result = call.run(given)
        took = process_time() - started
        del result
        best, spent = min(best, took), spent + took
        if run and spent + took > budget / 4:
            break
    return best


def slope_of(call: Call, make: Make, budget: float, last: int = LAST) -> tuple[float, int, float]:
    """Time a function at lengths that double, up to where it, or making its argument, takes more than the budget.

    Returns the slope, the longest length and its seconds.
    """
    call.run(call.prepare(make(1 << call.first)))
    lengths, times = [], []
    for size in range(call.first, last + 2):
        text = make(1 << size)
        started = process_time()
        given = call.prepare(text)
        preparing = process_time() - started
        gc.collect()
        gc.disable()  # it would look at the results of all runs again and again
        times.append(timed(call, given, budget))
        gc.enable()
        lengths.append(len(text))
        long = max(times[-1], preparing) * 2 > budget
        if len(times) >= POINTS and (long or (size >= last and times[-1] > ENOUGH)):
            break
    slope = np.polyfit(np.log(lengths[-POINTS:]), np.log(times[-POINTS:]), 1)[0]
    return float(slope), lengths[-1], times[-1]


def grow(function: str, call: Call, family: str, make: Make, budget: float) -> Growth:
    """Measure; what is over the limit is measured again on longer texts, and what these show counts."""
    before: list[float] = []
    for more in range(3):  # further, where what lies in no cache costs the same throughout
        found = slope_of(call, make, max(1, 2 * more) * budget, LAST + more)
        if found[0] <= MOST or more == 2:
            break
        before.append(found[0])
    return Growth(function, family, *found, before)


def work() -> Iterator[tuple[int, str, Call, str, Make]]:
    """Yield every function with every family that it is for, and a number by which processes share them."""
    tasks = [(calls(), FAMILIES)]
    for kind, families in TABLES.items():
        tasks.append(({name: call for name, call in readers().items() if name.endswith(kind)}, families))
    for functions, families in tasks:
        for i, (family, make) in enumerate(families.items()):
            for j, (function, call) in enumerate(functions.items()):
                yield i + j, function, call, family, make


def measure(options: argparse.Namespace, known: Iterable[Growth]) -> list[Growth]:
    """Measure what is asked for and not known, and record it."""
    found = list(known)
    done = {(g.function, g.family) for g in found}
    part, parts = map(int, options.part.split("/"))
    for number, function, call, family, make in work():
        if (
            (function, family) in done
            or number % parts != part - 1
            or (options.functions and function not in options.functions)
            or (options.families and family not in options.families)
        ):
            continue
        g = grow(function, call, family, make, options.budget)
        found.append(g)
        mark = "  OVER" if g.exponent > MOST else ""
        print(f"{family:34}{function:18}{g.exponent:6.2f}{g.nanoseconds:12,.0f} ns{mark}", flush=True)
        if options.record:
            with options.record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(g._asdict()) + "\n")
    return found


def read_record(path: Path) -> list[Growth]:
    """Read what was measured."""
    return [Growth(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def grouped(found: Iterable[Growth], name: str) -> dict[str, list[Growth]]:
    """Group by function or family, in the order in which they come."""
    groups: dict[str, list[Growth]] = {}
    for g in found:
        groups.setdefault(getattr(g, name), []).append(g)
    return groups


def summary(found: Iterable[Growth]) -> Iterator[str]:
    """Write a line for each function."""
    yield "| function | families | median | largest | measured again | longest text, letters: median, least | ns a letter, slowest family |"
    yield "|---" * 7 + "|"
    for function, all_of in grouped(found, "function").items():
        worst, slowest = max(all_of, key=lambda g: g.exponent), max(all_of, key=lambda g: g.nanoseconds)
        lengths = [g.length for g in all_of]
        yield (
            f"| {function} | {len(all_of)} | {median(g.exponent for g in all_of):.2f} "
            f"| {worst.exponent:.2f} ({worst.family}) | {sum(bool(g.before) for g in all_of)} "
            f"| {median(lengths):,.0f}, {min(lengths):,} | {slowest.nanoseconds:,.0f} ({slowest.family}) |"
        )


def tables(found: Iterable[Growth]) -> Iterator[str]:
    """Write the exponents, one table for texts and one for each format of files."""
    kinds: dict[str, list[Growth]] = {}
    for g in found:
        kinds.setdefault(g.function.rpartition(" of ")[2] if " of " in g.function else "", []).append(g)
    for all_of in kinds.values():
        functions = list(grouped(all_of, "function"))
        yield ""
        yield "| family | " + " | ".join(functions) + " |"
        yield "|---" * (len(functions) + 1) + "|"
        for family, row in grouped(all_of, "family").items():
            cell = {g.function: f"{g.exponent:.2f}" for g in row}
            yield f"| {family} | " + " | ".join(cell.get(f, "") for f in functions) + " |"


def markdown(found: list[Growth], budget: float) -> str:
    """Write it all."""
    again = [
        f"- {g.function} on {g.family}: {', '.join(f'{b:.2f}' for b in g.before)}, then {g.exponent:.2f}"
        for g in found
        if g.before
    ]
    head = f"Exponents, Python {platform.python_version()}, up to 2^{LAST} characters and more, or what takes half of {budget:g} s"
    return "\n".join(
        [head, "", *summary(found), *tables(found), "", f"Measured again: {len(again)}", "", *again, ""]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--functions", nargs="+", metavar="NAME", help="some of them (default: all)")
    parser.add_argument("--families", nargs="+", metavar="NAME", help="some of them (default: all)")
    parser.add_argument(
        "--part", default="1/1", metavar="I/N", help="a share of the work (default: 1/1, all of it)"
    )
    parser.add_argument("--budget", type=float, default=1.0, help="seconds for a call (default: 1)")
    parser.add_argument(
        "--record", type=Path, metavar="FILE", help="keep each result; what it holds is not measured again"
    )
    parser.add_argument(
        "--join", type=Path, nargs="+", metavar="FILE", help="measure nothing, take these records"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables as Markdown")
    options = parser.parse_args()
    if options.join:
        order = {(function, family): at for at, (_, function, _, family, _) in enumerate(work())}
        records = (g for path in options.join for g in read_record(path))
        found = sorted(records, key=lambda g: order[g.function, g.family])
    else:
        there = options.record is not None and options.record.exists()
        found = measure(options, read_record(options.record) if there else [])
    over = [f"{g.function} on {g.family}: {g.exponent:.2f}" for g in found if g.exponent > MOST]
    print(f"{len(found)} measured, {len(over)} over {MOST}", *over, sep="\n")
    if options.write:
        options.write.write_text(markdown(found, options.budget), encoding="utf-8")
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
