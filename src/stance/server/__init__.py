"""``stance serve``: a model behind HTTP, as a page for readers and a JSON interface for programs.

It wants the extra ``serve`` (Starlette and uvicorn), imported when an application is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from stance.errors import DataError
from stance.server.asgi import ASGIApp
from stance.server.limits import LOOPBACK, Limits

if TYPE_CHECKING:
    from stance.predictor import Predictor

__all__ = ["LOOPBACK", "ASGIApp", "Limits", "check_installed", "create_app"]


def check_installed() -> None:
    """Refuse to go on without the extra.

    Raises
    ------
    DataError
        If Starlette or uvicorn is not installed.
    """
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise DataError(
            f"serving wants Starlette and uvicorn, and {missing[0]} is not installed; run pip install 'stance[serve]'"
        )


def create_app(
    model: Predictor, limits: Limits | None = None, *, allowed_hosts: Sequence[str] | None = None
) -> ASGIApp:
    """Make an ASGI application of a model.

    Parameters
    ----------
    model : Predictor
        One that was trained with targets labels texts, but reads no articles.
    limits : Limits, optional
        What it takes at most; see there.
    allowed_hosts : sequence of str, optional
        Names that requests may call the server by, whatever their port; :data:`LOOPBACK` against DNS
        rebinding where it is bound to the machine itself.  Any by default, for an application that is
        mounted in another.

    Returns
    -------
    ASGI application
        It runs by itself or mounted in an application of Starlette or FastAPI
        (``app.mount("/stance", create_app(model))``); it wants no lifespan events.

    Raises
    ------
    DataError
        If the extra is not installed.

    Examples
    --------
    >>> import stance
    >>> from stance.server import create_app
    >>> app = create_app(stance.load())
    """
    check_installed()
    from stance.server.app import build  # noqa: PLC0415  # wants the extra

    return build(model, limits or Limits(), allowed_hosts)
