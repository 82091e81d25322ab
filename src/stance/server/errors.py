"""Errors as a client sees them: one shape, one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping

__all__ = ["FAILED", "RequestError", "error_body"]

FAILED = ("internal_error", "the server failed; what was sent is not the cause")
"""Code and message of what nobody expected."""


class RequestError(Exception):
    """A request that is answered with an error.

    Parameters
    ----------
    status : int
        Of HTTP.
    code : str
        A word for programs.
    message : str
        One sentence for people: what was given, what is wanted.
    headers : mapping of str to str, optional
    """

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def error_body(code: str, message: str) -> bytes:
    """Return an error as JSON.

    Examples
    --------
    >>> error_body("not_found", "there is nothing here")
    b'{"error": {"code": "not_found", "message": "there is nothing here"}}'
    """
    return json.dumps({"error": {"code": code, "message": message}}).encode()
