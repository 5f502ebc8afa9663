"""Forty new picture hosts and forty new receivers that never answer hold up none that was quick."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from brandguard.kernel.queueing import FETCHER_THREADS, NOTIFIER_THREADS
from brandguard.runtime.supervisor import Stack
from lab.demo.session import Session
from tests.detection.outbound.servers import answer, saying, serving
from tests.journeys.stack import rows, running, session_for
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.processes

ENVIRONMENT = {"DATABASE_URL": "", "REDIS_URL": "", "FETCH_LOOPBACK": "true"}
HOSTS = 40  # more than there are threads
AT_ONCE = (FETCHER_THREADS + NOTIFIER_THREADS) // 2  # of them that are waited for
WITHIN = 5.0  # seconds, while all of them are waited for


@contextmanager
def never_answering() -> Iterator[tuple[int, list[socket.socket]]]:
    """On every URL of this machine: its port, and the connections that wait."""
    waiting: list[socket.socket] = []
    with socket.create_server(("0.0.0.0", 0), backlog=256) as server:  # noqa: S104 - says nothing

        def take() -> None:
            with suppress(OSError):
                while True:
                    waiting.append(server.accept()[0])

        Thread(target=take, daemon=True).start()
        yield server.getsockname()[1], waiting
        server.shutdown(socket.SHUT_RDWR)
        for connection in waiting:
            connection.close()


def until(true: Callable[[], object], stack: Stack, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        stack.tend()
        time.sleep(0.05)


def offer(session: Session, name: str, *urls: str) -> None:
    body = {"external_id": name, "seller_id": "seller", "image_urls": urls}
    session.call("POST", "listings", session.marketplace, json=body)


def endpoint(session: Session, url: str) -> str:
    body = {"url": url, "event_types": ["test.ping"]}
    made = session.call("POST", "webhooks", session.marketplace, json=body)
    return str(made["id"])


def ping(session: Session, endpoint: str) -> None:
    session.call("POST", f"webhooks/{endpoint}/ping", session.marketplace)


def test_others_are_fetched_from_and_delivered_to_within_seconds(tmp_path: Path) -> None:
    picture = saying(answer(encoded(drawn(1))))
    with (
        running(tmp_path, environment=ENVIRONMENT) as stack,
        never_answering() as (port, waiting),
        serving(picture) as (pictures, _),
        serving(saying(answer(b"", status="200 OK"))) as (receiver, had),
    ):
        session, _ = session_for(stack)
        healthy = endpoint(session, f"{receiver}/webhooks")
        ping(session, healthy)
        offer(session, "first", f"{pictures}/a.png")
        until(
            lambda: had and fetched(tmp_path, "first"), stack, 60, "the healthy ones are not known"
        )
        told = len(had)
        for number in range(HOSTS):
            host = f"http://127.0.1.{number + 1}:{port}"
            offer(session, f"silent-{number}", *(f"{host}/{one}.png" for one in range(3)))
            ping(session, endpoint(session, f"{host}/webhooks"))
        until(lambda: len(waiting) >= AT_ONCE, stack, 30, f"{len(waiting)} are waited for")

        ping(session, healthy)
        offer(session, "healthy", f"{pictures}/a.png")
        until(lambda: len(had) > told, stack, WITHIN, "the healthy endpoint was not told in time")
        until(
            lambda: fetched(tmp_path, "healthy"),
            stack,
            WITHIN,
            "the picture was not fetched in time",
        )


def fetched(folder: Path, name: str) -> bool:
    return not rows(
        folder,
        f"SELECT 1 FROM detection_listing WHERE external_id = '{name}' AND state = 'fetching'",  # noqa: S608
    )
