"""What uvicorn leaves open: clients that send or read slowly, and more connections than there are places.

uvicorn waits without end for the head of a request and for a client to read its answer, and answers
errors of HTTP in plain text.  Bodies are timed by the application, see :mod:`stance.server.incoming`.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from stance.server.errors import error_body
from stance.server.limits import Limits

__all__ = ["protocol_of"]

_WAITS = {h11.IDLE: 0.0, h11.SEND_BODY: 3.0}
"""States of a client that is waited for, and seconds beyond its time: those of a body are up to the
application first, which answers."""
_GRACE = 1.0
"""Seconds for a new connection to send its request before it gives way to others."""


def protocol_of(limits: Limits) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol of HTTP/1.1 with the limits of a server.

    Parameters
    ----------
    limits : Limits

    Returns
    -------
    type
        For ``uvicorn.Config(http=...)``.
    """
    return type("LimitedProtocol", (_Protocol,), {"limits": limits})


class _Protocol(H11Protocol):  # type: ignore[misc]  # uvicorn is not followed, see pyproject.toml
    """A connection with deadlines."""

    limits: Limits

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._state: Any = None
        self.since = 0.0
        self._reading: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait; if there are too many connections, those that wait longest give way."""
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > self.limits.connections:
            self._make_room()

    def _make_room(self) -> None:
        there = [c for c in self.connections if not c.transport.is_closing()]
        waiting = sorted((c for c in there if c.conn.their_state in _WAITS), key=lambda c: c.since)
        excess = len(there) - self.limits.connections
        far = excess - self.limits.connections
        old = self.loop.time() - _GRACE  # what has only just come may have its request on the way
        for i, one in enumerate(waiting[:excess]):
            if i < far or one.since < old:
                one.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Pass on what a client sent, and watch what it still has to send."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        super().connection_lost(exc)
        for timer in (self._reading, self._writing):
            if timer:
                timer.cancel()

    def _watch(self) -> None:
        """Give a client its time anew where it begins a head or a body, not with every byte of it."""
        state = self.conn.their_state
        if state is self._state:
            return
        self._state, self.since = state, self.loop.time()
        if self._reading:
            self._reading.cancel()
        self._reading = None
        if state in _WAITS:
            seconds = self.limits.read_seconds + _WAITS[state]
            self._reading = self.loop.call_later(seconds, self.transport.abort)

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not read."""
        super().pause_writing()
        if self._writing is None:
            self._writing = self.loop.call_later(self.limits.seconds, self._written, self.cycle)

    def _written(self, cycle: Any) -> None:
        self._writing = None
        done = self.cycle is not cycle or cycle.response_complete
        if not done or self.transport.get_write_buffer_size():
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        body = error_body("bad_request", msg.rstrip(".").lower())
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("connection", "close"),
        ]
        for event in (
            h11.Response(status_code=400, headers=headers),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        self.transport.close()
