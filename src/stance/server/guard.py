"""What surrounds every request: hosts, headers, counts, errors that nobody expected."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection, Sequence
from time import perf_counter

from stance.server.asgi import ASGIApp, Message, Receive, Scope, Send
from stance.server.errors import FAILED, error_body
from stance.server.metrics import Metrics

__all__ = ["Guard", "host_of"]

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; sandbox",
    b"cache-control": b"no-store",
}
"""Of every answer that has none of its own."""
_LOG = logging.getLogger("stance.server")


class Guard:
    """An application around the routes.

    Parameters
    ----------
    app : ASGI application
    metrics : Metrics
    routes : collection of str
        Paths that are counted by their names.
    hosts : sequence of str, optional
        Names that requests may call the server by, with or without a port; any by default.
    """

    def __init__(
        self, app: ASGIApp, metrics: Metrics, routes: Collection[str], hosts: Sequence[str] | None
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = frozenset(routes)
        self._hosts = None if hosts is None else frozenset(map(_without_port, hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name.lower() for name, _ in message["headers"]}
                more = [pair for pair in _HEADERS.items() if pair[0] not in given]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        try:
            if self._hosts is not None and host_of(scope) not in self._hosts:
                about = "this server goes by another name; call it by that, or start it with --allow-host"
                await _answer(guarded, 400, error_body("unknown_host", about))
            else:
                await self._app(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001  # whatever it is, the client gets an answer
            _log(error)
            if not status:
                await _answer(guarded, 500, error_body(*FAILED))
        finally:
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            if status:
                self._metrics.observe(
                    path if path in self._routes else "other", status, perf_counter() - began
                )


def host_of(scope: Scope) -> str:
    """Return the name that a request calls the server by, without its port.

    Examples
    --------
    >>> host_of({"headers": [(b"host", b"[::1]:8000")]}), host_of({"headers": [(b"host", b"Localhost")]})
    ('[::1]', 'localhost')
    """
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return _without_port(host.decode("latin-1"))


def _without_port(host: str) -> str:
    host = host.lower()
    if host.startswith("["):
        return host[: host.find("]") + 1]
    return f"[{host}]" if host.count(":") > 1 else host.partition(":")[0]  # an address of IPv6 has brackets


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _log(error: Exception) -> None:
    """Log what failed and where, without its message, which may hold what a client sent."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("%s while answering a request\n%s", type(error).__name__, places)
