"""A server under load and attack: statuses, memory over time, latency of what was answered and turned away.

python benchmarks/server.py [--minutes 10] [--overload 2] [--seed 0] [--no-attacks]

It starts ``stance serve`` with its defaults on loopback, sends --overload times as many requests as were
answered with 200 over the last seconds, so that the overload stays what it is when the machine becomes
slower or faster, then attacks the server while small requests go on beside, and kills it at last.
Client and server share the machine's cores.  It ends with code 1, and says why, if an answer is not what
it must be: a status of 5xx other than 503 with Retry-After, a request without an answer, a 99th percentile
above the bound, an overload that was not reached, memory that grows.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections.abc import Iterable, Iterator

from server_attacks import ATTACKS, attacked, killed
from server_client import quantile, serving
from server_load import BOUND, HARD_BOUND, Load, capacity, fill_tables

TENTHS = 10
WARM = 3
"""Tenths of the time in which memory may grow: threads get arenas."""
GROWTH = 1.1
"""Times that memory may be larger at the end than it was when it was warm."""


def of_kind(load: Load, status: int, small: bool) -> list[float]:
    return [o.seconds for o in load.outcomes if (o.status, o.small) == (status, small)]


def latency(seconds: list[float]) -> str:
    p50, p99 = quantile(seconds, 0.5), quantile(seconds, 0.99)
    most = 1000 * max(seconds, default=0)
    return f"{len(seconds):>8,}; p50 {p50:7.1f} ms, p99 {p99:7.1f} ms, most {most:7.1f} ms"


def tenth_of(times: Iterable[float], load: Load, tenth: int) -> int:
    width = load.seconds / TENTHS
    return sum(tenth * width <= at < (tenth + 1) * width for at in times)


def memory_by_tenths(load: Load) -> list[float]:
    width = load.seconds / TENTHS
    return [
        statistics.median([mb for at, mb in load.memory if int(at / width) == i] or [0])
        for i in range(TENTHS)
    ]


def report(load: Load) -> Iterator[str]:
    """Yield what was measured."""
    yield f"{load.seconds / 60:g} minutes: {load.n_sent:,} sent, {load.n_sent / load.seconds:.0f} a second"
    yield f"  processor: client {load.client_share:.0%} of a core, server {load.server_share:.0%}"
    yield f"  not sent, for all connections were waiting: {load.held_back:,.0f}"
    for size, small in (("small", True), ("large", False)):
        for status in (200, 503):
            yield f"  {size}, {status}: {latency(of_kind(load, status, small))}"
    yield "  tenth   sent/s   200/s   ratio   p99 of small 200, ms   MB"
    good = [o for o in load.outcomes if o.status == 200]
    width = load.seconds / TENTHS
    for i, megabytes in enumerate(memory_by_tenths(load)):
        sent, answered = tenth_of(load.sent, load, i), tenth_of((o.at for o in good), load, i)
        found = [o.seconds for o in good if o.small and int(o.at / width) == i]
        ratio = sent / max(1, answered)
        yield f"  {i + 1:>5} {sent / width:8.0f} {answered / width:7.0f} {ratio:7.2f} {quantile(found, 0.99):22.0f} {megabytes:4.0f}"


def problems_of(load: Load, overload: float) -> Iterator[str]:
    """Yield what must not be."""
    yield from (f"{n} {what}" for what, n in load.problems.items() if n)
    small, refused = of_kind(load, 200, True), of_kind(load, 503, True) + of_kind(load, 503, False)
    for what, found in (("small requests answered", small), ("requests refused", refused)):
        if quantile(found, 0.99) > 1000 * BOUND:
            yield f"p99 of {what} is {quantile(found, 0.99):.0f} ms, above {1000 * BOUND:.0f}"
    slowest = max(o.seconds for o in load.outcomes)
    if slowest > HARD_BOUND:
        yield f"a request took {slowest:.1f} s, above {HARD_BOUND:.0f}"
    ratio = load.n_sent / max(1, len(small) + len(of_kind(load, 200, False)))
    if abs(ratio / overload - 1) > 0.1:
        yield f"{ratio:.2f} times of what was answered was sent, not {overload:g} times"
    memory = memory_by_tenths(load)
    if statistics.median(memory[-2:]) > GROWTH * max(memory[WARM : WARM + 2]):
        yield f"memory grows: {', '.join(f'{m:.0f}' for m in memory)} MB"


async def measure(options: argparse.Namespace) -> list[str]:
    """Return what must not be and was."""
    with serving() as server:
        print(f"memory at the start: {server.megabytes():.0f} MB", flush=True)
        await fill_tables(server)
        print(f"memory with tables of words filled: {server.megabytes():.0f} MB", flush=True)
        rate = await capacity(server, options.seed + 1, 5)
        print(f"eight clients in turn are answered {rate:.0f} requests a second", flush=True)
        load = Load(server, options.overload, options.overload * rate, options.seed + 2)
        await load.run(60 * options.minutes)
        print("\n".join(report(load)), flush=True)
        problems = list(problems_of(load, options.overload))
        if options.attacks:
            for name in ATTACKS:
                problems += await attacked(server, name)
        answered, lost = await killed(server)
        print(f"killed among requests: {answered} answered, each whole; {lost} not answered, one a client")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10, help="of load (default: 10)")
    parser.add_argument("--overload", type=float, default=2, help="times what is answered (default: 2)")
    parser.add_argument("--seed", type=int, default=0, help="of the requests (default: 0)")
    parser.add_argument("--no-attacks", dest="attacks", action="store_false", help="only the load")
    problems = asyncio.run(measure(parser.parse_args()))
    print("\n".join(f"failed: {problem}" for problem in problems) or "nothing failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
