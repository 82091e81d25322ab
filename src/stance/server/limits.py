"""What a server takes at most."""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["JSON_DEPTH", "LOOPBACK", "NAME_LENGTH", "SMALL", "Limits"]

JSON_DEPTH = 8
"""Levels of lists and objects in a request; what is asked for needs two."""
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Names by which a machine calls itself."""
NAME_LENGTH = 255
"""Characters of a file's name."""
SMALL = {"/v1/predict": 2**18, "/v1/read": 2**15, "/v1/export": 2**12, "/article": 2**12}
"""Bytes up to which a request is small, by its route: tenths of a second of work at most.

A letter of a page costs hundreds of times as much as one of a text to label."""


@dataclass(frozen=True)
class Limits:
    """What a server takes at most.

    Attributes
    ----------
    body : int
        Bytes of a request.
    texts : int
        Texts of a request to label.
    characters : int
        Of a text or an article.
    statements : int
        Of an article: a page of it holds some ten kilobytes for each, however short it is.
    seconds : float
        Of work on a request, behind those of waiting, and again for its answer to be read.
    wait_seconds : float
        Until the work on a request begins; what would wait longer is turned away with 503.
    read_seconds : float
        For a client to send the head of a request, and again for its body.
    requests : int
        Requests that wait, are worked on or are sent, of those that are small and again of the others
        (:data:`SMALL`); more are turned away with 503.
    connections : int
        Open at once.  Beyond them those give way that wait longest for their client, after a second
        at least; beyond twice as many, without it.

    Raises
    ------
    ValueError
        If one is not above zero.
    """

    body: int = 2 * 2**20
    texts: int = 1_000
    characters: int = 50_000
    statements: int = 1_000
    seconds: float = 30.0
    wait_seconds: float = 2.0
    read_seconds: float = 15.0
    requests: int = 16
    connections: int = 200

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0:
                raise ValueError(f"the limit {field.name!r} must be above zero, got {value!r}")
