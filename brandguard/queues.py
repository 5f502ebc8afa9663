"""How much work waits at the broker."""

from collections.abc import Iterable
from typing import Any

from brandguard.celery import app


def waiting(queue: str) -> int:
    """Messages that no worker has taken yet."""
    return waiting_in([queue])[queue]


def waiting_in(queues: Iterable[str]) -> dict[str, int]:
    """Over one connection. A broker that is away is not waited for: raises kombu's OperationalError."""
    with app.connection_for_read() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0)
        channel: Any = connection.default_channel
        return {name: int(channel.queue_declare(name).message_count) for name in queues}
