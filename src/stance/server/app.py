"""The application: routes, and how their answers are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import stance
from stance.predictor import Predictor
from stance.server.asgi import ASGIApp, Receive, Scope, Send
from stance.server.errors import FAILED, RequestError, error_body
from stance.server.guard import Guard
from stance.server.incoming import ClientGoneError, check_content_type, read_body
from stance.server.jobs import Answer, Job, Jobs
from stance.server.limits import Limits
from stance.server.metrics import CONTENT_TYPE, Metrics
from stance.server.openapi import openapi
from stance.server.page import POLICY, STATIC, docs_page, index_page, language_of, static_file
from stance.server.work import Work

__all__ = ["build"]

_PIECE = 2**16
"""Bytes sent at once: what a slow reader has not taken yet is waited for, not piled up."""
_REASONS = {
    404: ("not_found", "there is nothing at this address; see /docs"),
    405: ("method_not_allowed", "this address takes another method, see the header Allow"),
}


def build(model: Predictor, limits: Limits, hosts: Sequence[str] | None) -> ASGIApp:
    """Build the application.

    Parameters
    ----------
    model, limits, hosts
        See :func:`stance.server.create_app`.

    Returns
    -------
    ASGI application
    """
    metrics = Metrics()
    work = Work(limits, metrics)
    found = Jobs(model, limits)
    posts: dict[str, Job] = {"/v1/predict": found.predict}
    if not model.config.paired:  # an article names no targets
        posts |= {"/v1/read": found.read, "/v1/export": found.export, "/article": found.part}
    gets = _gets(model, limits, metrics)
    handlers: dict[Any, Any] = {HTTPException: _refused, RequestError: _wrong, Exception: _failed}
    app = Starlette(
        routes=[
            *(Route(path, _get(make), methods=["GET"]) for path, make in gets.items()),
            *(
                Route(path, _Post(path, job, work, metrics, limits), methods=["POST"])
                for path, job in posts.items()
            ),
        ],
        exception_handlers=handlers,
    )
    app.router.redirect_slashes = False
    return Guard(app, metrics, [*gets, *posts], hosts)


def _gets(model: Predictor, limits: Limits, metrics: Metrics) -> dict[str, Callable[[Request], Response]]:
    document = openapi(model.config, limits)
    state = {"status": "ok", "version": stance.__version__, "model": model.config.name}
    gets: dict[str, Callable[[Request], Response]] = {
        "/healthz": lambda _: JSONResponse(state),
        "/metrics": lambda _: Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE}),
        "/openapi.json": lambda request: JSONResponse(
            document | {"servers": [{"url": request.scope.get("root_path") or "/"}]}
        ),
        "/docs": lambda _: _page(docs_page(document)),
        **{f"/static/{name}": partial(_static, name) for name in STATIC},
    }
    if not model.config.paired:
        gets["/"] = lambda request: _page(
            index_page(language_of(request.query_params.get("lang"), request.headers), limits)
        )
    return gets


class _Post:
    """A route that takes JSON and works on it in a thread."""

    def __init__(self, path: str, job: Job, work: Work, metrics: Metrics, limits: Limits) -> None:
        self._path = path
        self._job = job
        self._work = work
        self._metrics = metrics
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        lane = self._work.lane(self._path, headers.get("content-length", ""))
        lane.check_room()  # before the body is read, for what is refused must cost little
        check_content_type(headers)
        try:
            body = await read_body(headers, receive, self._limits)
        except ClientGoneError:
            return
        # a place is taken when all is there: slow senders hold none
        async with lane.answer(self._path, len(body), partial(self._job, body)) as answer:
            self._metrics.texts += answer.n_texts
            await _deliver(answer, send)


async def _deliver(answer: Answer, send: Send) -> None:
    headers = {"content-length": str(len(answer.body)), "content-type": answer.content_type, **answer.headers}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    for at in range(0, len(answer.body), _PIECE):
        rest = at + _PIECE < len(answer.body)
        await send({"type": "http.response.body", "body": answer.body[at : at + _PIECE], "more_body": rest})


def _get(make: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return make(request)

    return endpoint


def _page(html: str) -> Response:
    headers = {"Content-Security-Policy": POLICY, "Vary": "Accept-Language"}
    return Response(html, media_type="text/html", headers=headers)


def _static(name: str, _: Request) -> Response:
    return Response(static_file(name), media_type=STATIC[name], headers={"Cache-Control": "no-cache"})


async def _refused(_: Request, error: HTTPException) -> Response:
    code, message = _REASONS.get(error.status_code, ("bad_request", "the request cannot be answered"))
    return _error(error.status_code, code, message, dict(error.headers or {}))


async def _wrong(_: Request, error: RequestError) -> Response:
    return _error(error.status, error.code, error.message, error.headers)


async def _failed(_: Request, __: Exception) -> Response:
    """Answer what nobody expected; it is raised again, and logged by the guard."""
    return _error(500, *FAILED, {})


def _error(status: int, code: str, message: str, headers: dict[str, str]) -> Response:
    return Response(error_body(code, message), status, headers, "application/json")
