"""Each request has an id, which every answer carries and every log line of it names, and leaves one
line in the log: who (the id of the API key, never the key), what, how it went, how long it took.
"""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
# Parts of an address that open something for whoever has them: invitations, lost passwords.
SECRET_PARTS = ("token", "key")

logger = structlog.get_logger("brandguard.kernel.requests")


class AccessMiddleware:
    """The first of all, so that what the others answer is logged too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        request.id = uuid4().hex  # type: ignore[attr-defined]
        request.started = started  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id(request)):
            response = self.get_response(request)
            response.headers[HEADER] = request_id(request)
            logger.info(
                "request",
                method=request.method,
                path=loggable_path(request),
                status=response.status_code,
                milliseconds=round((time.monotonic() - started) * 1000, 1),
                key=key_id(request),
            )
        return response


def request_id(request: HttpRequest) -> str:
    """Of a request of Django or DRF; empty where none of ours has seen it."""
    return str(getattr(request, "id", ""))


def started_at(request: HttpRequest) -> float:
    """When the request was there, by `time.monotonic()`."""
    return float(getattr(request, "started", None) or time.monotonic())


def key_id(request: HttpRequest) -> int | None:
    """Of the API key that it was made with."""
    return getattr(getattr(request, "auth", None), "pk", None)


def loggable_path(request: HttpRequest) -> str:
    """Without the query, which may hold anything, and without what opens something."""
    path = request.path
    for name, value in (request.resolver_match.kwargs if request.resolver_match else {}).items():
        if name in SECRET_PARTS:
            path = path.replace(str(value), "…")
    return path
