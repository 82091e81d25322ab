"""Requests on the way in: bodies within size and time, JSON within depth, fields as they are wanted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from stance.server.asgi import Receive
from stance.server.errors import RequestError
from stance.server.limits import JSON_DEPTH, NAME_LENGTH, Limits

__all__ = [
    "ArticleRequest",
    "ClientGoneError",
    "PredictRequest",
    "article_request",
    "check_content_type",
    "parse_json",
    "predict_request",
    "read_body",
]

_LINGER = 2.0
"""Seconds in which what an oversized request still sends is thrown away, so that its client reads the
answer rather than a reset connection."""
_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}


class ClientGoneError(Exception):
    """The client left before it had sent its request."""


@dataclass(frozen=True)
class PredictRequest:
    """What ``/v1/predict`` is asked for."""

    texts: list[str]
    targets: list[str] | None
    abstain: float


@dataclass(frozen=True)
class ArticleRequest:
    """What the routes that read articles are asked for."""

    text: str
    file: str
    file_format: str
    events: bool
    abstain: float


def check_content_type(headers: Mapping[str, str]) -> None:
    """Refuse what is not JSON: a form of another site can send no JSON without asking first.

    Raises
    ------
    RequestError
        415.
    """
    kind, *parameters = (part.strip().lower() for part in headers.get("content-type", "").split(";"))
    if kind != "application/json" or any(p and p.replace('"', "") != "charset=utf-8" for p in parameters):
        raise RequestError(
            415,
            "unsupported_media_type",
            "send JSON in UTF-8, with the header Content-Type: application/json",
        )
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise RequestError(415, "unsupported_media_type", "send the body as it is, without Content-Encoding")


async def read_body(headers: Mapping[str, str], receive: Receive, limits: Limits) -> bytes:
    """Read a body that is small enough and arrives soon enough.

    Parameters
    ----------
    headers : mapping of str to str
    receive : callable
    limits : Limits

    Returns
    -------
    bytes

    Raises
    ------
    RequestError
        413 or 408.
    ClientGoneError
        If the client left.
    """
    parts: list[bytes] = []
    size, more = 0, True
    declared = headers.get("content-length", "0")
    fits = len(declared) < 16 and declared.isdecimal() and int(declared) <= limits.body
    try:
        async with asyncio.timeout(limits.read_seconds):
            while fits:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGoneError
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                fits, more = size <= limits.body, message.get("more_body", False)
                if fits and not more:
                    return b"".join(parts)
    except TimeoutError:
        raise RequestError(
            408,
            "request_timeout",
            f"the body did not arrive within {limits.read_seconds:g} seconds",
            {"Connection": "close"},
        ) from None
    parts.clear()
    if more and "expect" not in headers:  # else the client waits for the answer before it sends
        await _linger(receive)
    raise RequestError(
        413, "body_too_large", f"a request has at most {limits.body} bytes", {"Connection": "close"}
    )


async def _linger(receive: Receive) -> None:
    try:
        async with asyncio.timeout(_LINGER):
            while (message := await receive())["type"] == "http.request" and message.get("more_body", False):
                pass
    except TimeoutError:
        pass


def parse_json(body: bytes) -> Any:
    """Parse JSON in UTF-8.

    Parameters
    ----------
    body : bytes

    Returns
    -------
    object

    Raises
    ------
    RequestError
        400, if it is none, or nested too deeply.

    Examples
    --------
    >>> parse_json(b'{"texts": []}')
    {'texts': []}
    """
    deep = RequestError(400, "bad_json", f"the JSON is nested more than {JSON_DEPTH} levels deep")
    try:
        found = json.loads(body.decode(), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise RequestError(400, "bad_json", f"the body is not UTF-8: byte {error.start} is wrong") from None
    except json.JSONDecodeError as error:
        raise RequestError(
            400, "bad_json", f"the body is not JSON: {error.msg} at character {error.pos}"
        ) from None
    except RecursionError:
        raise deep from None
    except ValueError:  # an integer of thousands of digits
        raise RequestError(400, "bad_json", "the JSON holds a number that is too long") from None
    if _deeper(found, JSON_DEPTH):
        raise deep
    return found


def _no_number(name: str) -> float:
    raise RequestError(400, "bad_json", f"{name} is no JSON number")


def _deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth + 1):
        inside = [x.values() if isinstance(x, dict) else x for x in level if isinstance(x, (dict, list))]
        if not inside:
            return False
        level = [x for some in inside for x in some if isinstance(x, (dict, list))]
    return True


def predict_request(value: Any, limits: Limits, paired: bool) -> PredictRequest:
    """Check what ``/v1/predict`` is asked for.

    Parameters
    ----------
    value : object
        JSON.
    limits : Limits
    paired : bool
        Whether the model wants targets.

    Returns
    -------
    PredictRequest

    Raises
    ------
    RequestError
        422.
    """
    found = _object(value, ("texts", "targets") if paired else ("texts",), ("abstain",))
    texts = _texts(found["texts"], "texts", limits)
    targets = _texts(found["targets"], "targets", limits) if paired else None
    if targets is not None and len(targets) != len(texts):
        raise _wrong(f"{len(texts)} texts want as many targets, got {len(targets)}")
    return PredictRequest(texts, targets, _margin(found))


def article_request(value: Any, limits: Limits, formats: Collection[str] = ()) -> ArticleRequest:
    """Check what a route that reads articles is asked for.

    Parameters
    ----------
    value : object
        JSON.
    limits : Limits
    formats : collection of str
        Those to choose from, if there is a choice.

    Returns
    -------
    ArticleRequest

    Raises
    ------
    RequestError
        422.
    """
    wanted = ("text", "format") if formats else ("text",)
    found = _object(value, wanted, ("file", "abstain", "events") if formats else ("file", "abstain"))
    text = _text(found["text"], "text", limits.characters)
    if not text:
        raise _wrong("'text' is empty; an article is wanted")
    file_format, events = found.get("format", ""), found.get("events", False)
    if formats and file_format not in formats:
        raise _wrong(f"'format' is one of {', '.join(formats)}")
    if not isinstance(events, bool):
        raise _wrong(f"'events' must be a boolean, got {_kind(events)}")
    if events and file_format == "html":
        raise _wrong("a page shows statements and events alike; leave 'events' out")
    file = _text(found.get("file", "article.txt"), "file", NAME_LENGTH)
    return ArticleRequest(text, file, file_format, events, _margin(found))


def _margin(found: dict[str, Any]) -> float:
    abstain = found.get("abstain", 0)
    if isinstance(abstain, bool) or not isinstance(abstain, (int, float)) or not 0 <= abstain <= 1:
        raise _wrong("'abstain' is a margin in probability, a number from 0 to 1")
    return float(abstain)


def _object(value: Any, required: Collection[str], optional: Collection[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(f"the body must be an object, got {_kind(value)}")
    known = ", ".join(map(repr, (*required, *optional)))
    for name in required:
        if name not in value:
            raise _wrong(f"{name!r} is missing; the fields are {known}")
    if not value.keys() <= {*required, *optional}:
        raise _wrong(f"there is a field that is unknown; the fields are {known}")
    return value


def _texts(value: Any, name: str, limits: Limits) -> list[str]:
    if not isinstance(value, list):
        raise _wrong(f"{name!r} must be a list of strings, got {_kind(value)}")
    if len(value) > limits.texts:
        raise _wrong(f"{name!r} holds {len(value)} texts; at most {limits.texts} are taken at once")
    return [_text(text, f"{name}[{i}]", limits.characters) for i, text in enumerate(value)]


def _text(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str):
        raise _wrong(f"'{name}' must be a string, got {_kind(value)}")
    if len(value) > most:
        raise _wrong(f"'{name}' has {len(value)} characters; at most {most} are taken")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise _wrong(f"'{name}' holds half of a character (a lone surrogate) at {error.start}") from None
    return value


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")


def _wrong(message: str) -> RequestError:
    return RequestError(422, "invalid_request", message)
