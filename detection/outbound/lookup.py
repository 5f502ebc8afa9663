"""Resolves host names within a time limit; the system's resolver has none and can take half a minute."""

import socket
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from typing import Any

LOOKUP_SECONDS = 5.0
MAX_LOOKUPS = 64  # at once; an abandoned one ends when the resolver gives up

_running = BoundedSemaphore(MAX_LOOKUPS)


def ips_of(host: str, port: int, seconds: float) -> list[str]:
    """Returns the IP addresses of a host. Raises OSError if the name is unknown or `seconds` are over."""
    if seconds <= 0 or not _running.acquire(timeout=seconds):
        raise TimeoutError
    answer: Future[list[Any]] = Future()
    Thread(target=look_up, args=(host, port, answer), daemon=True).start()
    return [str(row[4][0]) for row in answer.result(timeout=seconds)]


def look_up(host: str, port: int, answer: Future[list[Any]]) -> None:
    try:
        answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except Exception as error:  # noqa: BLE001 - raised again in the waiting thread
        answer.set_exception(error)
    finally:
        _running.release()
