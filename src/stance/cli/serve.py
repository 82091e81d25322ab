"""``stance serve``: a page and a JSON interface over HTTP."""

from __future__ import annotations

import argparse
import ipaddress
import signal
import socket
import sys
from dataclasses import fields
from typing import NoReturn

import stance
from stance.cli.screen import Status
from stance.server import LOOPBACK, Limits, check_installed, create_app
from stance.server.run import bind
from stance.server.run import serve as run

__all__ = ["serve"]

_SWITCH = 0.001
"""Seconds that a thread which labels runs on while the one that answers waits; Python's default is five
times as long, and is waited for at every system call."""


def serve(options: argparse.Namespace) -> int:
    """``stance serve``: a page and a JSON interface over HTTP."""
    check_installed()
    status = Status(options)
    limits = Limits(**{field.name: getattr(options, f"limit_{field.name}") for field in fields(Limits)})
    local = _is_loopback(options.host)
    with bind(options.host, options.port) as listening:
        app = create_app(stance.load(options.model), limits, allowed_hosts=_names(options, listening))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)  # uvicorn takes them while it runs and hands them back here
        sys.setswitchinterval(_SWITCH)
        host = f"[{options.host}]" if ":" in options.host else options.host
        if not local:
            status.note("note: there is no authentication; whoever reaches this address can use it")
        status.note(f"serving at http://{host}:{listening.getsockname()[1]}/ - end it with Ctrl-C")
        run(app, listening, limits)
    return 0


def _names(options: argparse.Namespace, listening: socket.socket) -> tuple[str, ...] | None:
    """Return the names that clients may call the server by; None for any."""
    if not (options.allow_host or _is_loopback(options.host)):
        return None
    everywhere = ipaddress.ip_address(listening.getsockname()[0]).is_unspecified  # which is nobody's name
    return (*LOOPBACK, *options.allow_host, *([] if everywhere else [options.host]))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _leave(*_: object) -> NoReturn:
    sys.exit(0)
