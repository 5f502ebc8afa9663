"""A worker killed in mid-listing loses nothing and repeats nothing."""

import time
from pathlib import Path

import pytest

from brandguard.runtime.supervisor import Stack
from lab.demo.pictures import bundled
from lab.demo.session import Session
from tests.journeys.stack import registered, rows, running

pytestmark = pytest.mark.processes

LISTINGS = 3
WITHIN = 60.0  # seconds of a new worker, with the settings that ship


def test_each_listing_has_one_result_and_one_alert_after_a_kill(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        session = registered(stack, designs=1)
        send(session)
        wait_until_begun(tmp_path)
        stack.kill("worker")
        assert unfinished(tmp_path), "the worker was too fast to be killed in mid-listing"
        stack.start("worker")
        wait_until_finished(stack, tmp_path)
    assert rows(tmp_path, ALERTS) == [(1,)] * LISTINGS
    assert rows(tmp_path, EVENTS) == [
        ("alert.raised", LISTINGS, LISTINGS),
        ("listing.verdict", LISTINGS, LISTINGS),
    ]
    assert rows(tmp_path, EMBEDDINGS) == [(1,)] * (LISTINGS * len(bundled().registered))


def send(session: Session) -> None:
    pictures = [("images", (p.name, p.data)) for p in bundled().registered]
    for number in range(LISTINGS):
        fields = {"external_id": f"offer-{number}", "seller_id": "seller"}
        session.call("POST", "listings", session.marketplace, data=fields, files=pictures)


def wait_until_begun(folder: Path) -> None:
    deadline = time.monotonic() + WITHIN
    while not rows(folder, "SELECT 1 FROM detection_listing WHERE leased_until IS NOT NULL"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)  # well within the first listing's pictures


def unfinished(folder: Path) -> int:
    ((count,),) = rows(folder, "SELECT count(*) FROM detection_listing WHERE state = 'queued'")
    return int(count)


def wait_until_finished(stack: Stack, folder: Path) -> None:
    deadline = time.monotonic() + WITHIN
    while left := unfinished(folder):
        assert time.monotonic() < deadline, f"{left} listings without a result"
        stack.tend()
        time.sleep(0.2)


ALERTS = """SELECT count(alert.id) FROM detection_listing AS listing
LEFT JOIN detection_alert AS alert ON alert.listing_id = listing.id GROUP BY listing.id"""
# What the audit trail says was done, once for each listing.
EVENTS = """SELECT action, count(*), count(DISTINCT subject_id) FROM accounts_auditevent
WHERE action IN ('alert.raised', 'listing.verdict') GROUP BY action ORDER BY action"""
EMBEDDINGS = """SELECT count(embedding.id) FROM detection_listingimage AS image
LEFT JOIN detection_imageembedding AS embedding ON embedding.image_id = image.id GROUP BY image.id"""
