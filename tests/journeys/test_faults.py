"""Everything is killed at random under load, and the marketplace's receiver misbehaves: nothing is lost
and nothing is repeated that a person or a marketplace sees.

Shipped settings, but that webhooks may go to this machine and decisions need not be waited for.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest
from standardwebhooks import Webhook

from brandguard.runtime.supervisor import Stack
from lab.demo.pictures import bundled
from lab.stress.load import Load, Sent, figures
from tests.journeys.stack import registered, rows, running

pytestmark = pytest.mark.processes

PARTS = ("worker", "fetcher", "notifier", "sweeper", "checker", "beat", "web", "broker")
SETTLED_WITHIN = 240.0  # seconds after the last kill
ENVIRONMENT = {"DATABASE_URL": "", "REDIS_URL": "", "FETCH_LOOPBACK": "true"}


class Receiver:
    """Says no, or says nothing in time, to the first request with an id as often as not."""

    def __init__(self, dice: random.Random) -> None:
        self.had: Counter[str] = Counter()
        self.obeyed: set[str] = set()
        self.secret = ""
        self.lock = Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                event = Webhook(receiver.secret).verify(body, dict(self.headers))
                with receiver.lock:
                    receiver.had[event["id"]] += 1
                    mood = dice.random() if receiver.had[event["id"]] == 1 else 1.0
                if mood < 0.1:
                    time.sleep(16)  # longer than it is waited for
                    return
                self.send_response(500 if mood < 0.3 else 204)
                self.end_headers()
                if mood >= 0.3:
                    receiver.obeyed.add(event["id"])

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@contextmanager
def receiving(dice: random.Random) -> Iterator[Receiver]:
    made = Receiver(dice)
    Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def under_fire(folder: Path, *, listings: int, rate: float, kills: int, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    with running(folder, environment=ENVIRONMENT) as stack, receiving(dice) as receiver:
        session = registered(stack, designs=2)
        made = session.call("POST", "webhooks", session.marketplace, json={"url": receiver.url})
        receiver.secret = made["secret"]
        key = session.marketplace["Authorization"].split()[1]
        load = Load(stack.url, key, [photograph.data for photograph in bundled().registered])
        started = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            job = pool.submit(lambda: list(load.send(listings, rate)))
            for _ in range(kills):
                kill_one(stack, dice)
            sent = tended(stack, job)
        found = figures(sent, load.repeated(sent), time.monotonic() - started)
        print(f"\n{found}")  # noqa: T201 - with -s, for docs/operations.md
        assert (found.accepted, found.lost, found.repeated) == (listings, 0, 0)
        wait_for_deliveries(stack, folder)
        check_what_was_told(folder, receiver, sent)


def kill_one(stack: Stack, dice: random.Random) -> None:
    """And start it again after a moment, as a supervisor does."""
    wait(stack, dice.uniform(0.5, 2.5))
    name = dice.choice(PARTS)
    stack.kill(name)
    wait(stack, dice.uniform(0.2, 1.5))
    stack.start(name)


def wait(stack: Stack, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stack.tend()
        time.sleep(0.1)


def tended(stack: Stack, job: Any) -> list[Sent]:
    while not job.done():
        stack.tend()
        time.sleep(0.1)
    found: list[Sent] = job.result()
    return found


def wait_for_deliveries(stack: Stack, folder: Path) -> None:
    deadline = time.monotonic() + SETTLED_WITHIN
    while left := rows(folder, "SELECT count(*) FROM detection_delivery WHERE state = 'pending'"):
        if left == [(0,)]:
            return
        assert time.monotonic() < deadline, f"{left} deliveries still wait"
        wait(stack, 0.5)


def check_what_was_told(folder: Path, receiver: Receiver, sent: list[Sent]) -> None:
    """One verdict a listing and revision, one alert, each event once, and every event delivered."""
    assert rows(folder, TWICE_SEEN) == []
    assert rows(folder, WITHOUT_A_VERDICT) == [(0,)]
    verdicts = rows(folder, VERDICT_EVENTS)
    assert dict(verdicts) == {one.external_id: 1 for one in sent}
    assert rows(folder, REPEATED_ALERTS) == []
    events = {number for (number,) in rows(folder, "SELECT public_id FROM detection_event")}
    assert events == receiver.obeyed
    assert rows(folder, "SELECT count(*) FROM detection_delivery WHERE state = 'dead'") == [(0,)]


TWICE_SEEN = """SELECT external_id, revision, count(*) FROM detection_listing
GROUP BY marketplace_id, external_id, revision HAVING count(*) > 1"""
WITHOUT_A_VERDICT = "SELECT count(*) FROM detection_listing WHERE state <> 'matched'"
VERDICT_EVENTS = """SELECT listing_external_id, count(*) FROM detection_event
WHERE event_type LIKE 'listing.%' GROUP BY listing_external_id"""
REPEATED_ALERTS = """SELECT listing_id, brand_id FROM detection_alert
GROUP BY listing_id, brand_id HAVING count(*) > 1"""


def test_a_short_run_loses_and_repeats_nothing(tmp_path: Path) -> None:
    under_fire(tmp_path, listings=16, rate=1.5, kills=6, seed=1)


@pytest.mark.slow
def test_a_long_run_loses_and_repeats_nothing(tmp_path: Path) -> None:
    under_fire(tmp_path, listings=200, rate=1.5, kills=60, seed=2)
