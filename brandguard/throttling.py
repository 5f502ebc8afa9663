"""Limits the requests of a key; beyond the limit, 429 with Retry-After."""

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # it imports the classes that settings names, this one among them
    from rest_framework.request import Request
    from rest_framework.views import APIView


class PerKey(SimpleRateThrottle):
    """Counts each API key separately, and people by their login. While the cache that counts is away, nobody
    is refused (brandguard/cache.py).
    """

    scope = "key"

    def get_rate(self) -> str:
        return f"{settings.REQUESTS_PER_MINUTE}/min"

    def get_cache_key(self, request: "Request", view: "APIView") -> str | None:  # noqa: ARG002
        caller = request.auth or request.user
        number = getattr(caller, "pk", None)
        return f"throttle-{type(caller).__name__}-{number}" if number else None
