"""By which power of a text's length time grows: every function, every family of text that news is not.

    python benchmarks/growth.py --write growth.md

Times are the least of several runs, in seconds of the processor, at lengths that double; the exponent is the
slope of their logarithms over the longest of them.  No data folder is wanted.
"""

from __future__ import annotations

import argparse
import gc
import io
import math
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
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
from stance.statements import quotations, segment
from stance.text import normalize, words

__all__ = ["Growth", "calls", "readers"]

MOST = 1.1
"""The exponent that is allowed."""
FIRST, LAST = 12, 20
"""Powers of two: lengths from the first to the last, and one more of what is fast."""
ENOUGH = 0.02
"""Seconds that a call must take for its slope to mean something; below, lengths go on doubling."""
KNOWN = {
    ("rows of jsonl", "many keys"): "json.loads fills a dict with more keys than the processor's cache holds",
}
"""Over the limit for reasons outside the library."""
POINTS = 5
"""Lengths that the slope is taken over."""


class Call(NamedTuple):
    """A function, and what makes its argument of a text."""

    run: Callable[[Any], object]
    prepare: Callable[[str], Any] = str


class Growth(NamedTuple):
    """How the time of a function grows over a family."""

    exponent: float
    length: int
    seconds: float

    @property
    def nanoseconds(self) -> float:
        """Of a character, at the longest text."""
        return self.seconds / self.length * 1e9


def calls() -> dict[str, Call]:
    """Return the functions, each taking one text."""
    model = stance.load()
    lexicon = Lexicon.default()

    def read(text: str) -> stance.Article:
        return stance.read(text, model)

    return {
        "normalize": Call(normalize),
        "words": Call(words),
        "lexicon": Call(lexicon.find),
        "statements": Call(segment),
        "quotations": Call(quotations),
        "predict": Call(lambda text: model.predict([text])),
        "decide": Call(lambda text: model.decide([text])),
        "explain": Call(model.explain),
        "read": Call(read),
        "events": Call(stance.Article.events, read),
        "page": Call(lambda article: report([("text", article)], model), read),
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
    """Return the least time of up to five calls that fit the budget, and of one at least."""
    best, spent = math.inf, 0.0
    for _ in range(5):
        started = process_time()
        result = call.run(given)
        took = process_time() - started
        del result
        best, spent = min(best, took), spent + took
        if spent + took > budget:
            break
    return best


def grow(call: Call, make: Make, budget: float, last: int = LAST) -> Growth:
    """Time a function at lengths that double, up to where it takes more than the budget."""
    call.run(call.prepare(make(1 << FIRST)))
    lengths, times = [], []
    for size in range(FIRST, last + 2):
        text = make(1 << size)
        given = call.prepare(text)
        gc.collect()
        gc.disable()  # it would look at the results of all runs again and again
        times.append(timed(call, given, budget / 8))
        gc.enable()
        lengths.append(len(text))
        if len(times) >= 3 and (times[-1] * 2 > budget or (size >= last and times[-1] > ENOUGH)):
            break
    slope = np.polyfit(np.log(lengths[-POINTS:]), np.log(times[-POINTS:]), 1)[0]
    return Growth(float(slope), lengths[-1], times[-1])


def measure(
    functions: Mapping[str, Call], families: Mapping[str, Make], budget: float
) -> dict[str, dict[str, Growth]]:
    """Measure every function on every family; what is over the limit is measured again, on longer texts."""
    table: dict[str, dict[str, Growth]] = {}
    for family, make in families.items():
        table[family] = {}
        for name, call in functions.items():
            found = grow(call, make, budget)
            for more in (1, 2):  # further, where what lies in no cache costs the same throughout
                if found.exponent > MOST and (name, family) not in KNOWN:
                    found = min(found, grow(call, make, 2 * more * budget, LAST + more))
            table[family][name] = found
            mark = "  OVER" if found.exponent > MOST else ""
            print(f"{family:34}{name:18}{found.exponent:6.2f}{found.nanoseconds:12,.0f} ns{mark}", flush=True)
    return table


def markdown(table: Mapping[str, Mapping[str, Growth]], functions: Sequence[str]) -> str:
    """Write exponents as a table, and the nanoseconds of a character in the worst family."""
    lines = ["| family | " + " | ".join(functions) + " |", "|---" * (len(functions) + 1) + "|"]
    lines += [
        f"| {family} | " + " | ".join(f"{found[f].exponent:.2f}" for f in functions) + " |"
        for family, found in table.items()
    ]
    worst = {f: max(row[f].exponent for row in table.values()) for f in functions}
    slowest = {f: max(row[f].nanoseconds for row in table.values()) for f in functions}
    lines.append("| **largest** | " + " | ".join(f"**{worst[f]:.2f}**" for f in functions) + " |")
    lines.append("| ns a character, slowest | " + " | ".join(f"{slowest[f]:,.0f}" for f in functions) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--functions", nargs="+", metavar="NAME", help="some of them (default: all)")
    parser.add_argument("--families", nargs="+", metavar="NAME", help="some of them (default: all)")
    parser.add_argument("--budget", type=float, default=1.0, help="seconds for a call (default: 1)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables as Markdown")
    options = parser.parse_args()

    def chosen(names: Mapping[str, Make]) -> dict[str, Make]:
        return {k: v for k, v in names.items() if not options.families or k in options.families}

    parts = []
    functions = {k: v for k, v in calls().items() if not options.functions or k in options.functions}
    if functions:
        parts.append((functions, measure(functions, chosen(FAMILIES), options.budget)))
    for kind, families in TABLES.items():
        of_kind = {
            k: v
            for k, v in readers().items()
            if k.endswith(kind) and (not options.functions or k in options.functions)
        }
        if of_kind:
            parts.append((of_kind, measure(of_kind, chosen(families), options.budget)))
    over = [
        f"{function} on {family}: {g.exponent:.2f}"
        for _, table in parts
        for family, row in table.items()
        for function, g in row.items()
        if g.exponent > MOST and (function, family) not in KNOWN
    ]
    print(f"{len(over)} over {MOST}", *over, sep="\n")
    if options.write:
        head = f"Exponents, Python {platform.python_version()}, up to 2^{LAST} characters and more, or what takes half of {options.budget:g} s\n\n"
        options.write.write_text(
            head + "\n".join(markdown(t, list(f)) for f, t in parts if t), encoding="utf-8"
        )
    sys.exit(bool(over))


if __name__ == "__main__":
    main()
