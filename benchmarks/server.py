"""A server under load and attack: statuses, memory over time, latency of what was answered and turned away.

python benchmarks/server.py [--minutes 10] [--overload 2] [--seed 0]

It starts ``stance serve`` with its defaults on loopback, measures how much a mixed load of articles and
batches it answers, sends --overload times as much, then attacks it while small requests go on beside,
and kills it at last.  Client and server share the machine's cores.  It fails if an answer is not what
it must be: a status of 5xx other than 503 with Retry-After, a body of another length than was said,
a probe without an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 64
TEXT = "حذرت كندا إيران من إغلاق المضيق، ودعت الأطراف إلى وقف إطلاق النار فورا. "
HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


class Answer(NamedTuple):
    """Status, headers in one piece, body."""

    status: int
    head: bytes
    body: bytes


class Server:
    """A process of ``stance serve`` and what is known of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stderr
        self.port = int(re.search(r":(\d+)/", process.stderr.readline())[1])

    def megabytes(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    command = [
        sys.executable,
        "-c",
        "from stance.cli.main import run; run()",
        "serve",
        "--port",
        "0",
        *options,
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield Server(process)
    finally:
        process.kill()
        process.wait()


class Client:
    """One connection, opened anew when the server has closed it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, body: bytes) -> Answer:
        again = self.streams is not None  # an idle connection may have been closed meanwhile
        try:
            return await self.send(path, body)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            if not again:
                raise
            return await self.send(path, body)

    async def send(self, path: str, body: bytes) -> Answer:
        self.streams = self.streams or await self.server.connect()
        reader, writer = self.streams
        writer.write(f"{HEAD.format(path=path)}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        answer = await read_answer(reader)
        if b"connection: close" in answer.head:
            self.close()
        return answer

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
        self.streams = None


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(re.search(rb"content-length: (\d+)", head)[1])
    return Answer(int(head.split()[1]), head, await reader.readexactly(length))


def check(answer: Answer) -> None:
    """Stop at what no server may answer under load."""
    if answer.status >= 500:
        assert answer.status == 503, answer
        assert b"retry-after: " in answer.head, answer
    if answer.status != 200:
        assert set(json.loads(answer.body)["error"]) == {"code", "message"}, answer


def mixture(seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield requests: mostly small batches, articles, some exports and large batches."""
    draw = random.Random(seed)  # noqa: S311  # a load, no secret
    articles = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.txt"))]
    while True:
        kind = draw.random()
        if kind < 0.65:
            yield "/v1/predict", encoded(texts=[f"{TEXT}{draw.random()}" for _ in range(draw.randint(1, 20))])
        elif kind < 0.9:
            yield "/v1/read", encoded(text=draw.choice(articles))
        elif kind < 0.95:
            yield "/v1/export", encoded(text=draw.choice(articles), format="html")
        else:
            yield "/v1/predict", encoded(texts=[f"{TEXT}{draw.random()}" for _ in range(500)])


def encoded(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


class Seen:
    """Latencies of answers by status, and memory over time."""

    def __init__(self) -> None:
        self.seconds: dict[int, list[float]] = defaultdict(list)
        self.memory: list[float] = []
        self.late: list[float] = []

    def add(self, status: int, seconds: float) -> None:
        self.seconds[status].append(seconds)

    def lines(self) -> Iterator[str]:
        for status, found in sorted(self.seconds.items()):
            p50, p99 = quantile(found, 0.5), quantile(found, 0.99)
            yield f"  {status}: {len(found):>8,} answers, p50 {p50:8.1f} ms, p99 {p99:8.1f} ms, most {1000 * max(found):8.1f} ms"


def quantile(values: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


async def capacity(server: Server, seed: int, seconds: float = 10.0) -> float:
    """Return the requests a second that eight clients get answered, one after the other each."""
    requests = mixture(seed)
    done = 0
    end = time.monotonic() + seconds

    async def client() -> None:
        nonlocal done
        one = Client(server)
        while time.monotonic() < end:
            answer = await one.ask(*next(requests))
            check(answer)
            done += answer.status == 200
        one.close()

    await asyncio.gather(*(client() for _ in range(8)))
    return done / seconds


async def load(server: Server, rate: float, seconds: float, seed: int) -> Seen:
    """Send requests at a rate, whatever becomes of those before."""
    seen, requests = Seen(), mixture(seed)
    began = time.monotonic()
    count = 0

    async def client() -> None:
        nonlocal count
        one = Client(server)
        while (due := began + count / rate) < began + seconds:
            count += 1
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            sent = time.monotonic()
            seen.late.append(sent - due)
            answer = await one.ask(*next(requests))
            check(answer)
            seen.add(answer.status, time.monotonic() - sent)
        one.close()

    async def watch() -> None:
        while True:
            seen.memory.append(server.megabytes())
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    watching.cancel()
    return seen


async def probe(server: Server, seen: Seen, ended: asyncio.Event) -> None:
    """Ask for a single label again and again, each on a connection of its own."""
    body = encoded(texts=[TEXT])
    while not ended.is_set():
        sent = time.monotonic()
        one = Client(server)
        status = 0  # the connection was taken away
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            answer = await one.ask("/v1/predict", body)
            check(answer)
            status = answer.status
        one.close()
        assert status in (0, 200, 503), status
        seen.add(status, time.monotonic() - sent)
        await asyncio.sleep(0.05)


Attack = Callable[[Server, Counter[str]], Awaitable[None]]


async def slow(server: Server, found: Counter[str], first: bytes, n: int = 300) -> None:
    async def one() -> None:
        with suppress(ConnectionError):
            reader, writer = await server.connect()
            writer.write(first)
            end = time.monotonic() + 20
            while time.monotonic() < end and not reader.at_eof():
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(1)
            data = await asyncio.wait_for(reader.read(100), 20)
            found[data.split()[1].decode() if data else "closed"] += 1
            writer.close()
            return
        found["closed"] += 1

    await asyncio.gather(*(one() for _ in range(n)))


async def slow_heads(server: Server, found: Counter[str]) -> None:
    await slow(server, found, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ")


async def slow_bodies(server: Server, found: Counter[str]) -> None:
    await slow(server, found, f"{HEAD.format(path='/v1/predict')}Content-Length: 1000\r\n\r\n{{".encode())


async def unread(server: Server, found: Counter[str]) -> None:
    """Ask for large pages and do not read them."""
    body = encoded(text=TEXT * 300, format="html")

    async def one() -> None:
        reader, writer = await server.connect()
        writer.transport.pause_reading()
        with suppress(ConnectionError):
            writer.write(
                f"{HEAD.format(path='/v1/export')}Content-Length: {len(body)}\r\n\r\n".encode() + body
            )
            await writer.drain()
            await asyncio.sleep(20)
        found["not read"] += 1
        writer.transport.abort()
        del reader

    await asyncio.gather(*(one() for _ in range(100)))


async def raw(server: Server, found: Counter[str], data: bytes) -> None:
    """Send bytes on a connection of their own and count the status that comes back."""
    try:
        reader, writer = await server.connect()
        writer.write(data)
        with suppress(ConnectionError):
            await writer.drain()
        answer = await asyncio.wait_for(reader.read(4096), 30)
        writer.close()
    except ConnectionError:
        answer = b""
    found[answer.split()[1].decode() if answer else "closed"] += 1


async def many(server: Server, found: Counter[str], each: list[bytes], times: int) -> None:
    for _ in range(times):
        await asyncio.gather(*(raw(server, found, data) for data in each))


def post(path: str, body: bytes, *headers: str) -> bytes:
    more = "".join(f"{header}\r\n" for header in headers)
    return (
        f"{HEAD.format(path=path)}Content-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n".encode()
        + body
    )


async def oversized(server: Server, found: Counter[str]) -> None:
    await many(server, found, [post("/v1/predict", b" " * 5_000_000)] * 4, 10)


async def oversized_chunks(server: Server, found: Counter[str]) -> None:
    piece = b"%x\r\n%s\r\n" % (100_000, b" " * 100_000)
    data = (
        HEAD.format(path="/v1/predict").encode()
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + piece * 50
        + b"0\r\n\r\n"
    )
    await many(server, found, [data] * 4, 10)


async def deep(server: Server, found: Counter[str]) -> None:
    bodies = [b"[" * 1_000_000, b'{"a":' * 300_000, b"[" * 900_000 + b"]" * 900_000, b"[" * 500 + b"]" * 500]
    await many(server, found, [post("/v1/predict", body) for body in bodies], 10)


async def tiny(server: Server, found: Counter[str]) -> None:
    body = encoded(texts=[""])

    async def client() -> None:
        one = Client(server)
        for _ in range(10_000 // CLIENTS + 1):
            answer = await one.ask("/v1/predict", body)
            check(answer)
            found[str(answer.status)] += 1
        one.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def wrong_types(server: Server, found: Counter[str]) -> None:
    kinds = (
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/xml",
    )
    each = [post("/v1/predict", b"{}").replace(b"application/json", kind.encode()) for kind in kinds]
    await many(server, found, each, 50)


async def paths(server: Server, found: Counter[str]) -> None:
    tricks = ("/../etc/passwd", "/static/../../app.py", "/static/%2e%2e/app.py", "/%2e%2e%2f%2e%2e", "//", "//evil/..",
              "/healthz%00", "/\\..\\", "*", "/v1//predict", "/" + "a" * 9_000)  # fmt: skip
    each = [
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode() for path in tricks
    ]
    await many(server, found, each, 20)
    await many(server, found, [b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n"], 20)


async def header_injection(server: Server, found: Counter[str]) -> None:
    one = Client(server)
    for name in ("a\r\nSet-Cookie: x=1", 'a"; filename="b', "a\n\nbody", "\u202egpj.exe", "é\u0000"):
        answer = await one.ask("/v1/export", encoded(text=TEXT, file=f"{name}.txt", format="csv"))
        assert b"\nset-cookie" not in answer.head
        assert answer.head.count(b"content-disposition") == 1
        found[str(answer.status)] += 1
    one.close()


async def many_headers(server: Server, found: Counter[str]) -> None:
    each = [
        post("/v1/predict", encoded(texts=[]), *(f"X-{i}: y" for i in range(n))) for n in (100, 1_000, 50_000)
    ]
    await many(server, found, each, 20)


ATTACKS: dict[str, Attack] = {
    "heads that never end, 300 at once": slow_heads,
    "bodies that never end, 300 at once": slow_bodies,
    "pages that nobody reads, 100 at once": unread,
    "bodies of 5 MB, declared": oversized,
    "bodies of 5 MB, in chunks": oversized_chunks,
    "JSON a million levels deep": deep,
    "10,000 tiny requests": tiny,
    "wrong content types": wrong_types,
    "tricks with paths": paths,
    "line ends in names of downloads": header_injection,
    "100 to 50,000 headers": many_headers,
}


async def attacked(server: Server, name: str) -> None:
    seen, found, ended = Seen(), Counter[str](), asyncio.Event()
    probing = asyncio.create_task(probe(server, seen, ended))
    began = time.monotonic()
    await ATTACKS[name](server, found)
    took = time.monotonic() - began
    ended.set()
    await probing
    answers = ", ".join(f"{status}: {n}" for status, n in sorted(found.items()))
    beside = ", ".join(
        f"{status or 'reset'}: {len(t)} (p50 {quantile(t, 0.5):.0f} ms, p99 {quantile(t, 0.99):.0f} ms)"
        for status, t in sorted(seen.seconds.items())
    )
    print(
        f"{name} ({took:.0f} s)\n  answers {answers}\n  probes {beside}; {server.megabytes():.0f} MB",
        flush=True,
    )
    bad = {status for status in found if status.startswith("5") and status != "503"}
    assert not bad, found
    assert server.process.poll() is None


async def killed(server: Server) -> tuple[int, int]:
    """Kill the server among requests; return how many were answered, whole, and how many were not."""
    answered = lost = 0

    async def client(seed: int) -> None:
        nonlocal answered, lost
        one = Client(server)
        for request in mixture(seed):
            try:
                check(await one.send(*request))
            except (ConnectionError, asyncio.IncompleteReadError):
                lost += 1
                return
            answered += 1

    clients = [asyncio.create_task(client(i)) for i in range(8)]
    await asyncio.sleep(2)
    server.process.send_signal(signal.SIGKILL)
    await asyncio.gather(*clients)
    return answered, lost


async def measure(server: Server, options: argparse.Namespace) -> None:
    before = server.megabytes()
    await capacity(server, options.seed, 3)  # words are met for the first time
    most = await capacity(server, options.seed + 1)
    print(
        f"capacity: {most:.0f} requests a second; memory {before:.0f} MB at the start, {server.megabytes():.0f} MB now"
    )
    rate = options.overload * most
    seen = await load(server, rate, 60 * options.minutes, options.seed + 2)
    n = sum(map(len, seen.seconds.values()))
    print(f"{options.minutes:g} minutes at {rate:.0f} requests a second: {n:,} sent, all answered")
    print("\n".join(seen.lines()))
    print(f"  sent late by p50 {quantile(seen.late, 0.5):.0f} ms, p99 {quantile(seen.late, 0.99):.0f} ms")
    after = await capacity(server, options.seed + 3)
    print(f"  capacity measured again behind it: {after:.0f} requests a second")
    tenth = max(1, len(seen.memory) // 10)
    memory = [statistics.median(seen.memory[i : i + tenth]) for i in range(0, len(seen.memory), tenth)]
    print(
        f"  MB, tenth by tenth: {', '.join(f'{m:.0f}' for m in memory)}; most {max(seen.memory):.0f}",
        flush=True,
    )
    for name in ATTACKS:
        await attacked(server, name)
    answered, lost = await killed(server)
    print(f"killed among requests: {answered} answered, each whole; {lost} not answered, one a client")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10, help="of load (default: 10)")
    parser.add_argument("--overload", type=float, default=2, help="times the capacity (default: 2)")
    parser.add_argument("--seed", type=int, default=0, help="of the requests (default: 0)")
    options = parser.parse_args()
    with serving() as server:
        asyncio.run(measure(server, options))


if __name__ == "__main__":
    main()
