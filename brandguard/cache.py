"""The cache on the broker's server. No request fails because of it."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingClient(RedisCacheClient):
    """While the server is away nothing is found and nothing is kept: sign-ins are then not counted,
    and go on. `add` says that it added: allauth takes anything else for a code that was used before.
    """

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        try:
            return bool(super().add(key, value, timeout))
        except (RedisError, OSError) as error:
            return self.away(error, otherwise=True)

    def get(self, key: Any, default: Any) -> Any:
        try:
            return super().get(key, default)
        except (RedisError, OSError) as error:
            return self.away(error, otherwise=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        try:
            super().set(key, value, timeout)
        except (RedisError, OSError) as error:
            self.away(error, otherwise=None)

    def delete(self, key: Any) -> bool:
        try:
            return bool(super().delete(key))
        except (RedisError, OSError) as error:
            return self.away(error, otherwise=False)

    @staticmethod
    def away[T](error: Exception, *, otherwise: T) -> T:
        logger.warning("The cache is away: %s", error)
        return otherwise


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
