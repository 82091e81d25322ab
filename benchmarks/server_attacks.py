"""Attacks on a server, and what becomes of small requests beside them; see server.py."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

from server_client import HEAD, TEXT, Client, Server, check, encoded, post, quantile
from server_load import BOUND, mixture

CLIENTS = 64


async def probe(server: Server, seen: dict[int, list[float]], ended: asyncio.Event) -> None:
    """Ask for a single label again and again, each on a connection of its own."""
    body = encoded(texts=[TEXT])
    while not ended.is_set():
        sent = time.monotonic()
        one = Client(server)
        status = 0  # the connection was taken away
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            status = (await one.ask("/v1/predict", body)).status
        one.close()
        seen[status].append(time.monotonic() - sent)
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


async def large_pages(server: Server, found: Counter[str]) -> None:
    """Ask for a hundred pages at once, and read them."""
    body = encoded(text=(TEXT * 700)[:50_000], format="html")

    async def one() -> None:
        client = Client(server)
        answer = await client.ask("/v1/export", body)
        check(answer)
        found[str(answer.status)] += 1
        client.close()

    await asyncio.gather(*(one() for _ in range(100)))


async def unread(server: Server, found: Counter[str], text: str, n: int, apart: float) -> None:
    """Ask for pages and do not read them."""
    data = post("/v1/export", encoded(text=text, format="html"))

    async def one(delay: float) -> None:
        await asyncio.sleep(delay)
        _, writer = await server.connect()
        writer.transport.pause_reading()
        with suppress(ConnectionError):
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(20)
        found["not read"] += 1
        writer.transport.abort()

    await asyncio.gather(*(one(apart * i) for i in range(n)))


async def large_unread(server: Server, found: Counter[str]) -> None:
    await unread(server, found, TEXT * 300, 100, 0)


async def small_unread(server: Server, found: Counter[str]) -> None:
    """Fill the places of small requests with answers: 4 kB give 3 MB."""
    await unread(server, found, "قال\n" * 480, 40, 1)


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
    "large pages, 100 at once": large_pages,
    "large pages that nobody reads, 100 at once": large_unread,
    "pages of few bytes that nobody reads, one a second": small_unread,
    "bodies of 5 MB, declared": oversized,
    "bodies of 5 MB, in chunks": oversized_chunks,
    "JSON a million levels deep": deep,
    "10,000 tiny requests": tiny,
    "wrong content types": wrong_types,
    "tricks with paths": paths,
    "line ends in names of downloads": header_injection,
    "100 to 50,000 headers": many_headers,
}


async def attacked(server: Server, name: str) -> list[str]:
    """Attack a server, tell what was answered, and return what must not be."""
    seen: dict[int, list[float]] = defaultdict(list)
    found, ended = Counter[str](), asyncio.Event()
    probing = asyncio.create_task(probe(server, seen, ended))
    began = time.monotonic()
    await ATTACKS[name](server, found)
    took = time.monotonic() - began
    ended.set()
    await probing
    answers = ", ".join(f"{status}: {n}" for status, n in sorted(found.items()))
    beside = ", ".join(
        f"{status or 'reset'}: {len(t)} (p50 {quantile(t, 0.5):.0f} ms, p99 {quantile(t, 0.99):.0f} ms)"
        for status, t in sorted(seen.items())
    )
    print(
        f"{name} ({took:.0f} s)\n  answers {answers}\n  beside it {beside}; {server.megabytes():.0f} MB",
        flush=True,
    )
    return [f"{name}: {problem}" for problem in _problems(server, found, seen)]


def _problems(server: Server, found: Counter[str], seen: dict[int, list[float]]) -> Iterator[str]:
    if server.process.poll() is not None:
        yield "the server ended"
    yield from (f"{n} x {status}" for status, n in found.items() if status[0] == "5" and status != "503")
    for status, seconds in seen.items():
        if status not in (200, 503):
            yield f"{len(seconds)} small requests got {status or 'no answer'}"
        if quantile(seconds, 0.99) > 1000 * BOUND:
            yield f"p99 of small requests with {status} is {quantile(seconds, 0.99):.0f} ms"


async def killed(server: Server) -> tuple[int, int]:
    """Kill the server among requests; return how many were answered, whole, and how many were not."""
    answered = lost = 0

    async def client(seed: int) -> None:
        nonlocal answered, lost
        one = Client(server)
        for request in mixture(seed):
            try:
                check(await one.send(request.path, request.body))
            except (ConnectionError, asyncio.IncompleteReadError):
                lost += 1
                return
            answered += 1

    clients = [asyncio.create_task(client(i)) for i in range(8)]
    await asyncio.sleep(2)
    server.process.send_signal(signal.SIGKILL)
    await asyncio.gather(*clients)
    return answered, lost
