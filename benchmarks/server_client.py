"""A server in a process of its own, and the plain clients that attack it; see server.py."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

TEXT = "حذرت كندا إيران من إغلاق المضيق، ودعت الأطراف إلى وقف إطلاق النار فورا. "
HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
TICKS = os.sysconf("SC_CLK_TCK")


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

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

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


def encoded(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def post(path: str, body: bytes, *headers: str) -> bytes:
    more = "".join(f"{header}\r\n" for header in headers)
    return (
        f"{HEAD.format(path=path)}Content-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n".encode()
        + body
    )


def quantile(values: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
