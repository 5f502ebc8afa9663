"""How many requests a key may make: 429 with Retry-After beyond."""

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # it imports the classes that settings name, this one among them
    from rest_framework.request import Request
    from rest_framework.views import APIView


class PerKey(SimpleRateThrottle):
    """Each API key by itself, people by their login. While the cache that counts is away nobody is
    turned back (brandguard/cache.py).
    """

    scope = "key"

    def get_rate(self) -> str:
        return f"{settings.REQUESTS_PER_MINUTE}/min"

    def get_cache_key(self, request: "Request", view: "APIView") -> str | None:  # noqa: ARG002
        whose = request.auth or request.user
        number = getattr(whose, "pk", None)
        return f"throttle-{type(whose).__name__}-{number}" if number else None
