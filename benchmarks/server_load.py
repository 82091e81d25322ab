"""A load that stays a multiple of what the server answers, however its machine's load changes; see server.py.

The client has the server's cores for its own, so it is light: requests are put together before, and one
loop sends them on idle connections, without a task for each.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter, deque
from pathlib import Path
from typing import NamedTuple

from server_client import HEAD, TEXT, Client, Server, check, encoded

from stance.server.limits import SMALL, Limits

ROOT = Path(__file__).resolve().parent.parent
BOUND = Limits.wait_seconds + 1
"""Seconds within which 99 of 100 small requests are answered, and as many of all that are refused."""
HARD_BOUND = BOUND + Limits.seconds
"""Seconds within which every request is answered or refused."""
CONNECTIONS = 150
"""At most; the server has places for 200."""
IDLE = 3.0
"""Seconds after which the client closes a connection, before the server does at five."""
TICK = 0.005
WINDOW = 3.0
"""Seconds over which it is counted what is answered."""
SLOWEST, FASTEST = 5.0, 2_000.0
"""Requests a second."""
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
_MARK = "000000000000"
"""Stands where every request has a number of its own."""


class Request(NamedTuple):
    """What is asked, and whether the server takes it for small."""

    path: str
    body: bytes
    small: bool

    def numbered(self, number: int) -> bytes:
        return self.body.replace(_MARK.encode(), b"%0*d" % (len(_MARK), number))


def mixture(seed: int, n: int = 1_000) -> list[Request]:
    """Draw requests: mostly small batches, articles, some pages and large batches, one in a hundred large."""
    draw = random.Random(seed)  # noqa: S311  # a load, no secret
    articles = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.txt"))]
    shares = {"batch": 65, "article": 25, "page": 5, "large batch": 4, "long article": 0.5, "long page": 0.5}
    return [_request(kind, draw, articles) for kind in draw.choices(list(shares), list(shares.values()), k=n)]


def _request(kind: str, draw: random.Random, articles: list[str]) -> Request:
    text = f"{TEXT}{_MARK}. "
    if kind.endswith("batch"):
        n = 500 if kind == "large batch" else draw.randint(1, 20)
        path, body = "/v1/predict", encoded(texts=[text] * n)
    elif kind == "article":
        path, body = "/v1/read", encoded(text=f"{draw.choice(articles)}\n{text}")
    elif kind == "page":
        path, body = "/v1/export", encoded(text=f"{draw.choice(articles)}\n{text}", format="html")
    elif kind == "long article":
        path, body = "/v1/read", encoded(text=(text * 300)[:20_000])
    else:
        path, body = "/v1/export", encoded(text=(text * 300)[:5_000], format="html")
    return Request(path, body, len(body) <= SMALL[path])


class Outcome(NamedTuple):
    """A request that was answered."""

    at: float
    seconds: float
    status: int
    small: bool


class Connection(asyncio.Protocol):
    """A connection that asks one thing at a time."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.request: Request | None = None
        self.sent = self.idle_since = 0.0
        self.received = bytearray()
        self.missing: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, request: Request, data: bytes) -> None:
        self.request, self.sent, self.missing = request, time.monotonic(), None
        self.received.clear()
        self.transport.write(data)

    def data_received(self, data: bytes) -> None:
        if self.missing is None:
            self.received += data
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            found = _LENGTH.search(self.received, 0, end)
            assert found
            self.missing = end + 4 + int(found[1]) - len(self.received)
        else:
            self.missing -= len(data)
            if len(self.received) < 2_000:
                self.received += data
        if not self.missing:
            assert self.request
            request, self.request = self.request, None
            self.load.answered(self, request, bytes(self.received))

    def connection_lost(self, _: Exception | None) -> None:
        self.load.lost(self)


class Load:
    """Requests at a rate that follows what is answered.

    Parameters
    ----------
    server : Server
    overload : float
        Times what was answered with 200 over the last seconds.
    rate : float
        Requests a second to begin with.
    seed : int
    """

    def __init__(self, server: Server, overload: float, rate: float, seed: int) -> None:
        self.server = server
        self.overload = overload
        self.rate = rate
        self.requests = mixture(seed)
        self.idle: list[Connection] = []
        self.open = 0
        self.n_sent = 0
        self.sent: list[float] = []
        self.outcomes: list[Outcome] = []
        self.memory: list[tuple[float, float]] = []
        self.problems: Counter[str] = Counter()
        self.held_back = 0.0
        self.began = self.seconds = self.client_share = self.server_share = 0.0
        self._good: deque[float] = deque()  # when what was answered with 200 was

    async def run(self, seconds: float) -> None:
        """Send for so long; wait for what is still to be answered."""
        began, last, due, seen = time.monotonic(), time.monotonic(), 0.0, 0.0
        client, server = time.process_time(), self.server.cpu_seconds()
        self.began, self.seconds = began, seconds
        while (now := time.monotonic()) < began + seconds:
            self.adapt(now)
            due, last = due + self.rate * (now - last), now
            while due >= 1 and await self._send(now):
                due -= 1
            if due >= 1:  # all connections are waiting for the server
                self.held_back += due // 1
                due %= 1
            if now - seen > 1:
                self.memory.append((now - began, self.server.megabytes()))
                seen = now
            await asyncio.sleep(TICK)
        self.client_share = (time.process_time() - client) / seconds
        self.server_share = (self.server.cpu_seconds() - server) / seconds
        end = time.monotonic() + HARD_BOUND
        while len(self.idle) < self.open and time.monotonic() < end:
            await asyncio.sleep(TICK)
        self.problems["requests without an answer"] += self.open - len(self.idle)
        while self.idle:
            self.idle.pop().transport.close()

    def adapt(self, now: float) -> None:
        """Set the rate by what was answered over the last seconds; close what has long been idle."""
        if now - self.began < WINDOW:
            return
        while self._good and self._good[0] < now - WINDOW:
            self._good.popleft()
        while self.idle and self.idle[0].idle_since < now - IDLE:  # the last is taken first
            self.idle[0].transport.close()
            del self.idle[0]
            self.open -= 1
        self.rate = min(max(SLOWEST, self.overload * len(self._good) / WINDOW), FASTEST)

    async def _send(self, now: float) -> bool:
        if not self.idle:
            if self.open >= CONNECTIONS:
                return False
            loop = asyncio.get_running_loop()
            self.open += 1
            _, fresh = await loop.create_connection(lambda: Connection(self), "127.0.0.1", self.server.port)
            self.idle.append(fresh)
        connection = self.idle.pop()
        request = self.requests[self.n_sent % len(self.requests)]
        self.n_sent += 1
        head = f"{HEAD.format(path=request.path)}Content-Length: {len(request.body)}\r\n\r\n"
        connection.ask(request, head.encode() + request.numbered(self.n_sent))
        self.sent.append(now - self.began)
        return True

    def answered(self, connection: Connection, request: Request, received: bytes) -> None:
        now, status = time.monotonic(), int(received[9:12])
        connection.idle_since = now
        self.outcomes.append(Outcome(now - self.began, now - connection.sent, status, request.small))
        self.idle.append(connection)
        if status == 200:
            self._good.append(now)
        elif (
            status != 503
            or b"\r\nretry-after: " not in received.lower()
            or not received.endswith(b"}}")
            or set(json.loads(received.partition(b"\r\n\r\n")[2])["error"]) != {"code", "message"}
        ):
            self.problems[f"answers {status} that are no refusals"] += 1

    def lost(self, connection: Connection) -> None:
        """Count what the server has closed: it may, while nothing is asked."""
        if connection.request is not None:
            self.problems["requests without an answer"] += 1
        elif connection not in self.idle:  # closed by this client
            return
        else:
            self.idle.remove(connection)
        self.open -= 1


async def fill_tables(server: Server) -> None:
    """Send more distinct words than the server remembers: what its memory grows by later is no table."""
    one = Client(server)
    for i in range(260):
        texts = [f"{TEXT}{1_000 * i + k:07}" for k in range(1_000)]
        check(await one.ask("/v1/predict", encoded(texts=texts)))
    one.close()


async def capacity(server: Server, seed: int, seconds: float) -> float:
    """Return the requests a second that eight clients get answered, one after the other each."""
    requests = iter(mixture(seed) * 100)
    done = 0
    end = time.monotonic() + seconds

    async def client() -> None:
        nonlocal done
        one = Client(server)
        while time.monotonic() < end:
            request = next(requests)
            answer = await one.ask(request.path, request.body)
            check(answer)
            done += answer.status == 200
        one.close()

    await asyncio.gather(*(client() for _ in range(8)))
    return done / seconds
