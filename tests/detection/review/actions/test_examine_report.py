"""What the service finds out by itself about a missed listing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from accounts.models import Marketplace
from brandguard.celery import app
from brandguard.kernel.lease import MAX_ATTEMPTS
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.review.actions import examine_report as examine
from detection.review.actions.examine_report import examine_report
from detection.review.models import Report
from fingerprints.models import Brand
from tests import factories
from tests.detection.review.scenes import ADDRESS, examined, reported
from tests.detection.scenes import BOTTLE, UNRELATED, posted
from tests.matchers import enrolled
from tests.pictures import encoded
from vision.edits import transforms as edits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def test_a_picture_that_reaches_the_threshold_is_told_with_its_view(
    brand: Brand, marketplace: Marketplace, alice: User, matcher: Matcher
) -> None:
    view = enrolled(brand, BOTTLE)
    picture = factories.upload(encoded(edits.rotate(BOTTLE, degrees=8)))
    found = examined(reported(brand, marketplace, alice, picture=picture), matcher)
    assert found.finding == "reaches"
    assert found.similarity is not None
    assert found.similarity >= 85
    assert found.view is not None
    assert view is None or found.view.design.brand == brand


def test_a_picture_that_shows_nothing_of_the_brand(
    brand: Brand, marketplace: Marketplace, alice: User, matcher: Matcher
) -> None:
    picture = factories.upload(encoded(UNRELATED))
    found = examined(reported(brand, marketplace, alice, picture=picture), matcher)
    assert (found.finding, found.similarity) == ("not_found", None)


def test_a_mere_candidate_is_no_find(
    brand: Brand,
    marketplace: Marketplace,
    alice: User,
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = factories.view(factories.design(brand))
    monkeypatch.setattr(
        "detection.review.actions.examine_report.strongest_of", lambda *_: (49.9, view)
    )
    picture = factories.upload(encoded(UNRELATED))
    found = examined(reported(brand, marketplace, alice, picture=picture), matcher)
    assert (found.finding, found.similarity, found.view) == ("not_found", None, None)


def test_a_url_leads_to_the_listing_as_it_was_matched(
    brand: Brand, marketplace: Marketplace, alice: User, matcher: Matcher
) -> None:
    alert = factories.alert(brand, marketplace, similarity=72)
    alert.listing.url = f"{ADDRESS}/"
    alert.listing.save()
    report = reported(brand, marketplace, alice, url=ADDRESS)
    assert examined(report, matcher).finding == "alerted"
    alert.delete()
    Report.objects.update(finding="")
    again = examined(report, matcher)
    assert (again.finding, again.similarity, again.view) == ("below", 72, alert.match.view)


def test_a_url_that_nobody_sent(
    brand: Brand, marketplace: Marketplace, alice: User, matcher: Matcher
) -> None:
    report = reported(brand, marketplace, alice, url=ADDRESS)
    assert examined(report, matcher).finding == "not_sent"


def test_a_report_whose_picture_was_lost_says_so(
    brand: Brand, marketplace: Marketplace, alice: User, matcher: Matcher
) -> None:
    report = reported(brand, marketplace, alice, picture=factories.upload())
    report.picture.storage.delete(report.picture.name or "")
    assert examined(report, matcher).finding == "lost"


def failing(error: Exception) -> Callable[[bytes], None]:
    def fail(_: bytes) -> None:
        raise error

    return fail


def test_a_picture_that_ends_its_workers_is_not_examined_for_ever(
    brand: Brand,
    marketplace: Marketplace,
    alice: User,
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reported(brand, marketplace, alice, picture=factories.upload())
    monkeypatch.setattr(examine, "LEASE", timedelta(0))
    monkeypatch.setattr(examine, "renditions_in", failing(MemoryError()))
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(MemoryError):
            examine_report(report=Report.objects.get(), matcher=matcher)
    assert examined(Report.objects.get(), matcher).finding == "gave_up"


def test_a_transient_failure_counts_against_no_report(
    brand: Brand,
    marketplace: Marketplace,
    alice: User,
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = reported(brand, marketplace, alice, picture=factories.upload())
    monkeypatch.setattr(examine, "renditions_in", failing(ConnectionError()))
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(ConnectionError):
            examine_report(report=Report.objects.get(), matcher=matcher)
    report.refresh_from_db()
    assert (report.attempts, report.leased_until) == (0, None)


def test_a_listing_that_was_matched_otherwise_is_looked_at_again(
    brand: Brand, marketplace: Marketplace, alice: User, matcher: Matcher
) -> None:
    """As when a channel was off then: what is kept of it has no match."""
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, edits.rotate(BOTTLE, degrees=8), url=ADDRESS)
    match_listing(listing=listing, matcher=matcher)
    listing.alerts.all().delete()
    Match.objects.all().delete()
    report = reported(brand, marketplace, alice, url=ADDRESS)
    assert examined(report, matcher).finding == "not_found"
    Report.objects.update(finding="")
    ImageEmbedding.objects.update(matching_version="earlier 1")
    assert examined(report, matcher).finding == "reaches"
