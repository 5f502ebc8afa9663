"""The page of missed listings."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Marketplace
from brandguard.celery import app
from detection.review.models import Report
from fingerprints.models import Brand
from tests.detection.review.scenes import ADDRESS, reported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


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
    assert "The marketplace sent no listing with this URL" in done
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
