"""Names looked up within a time: the system's resolver knows none, and may take half a minute."""

import socket
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from typing import Any

LOOKUP_SECONDS = 5.0
MAX_LOOKUPS = 64  # at once; one that nobody waits for any more ends when the resolver gives up

_running = BoundedSemaphore(MAX_LOOKUPS)


def ips_of(host: str, port: int, seconds: float) -> list[str]:
    """Raises OSError: the name is not known, or not within `seconds`."""
    if seconds <= 0 or not _running.acquire(timeout=seconds):
        raise TimeoutError
    answer: Future[list[Any]] = Future()
    Thread(target=look_up, args=(host, port, answer), daemon=True).start()
    return [str(found[4][0]) for found in answer.result(timeout=seconds)]


def look_up(host: str, port: int, answer: Future[list[Any]]) -> None:
    try:
        answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except Exception as error:  # noqa: BLE001 - raised again for whoever waits
        answer.set_exception(error)
    finally:
        _running.release()
