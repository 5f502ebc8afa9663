"""Twenty picture hosts and twenty receivers that never answer hold up nobody else."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from brandguard.processes.supervisor import Stack
from detection.demo.session import Session
from tests.detection.fetching.servers import answer, saying, serving
from tests.journeys.stack import rows, running, session_for
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.processes

ENVIRONMENT = {"DATABASE_URL": "", "REDIS_URL": "", "FETCH_LOOPBACK": "true"}
HOSTS = 20
WITHIN = 5.0  # seconds, while all of them are waited for


@contextmanager
def never_answering() -> Iterator[tuple[int, list[socket.socket]]]:
    """On every address of this machine: its port, and the connections that wait."""
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


def offer(session: Session, name: str, *addresses: str) -> None:
    body = {"external_id": name, "seller_id": "seller", "image_addresses": addresses}
    session.call("POST", "listings", session.marketplace, json=body)


def ping(session: Session, address: str) -> None:
    made = session.call("POST", "webhooks", session.marketplace, json={"address": address})
    session.call("POST", f"webhooks/{made['id']}/ping", session.marketplace)


def test_others_are_fetched_from_and_delivered_to_within_seconds(tmp_path: Path) -> None:
    picture = saying(answer(encoded(drawn(1))))
    with (
        running(tmp_path, environment=ENVIRONMENT) as stack,
        never_answering() as (port, waiting),
        serving(picture) as (pictures, _),
        serving(saying(answer(b"", status="200 OK"))) as (receiver, had),
    ):
        session, _ = session_for(stack)
        for number in range(HOSTS):
            host = f"http://127.0.1.{number + 1}:{port}"
            offer(session, f"silent-{number}", *(f"{host}/{one}.png" for one in range(3)))
            ping(session, f"{host}/webhooks")
        until(lambda: len(waiting) >= 2 * HOSTS, stack, 30, f"{len(waiting)} are waited for")

        ping(session, f"{receiver}/webhooks")
        offer(session, "healthy", f"{pictures}/a.png")
        until(lambda: had, stack, WITHIN, "the healthy endpoint was not told in time")
        until(lambda: fetched(tmp_path), stack, WITHIN, "the picture was not fetched in time")


def fetched(folder: Path) -> bool:
    return not rows(
        folder,
        "SELECT 1 FROM detection_listing WHERE external_id = 'healthy' AND state = 'fetching'",
    )
