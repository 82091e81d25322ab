"""Running an application by uvicorn, with its limits."""

from __future__ import annotations

import socket

from stance.errors import DataError
from stance.server.asgi import ASGIApp
from stance.server.limits import Limits

__all__ = ["bind", "serve"]

_HEAD = 2**14
"""Bytes of the head of a request."""


def bind(host: str, port: int) -> socket.socket:
    """Open a port.

    Parameters
    ----------
    host : str
        Name or address.
    port : int
        0 to 65535; 0 for one that is free.

    Returns
    -------
    socket.socket
        It listens.

    Raises
    ------
    DataError
        If it cannot be opened.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise DataError(
            f"{host} port {port} cannot be opened ({error.strerror or error}); pass another --host or --port"
        ) from None


def serve(app: ASGIApp, listening: socket.socket, limits: Limits) -> None:
    """Serve until the process is told to end; requests that are worked on are answered first.

    Parameters
    ----------
    app : ASGI application
    listening : socket.socket
    limits : Limits
    """
    import uvicorn  # noqa: PLC0415  # an extra

    from stance.server.protocol import protocol_of  # noqa: PLC0415  # wants uvicorn

    config = uvicorn.Config(
        app,
        http=protocol_of(limits),
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # a line for each broken request would fill a disk
        access_log=False,  # addresses and paths are the business of a proxy
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=_HEAD,
        timeout_graceful_shutdown=round(limits.read_seconds + limits.wait_seconds + 2 * limits.seconds),
    )
    uvicorn.Server(config).run(sockets=[listening])
