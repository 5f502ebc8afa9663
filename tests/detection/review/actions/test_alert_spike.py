"""A design with far more alerts than usual is left to people."""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent, Marketplace
from detection.intake.models import Listing
from detection.review.actions import alert_spike as spike
from detection.review.actions.assess import assess_listing
from detection.review.actions.reassess import reassess_brands
from fingerprints.actions.end_alert_spike import end_alert_spike
from fingerprints.models import Brand
from tests import factories
from tests.detection.review.scenes import assessed


def test_a_design_with_an_alert_spike_is_left_to_people(
    marketplace: Marketplace, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spike, "MIN_ALERTS", 1)
    view = factories.view(factories.design(brand))
    for _ in range(2):
        listing = factories.listing(marketplace)
        factories.match(factories.listing_image(listing), view, similarity=99)
        listing.state, listing.matched_at = Listing.State.MATCHED, timezone.now()
        with transaction.atomic():
            assess_listing(listing=listing)
    view.design.refresh_from_db()
    assert view.design.people_only_since is not None
    assert AuditEvent.objects.filter(action="design.spiked").count() == 1
    Brand.objects.update(blocks_without_review=True)
    Marketplace.objects.update(blocks_without_review=True)
    Listing.objects.update(territories=["DE"])
    assert assessed(listing).verdict == "hold"
    end_alert_spike(design=view.design, by=factories.staff())
    reassess_brands()
    assert Listing.objects.get(pk=listing.pk).verdict == "block"
