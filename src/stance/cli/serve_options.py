"""The options of ``stance serve``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar

from stance.cli.parser import Parser
from stance.server.limits import Limits

__all__ = ["add_serve_arguments"]

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
        "most requests waiting or worked on, of small ones and again of large; others are turned away with 503",
    ),
    (
        "--max-wait",
        "wait_seconds",
        float,
        "SECONDS",
        "until the work on a request begins; what would wait longer is turned away with 503",
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
)
"""Options, the fields of Limits that they set, and what they say."""


def add_serve_arguments(parser: Parser) -> None:
    """Add where the server listens and what it takes at most."""
    place = parser.add_argument_group("place")
    place.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    place.add_argument(
        "--port", type=_port, default=8000, help="port; 0 for any that is free (default: 8000)"
    )
    place.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which clients call the server, several times for several (default: localhost and its "
        "addresses on a loopback address, else any)",
    )
    most = parser.add_argument_group("limits")
    for option, name, kind, unit, about in _LIMITS:
        default = getattr(Limits, name)
        most.add_argument(
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
