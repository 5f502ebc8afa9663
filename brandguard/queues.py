"""How much work waits at the broker."""

from typing import Any

from brandguard.celery import app


def waiting(queue: str) -> int:
    """Messages that no worker has taken yet."""
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        return int(channel.queue_declare(queue).message_count)
