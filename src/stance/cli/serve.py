"""``stance serve``: a page and a JSON interface over HTTP."""

from __future__ import annotations

import argparse
import ipaddress
import signal
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar

import stance
from stance.cli.shell import progress
from stance.server import LOOPBACK, Limits, check_installed, create_app
from stance.server.run import bind
from stance.server.run import serve as run

__all__ = ["add_serve_arguments", "serve"]

Number = TypeVar("Number", int, float)
_LIMITS = (
    ("--max-body", "body", int, "BYTES", "most bytes of a request"),
    ("--max-texts", "texts", int, "N", "most texts of a request"),
    ("--max-characters", "characters", int, "N", "most characters of a text or article"),
    ("--max-statements", "statements", int, "N", "most statements of an article"),
    (
        "--max-requests",
        "requests",
        int,
        "N",
        "most requests waiting or worked on; others are turned away with 503",
    ),
    (
        "--max-connections",
        "connections",
        int,
        "N",
        "most connections; beyond them those give way that wait longest for their client",
    ),
    (
        "--timeout",
        "seconds",
        float,
        "SECONDS",
        "for the work of a request, and again for its answer to be read",
    ),
    ("--read-timeout", "read_seconds", float, "SECONDS", "for a client to send a head, and again a body"),
    ("--threads", "threads", int, "N", "threads that label"),
)
"""Options, the fields of Limits that they set, and what they say."""

_SWITCH = 0.001
"""Seconds that a thread which labels runs on while the one that answers waits; Python's default is five
times as long, and is waited for at every system call."""


def add_serve_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``stance serve``."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, default=8000, help="port; 0 for any that is free (default: 8000)"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which clients call the server, several times for several (default: localhost and its "
        "addresses on a loopback address, else any)",
    )
    for option, name, kind, unit, about in _LIMITS:
        default = getattr(Limits, name)
        parser.add_argument(
            option,
            dest=f"limit_{name}",
            type=_above_zero(kind),
            default=default,
            metavar=unit,
            help=f"{about} (default: {default:g})" if kind is float else f"{about} (default: {default})",
        )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, got {text!r}")
    return int(text)


def _above_zero(kind: Callable[[str], Number]) -> Callable[[str], Number]:
    def parse(text: str) -> Number:
        try:
            value = kind(text)
        except ValueError:
            value = kind("0")
        if not 0 < value < 1e12:
            raise argparse.ArgumentTypeError(f"a number above zero is wanted, got {text!r}")
        return value

    return parse


def serve(options: argparse.Namespace) -> int:
    """``stance serve``: a page and a JSON interface over HTTP."""
    check_installed()
    limits = Limits(**{name: getattr(options, f"limit_{name}") for _, name, *_ in _LIMITS})
    local = _is_loopback(options.host)
    hosts = (*LOOPBACK, *options.allow_host) if local or options.allow_host else None
    with bind(options.host, options.port) as listening:
        app = create_app(stance.load(options.model), limits, allowed_hosts=hosts)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)  # uvicorn takes them while it runs and hands them back here
        sys.setswitchinterval(_SWITCH)
        host = f"[{options.host}]" if ":" in options.host else options.host
        if not local:
            progress("note: there is no authentication; whoever reaches this address can use it")
        progress(f"serving at http://{host}:{listening.getsockname()[1]}/ - end it with Ctrl-C")
        run(app, listening, limits)
    return 0


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _leave(*_: object) -> NoReturn:
    sys.exit(0)
