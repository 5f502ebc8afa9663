"""Gives each request an id for its answer and log lines, and writes one access line: who (the id of the API
key, never the key), what, the result, and the time it took.
"""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
# Parts of a URL that are secrets: invitations, lost passwords.
SECRET_PARTS = ("token", "key")

logger = structlog.get_logger("brandguard.kernel.requests")


class AccessMiddleware:
    """Runs first, so that the answers of all other middleware are logged too."""

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
    """Returns the id of a Django or DRF request; empty where AccessMiddleware has not seen it."""
    return str(getattr(request, "id", ""))


def started_at(request: HttpRequest) -> float:
    """Returns the request's arrival by `time.monotonic()`."""
    return float(getattr(request, "started", None) or time.monotonic())


def key_id(request: HttpRequest) -> int | None:
    """Returns the id of the API key that made the request."""
    return getattr(getattr(request, "auth", None), "pk", None)


def loggable_path(request: HttpRequest) -> str:
    """Returns the path without its query, which may hold anything, and without secrets."""
    path = request.path
    for name, value in (request.resolver_match.kwargs if request.resolver_match else {}).items():
        if name in SECRET_PARTS:
            path = path.replace(str(value), "…")
    return path
