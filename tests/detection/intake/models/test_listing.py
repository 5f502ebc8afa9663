"""The queue: who begins a listing, and which are left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from detection.intake.models import Listing
from tests.detection.rows import listing


@pytest.mark.django_db
def test_one_external_id_may_be_used_on_two_marketplaces() -> None:
    listing(external_id="offer-1")
    assert listing(external_id="offer-1").revision == 1


@pytest.mark.django_db
def test_a_listing_begun_and_left_is_abandoned_once_its_lease_is_over() -> None:
    now = timezone.now()
    left = listing()
    left.begin(now, timedelta(seconds=20))
    assert not Listing.objects.abandoned(now).exists()
    assert list(Listing.objects.abandoned(now + timedelta(seconds=21))) == [left]


@pytest.mark.django_db
def test_a_worker_still_at_it_keeps_its_listing() -> None:
    now = timezone.now()
    busy = listing()
    busy.begin(now, timedelta(seconds=20))
    busy.renew(now + timedelta(seconds=15), timedelta(seconds=20))
    assert not Listing.objects.abandoned(now + timedelta(seconds=30)).exists()


@pytest.mark.django_db
def test_one_worker_begins_and_another_only_once_its_lease_is_over() -> None:
    now, lease = timezone.now(), timedelta(seconds=20)
    made = listing()
    assert made.begin(now, lease)
    assert not made.begin(now + timedelta(seconds=19), lease)
    assert made.begin(now + timedelta(seconds=21), lease)
    made.release()
    assert made.begin(now, lease)


@pytest.mark.django_db
def test_a_listing_never_begun_shows_after_a_while() -> None:
    now = timezone.now()
    waiting = listing(queued_at=now - timedelta(minutes=1))
    assert list(Listing.objects.never_begun(now)) == [waiting]
    assert not Listing.objects.never_begun(now - timedelta(minutes=2)).exists()
    waiting.begin(now, timedelta(seconds=20))
    assert not Listing.objects.never_begun(now).exists()


@pytest.mark.django_db
def test_a_matched_listing_is_begun_by_nobody() -> None:
    done = listing(state="matched", verdict="allow", matched_at=timezone.now())
    assert not done.begin(timezone.now(), timedelta(seconds=20))
    done.refresh_from_db()
    assert done.leased_until is None
    assert not Listing.objects.awaiting_match().exists()


@pytest.mark.django_db
def test_a_failed_listing_stays_without_a_verdict() -> None:
    made = listing()
    made.fail("no_readable_picture", "None can be read.")
    made.refresh_from_db()
    assert (made.state, made.verdict) == ("failed", "pending")
    assert made.reasons == [{"rule": "no_readable_picture", "text": "None can be read."}]
