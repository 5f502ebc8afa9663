"""Missed listings: who reports, what the service finds out by itself, who answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Marketplace
from brandguard.celery import app
from brandguard.kernel.lease import MAX_ATTEMPTS
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.review.actions import examine_report as examine
from detection.review.actions.examine_report import examine_report
from detection.review.actions.report import (
    AlreadyAnswered,
    NothingReported,
    NotYoursToAnswer,
    answer_report,
    report_missed,
)
from detection.review.models import Report
from fingerprints.models import Brand
from fingerprints.pictures.received import NoReadableImage
from tests import factories, matchers
from tests.detection.scenes import BOTTLE, UNRELATED, posted
from tests.matchers import enrolled
from tests.pictures import encoded
from vision.edits import transforms as edits

pytestmark = pytest.mark.django_db
ADDRESS = "https://bazaar.example/offers/7"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


@pytest.fixture
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matchers.matcher(tmp_path_factory.mktemp("index"))


def reported(brand: Brand, on: Marketplace, by: User, **what: object) -> Report:
    return report_missed(brand=brand, marketplace=on, by=by, **what)  # type: ignore[arg-type]


def examined(report: Report, matcher: Matcher) -> Report:
    examine_report(report=report, matcher=matcher)
    return Report.objects.get(pk=report.pk)


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


def test_an_address_leads_to_the_listing_as_it_was_matched(
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


def test_an_address_that_nobody_sent(
    brand: Brand, marketplace: Marketplace, alice: User, matcher: Matcher
) -> None:
    report = reported(brand, marketplace, alice, url=ADDRESS)
    assert examined(report, matcher).finding == "not_sent"


def test_neither_or_an_unreadable_picture_is_refused(
    brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    with pytest.raises(NothingReported):
        reported(brand, marketplace, alice)
    with pytest.raises(NoReadableImage):
        reported(brand, marketplace, alice, picture=factories.upload(b"no picture"))


def test_a_reviewer_answers_once_and_the_claimant_never(
    brand: Brand, marketplace: Marketplace, alice: User, rita: User
) -> None:
    report = reported(brand, marketplace, alice, url=ADDRESS)
    with pytest.raises(NotYoursToAnswer):
        answer_report(report=report, answer="Mine.", by=alice)
    answer_report(report=report, answer="It is another shop's.", by=rita)
    with pytest.raises(AlreadyAnswered):
        answer_report(report=report, answer="Again.", by=rita)


def test_the_page_is_for_the_brand_and_its_reviewers(
    brand: Brand,
    marketplace: Marketplace,
    as_alice: Client,
    as_bob: Client,
    as_charlie: Client,
    as_rita: Client,
) -> None:
    page = reverse("reports")
    sent = {"brand": str(brand.pk), "marketplace": marketplace.pk, "url": ADDRESS}
    as_alice.post(page, sent)
    report = Report.objects.get()
    for client in (as_alice, as_bob, as_rita):
        assert ADDRESS in client.get(page).text
    assert ADDRESS not in as_charlie.get(page).text
    assert as_charlie.post(page, sent).status_code == 422
    answer = reverse("answer-report", args=[report.pk])
    assert as_charlie.post(answer, {"answer": "No."}).status_code == 404
    as_rita.post(answer, {"answer": "We asked them to send it."})
    assert "We asked them to send it." in as_alice.get(page).text


def test_a_report_s_part_of_the_page_asks_until_it_was_examined(
    brand: Brand, marketplace: Marketplace, alice: User, as_alice: Client, as_charlie: Client
) -> None:
    report = reported(brand, marketplace, alice, url=ADDRESS)
    part = reverse("report-finding", args=[report.pk])
    assert f'hx-get="{part}"' in as_alice.get(reverse("reports")).text
    assert as_alice.get(part).status_code == 204
    Report.objects.update(finding="not_sent")
    done = as_alice.get(part).text
    assert "The marketplace has not sent a listing of this URL" in done
    assert "hx-get" not in done
    assert as_charlie.get(part).status_code == 404


def test_the_list_takes_the_same_queries_however_long(
    brand: Brand,
    marketplace: Marketplace,
    alice: User,
    as_rita: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reported(brand, marketplace, alice, url=ADDRESS)
    with CaptureQueriesContext(connection) as one:
        as_rita.get(reverse("reports"))
    for number in range(4):
        reported(brand, marketplace, alice, url=f"{ADDRESS}{number}")
    with django_assert_num_queries(len(one)):
        as_rita.get(reverse("reports"))


def test_a_marketplace_that_did_not_admit_the_brand_is_no_choice(
    brand: Brand, as_alice: Client, marketplace: Marketplace
) -> None:
    marketplace.admits.clear()
    sent = {"brand": str(brand.pk), "marketplace": marketplace.pk, "url": ADDRESS}
    assert as_alice.post(reverse("reports"), sent).status_code == 422
    assert not Report.objects.exists()


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
