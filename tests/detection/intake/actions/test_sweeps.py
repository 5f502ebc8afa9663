"""Sweeps: what is queued again, and what is left alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Marketplace
from brandguard.celery import app
from brandguard.kernel.queueing import MATCH, waiting
from detection.intake.tasks import requeue_listings
from detection.matching.tasks import match_listing
from tests import factories
from tests.detection.scenes import queued

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_queues() -> None:
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        channel.queue_declare(MATCH)
        channel.queue_purge(MATCH)


@pytest.mark.parametrize(
    ("ago", "lease_over", "again", "rule"),
    [
        (60, 1, 1, "its worker fell silent"),
        (60, -10, 0, "its worker is still at it"),
        (60, None, 1, "nobody began it and nothing waits at the broker: its message was lost"),
        (1, None, 0, "its message may still be on the way"),
    ],
)
def test_what_is_queued_again(
    marketplace: Marketplace, ago: float, lease_over: float | None, again: int, rule: str
) -> None:
    queued(marketplace, ago=ago, lease_over=lease_over)
    requeue_listings()
    assert waiting(MATCH) == again, rule


def test_a_long_queue_is_not_queued_twice(marketplace: Marketplace) -> None:
    for _ in range(3):
        listing = queued(marketplace, ago=300)
        match_listing.delay(listing_id=str(listing.pk))
    requeue_listings()
    assert waiting(MATCH) == 3


def test_a_lost_message_is_made_up_for_even_while_others_wait(marketplace: Marketplace) -> None:
    queued(marketplace, ago=1200)
    match_listing.delay(listing_id=str(queued(marketplace, ago=5).pk))
    requeue_listings()
    assert waiting(MATCH) == 2


def test_what_has_a_result_is_left_alone(marketplace: Marketplace) -> None:
    now = timezone.now()
    factories.listing(marketplace, state="matched", verdict="allow", matched_at=now, queued_at=now)
    factories.listing(marketplace, state="failed", queued_at=now - timedelta(hours=1))
    requeue_listings()
    assert waiting(MATCH) == 0
