"""Tasks of matching: what they leave to another, and what they do not know."""

import time
from typing import Any
from unittest.mock import MagicMock

import pytest

from accounts.models import Marketplace
from brandguard.celery import app
from brandguard.kernel.queueing import MATCH, waiting
from detection.matching.actions.begin_matching import MAX_SECONDS
from detection.matching.tasks import match_listing
from tests.detection.scenes import queued

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_queues() -> None:
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        channel.queue_declare(MATCH)
        channel.queue_purge(MATCH)


def test_a_worker_that_took_long_to_start_leaves_a_listing_to_a_task_with_its_whole_time(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = queued(marketplace, ago=5)
    slow = MagicMock()
    slow.register.catch_up.side_effect = lambda: time.sleep(0.02)
    monkeypatch.setattr("detection.matching.matcher.this_process_matcher", lambda: slow)
    monkeypatch.setattr("detection.matching.actions.begin_matching.MAX_START_SECONDS", 0.01)
    match_listing(listing_id=str(listing.pk))
    listing.refresh_from_db()
    assert (waiting(MATCH), listing.leased_until) == (1, None)


def test_pictures_that_are_left_go_to_a_task_with_its_whole_time(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = queued(marketplace, ago=5)
    monkeypatch.setattr("detection.matching.matcher.this_process_matcher", MagicMock)
    left = MagicMock(side_effect=[False, True])
    monkeypatch.setattr("detection.matching.actions.begin_matching.match_listing", left)
    match_listing(listing_id=str(listing.pk))
    assert waiting(MATCH) == 1
    match_listing(listing_id=str(listing.pk))
    assert waiting(MATCH) == 1
    assert left.call_args.kwargs["seconds"] <= MAX_SECONDS


def test_an_unknown_listing_and_an_unknown_argument_do_no_harm() -> None:
    match_listing(listing_id="00000000-0000-0000-0000-000000000000", of_a_newer_version=True)
