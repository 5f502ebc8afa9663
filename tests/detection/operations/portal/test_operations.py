"""The operator's page: staff alone; what waits, what failed, and having it tried again."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Marketplace, Organisation
from brandguard.celery import app
from detection.delivery.actions.record_event import record_event
from detection.delivery.models import Delivery, EventType, WebhookEndpoint
from detection.intake.models import Listing, ListingImage
from detection.operations.portal import operations
from fingerprints.models import Brand
from tests import factories
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.django_db


ERROR = {"code": "host_unknown", "message": "No such host.", "remedy": "Check the URL."}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "waiting_in", lambda names: dict.fromkeys(names, 3))
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


@pytest.fixture
def failed(marketplace: Marketplace) -> Listing:
    listing = factories.listing(marketplace, state="failed", title="A lost lamp")
    factories.listing_image(
        listing,
        state="refused",
        error=ERROR,
        file="",
        preview="",
        url="https://img.example/a.png",
    )
    return listing


def test_nobody_but_staff_finds_it(as_alice: Client, as_rita: Client, as_staff: Client) -> None:
    for client in (as_alice, as_rita):
        assert client.get(reverse("operations")).status_code == 404
        assert client.post(reverse("requeue-listings")).status_code == 404
    assert as_staff.get(reverse("home")).headers["Location"] == reverse("operations")


def test_it_shows_what_waits_and_what_failed(
    as_staff: Client, failed: Listing, brand: Brand
) -> None:
    factories.right(brand, verified=False)
    factories.organisation("New & Co", verified=False)
    text = as_staff.get(reverse("operations")).text
    for part in ("New &amp; Co", "Fizz", "A lost lamp", "No such host.", "match", "Journal"):
        assert part in text, part


def test_a_silent_broker_is_told_of(as_staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: str) -> int:
        raise OSError

    monkeypatch.setattr(operations, "waiting_in", silent)
    assert "the broker does not answer" in as_staff.get(reverse("operations")).text


def test_organisations_and_rights_are_verified_there(as_staff: Client, brand: Brand) -> None:
    right = factories.right(brand, verified=False)
    Organisation.objects.filter(pk=brand.organisation_id).update(verified_at=None, verified_by=None)
    page = reverse("verify-organisation", args=[brand.organisation_id])
    assert page in as_staff.get(reverse("operations")).text
    as_staff.post(page, {"judgement": "verify", "note": "Met at the fair."})
    as_staff.post(reverse("judge-right", args=[right.pk]), {"judgement": "verify"})
    right.refresh_from_db()
    assert right.state == "verified"
    assert Organisation.objects.get(pk=brand.organisation_id).is_verified


def test_a_right_is_refused_with_a_reason_that_its_owners_read(
    as_staff: Client, as_alice: Client, brand: Brand
) -> None:
    right = factories.right(brand, verified=False)
    page = reverse("judge-right", args=[right.pk])
    refusal = {"judgement": "refuse", "reason": " "}
    assert "A refusal needs a reason" in as_staff.post(page, refusal, follow=True).text
    as_staff.post(page, refusal | {"reason": "The register says 2019."})
    right.refresh_from_db()
    assert (right.state, right.refusal_reason) == ("withdrawn", "The register says 2019.")
    shown = as_alice.get(reverse("brand", args=[brand.pk])).text
    assert "The operator refused it: The register says 2019." in shown


def test_a_document_that_is_a_picture_is_shown_beside_the_form(
    as_staff: Client, as_charlie: Client, brand: Brand
) -> None:
    picture = ContentFile(encoded(drawn(1)), "certificate.png")
    right = factories.right(brand, verified=False, document=picture)
    shown = reverse("right-preview", args=[right.pk])
    assert shown in as_staff.get(reverse("operations")).text
    assert as_staff.get(shown).headers["Content-Type"] == "image/jpeg"
    assert as_charlie.get(shown).status_code == 404
    pdf = factories.right(brand, verified=False)
    assert as_staff.get(reverse("right-preview", args=[pdf.pk])).status_code == 404


def test_a_failed_listing_is_fetched_again(as_staff: Client, failed: Listing) -> None:
    as_staff.post(reverse("requeue-listings"), {"listing": str(failed.pk)})
    failed.refresh_from_db()
    image = ListingImage.objects.get()
    assert (failed.state, image.state, image.error) == ("fetching", "fetching", None)
    assert AuditEvent.objects.filter(action="listing.requeued").count() == 1


@pytest.mark.parametrize(("image", "state"), [("fetching", "fetching"), ("embedded", "queued")])
def test_a_listing_that_was_given_up_is_shown_with_why_and_goes_on_where_it_was(
    as_staff: Client, marketplace: Marketplace, image: str, state: str
) -> None:
    text = "No verdict was reached in several attempts: the operator must investigate."
    reasons = [{"rule": "gave_up", "text": text}]
    listing = factories.listing(marketplace, state="failed", reasons=reasons)
    nothing: dict[str, Any] = {
        "file": "",
        "preview": "",
        "sha256": "",
        "width": None,
        "height": None,
    }
    fields = nothing | {"url": "https://img.example/a.png"} if image == "fetching" else {}
    factories.listing_image(listing, state=image, **fields)
    assert text in as_staff.get(reverse("operations")).text
    as_staff.post(reverse("requeue-listings"), {"listing": str(listing.pk)})
    listing.refresh_from_db()
    assert (listing.state, listing.images.get().state) == (state, image)


def test_what_is_not_on_offer_any_more_stays_as_it_is(as_staff: Client, failed: Listing) -> None:
    Listing.objects.update(withdrawn_at=timezone.now())
    as_staff.post(reverse("requeue-listings"), {"listing": ""})
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_dead_deliveries_are_sent_once_more(
    as_staff: Client, marketplace: Marketplace, alice: User
) -> None:
    WebhookEndpoint.objects.create(marketplace=marketplace, url="https://shop.example/hook")
    record_event(
        marketplace=marketplace,
        event_type=EventType.LISTING_HELD,
        listing_external_id="offer-1",
        payload={},
    )
    Delivery.objects.update(state="dead", next_attempt_at=None)
    as_staff.post(reverse("replay-deliveries"), {"delivery": ""})
    assert Delivery.objects.get().state == "pending"
    assert alice


def test_failing_webhooks_are_shown_with_their_error_and_resumed(
    as_staff: Client, marketplace: Marketplace
) -> None:
    endpoint = WebhookEndpoint.objects.create(
        marketplace=marketplace,
        url="https://shop.example/hook",
        failures=205,
        failing_since=timezone.now(),
        last_error="It answered 500.",
    )
    page = as_staff.get(reverse("operations")).content.decode()
    assert "https://shop.example/hook" in page
    assert "205 failures in a row" in page
    assert "It answered 500." in page
    endpoint.paused_at, endpoint.paused_why = timezone.now(), "Nothing was delivered."
    endpoint.save()
    as_staff.post(reverse("resume-failing-webhook", args=[endpoint.pk]))
    assert WebhookEndpoint.objects.filter(paused_at=None, failures=0).exists()


def test_the_page_takes_the_same_queries_however_much_failed(
    as_staff: Client, failed: Listing, marketplace: Marketplace, brand: Brand
) -> None:
    factories.right(brand, verified=False)
    with CaptureQueriesContext(connection) as one:
        as_staff.get(reverse("operations"))
    for _ in range(3):
        again = factories.listing(marketplace, state="failed")
        factories.listing_image(again, state="refused", error=ERROR, preview="")
        factories.right(brand, verified=False)
    with CaptureQueriesContext(connection) as many:
        as_staff.get(reverse("operations"))
    assert len(many) == len(one)
    assert failed


def test_the_page_says_what_is_not_found_while_a_channel_is_off(
    as_staff: Client, settings: Settings
) -> None:
    settings.OBJECT_ENCODER = settings.LOGO_ENCODER = ""
    page = as_staff.get(reverse("operations")).content.decode()
    assert "sscd 1" in page
    assert "Solid goods photographed from another side are not found." in page
    assert "OBJECT_ENCODER" in page
    assert "One-colour logos in a scene are mostly not found." in page


def test_a_spec_that_cannot_be_read_takes_no_page_away(
    as_staff: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.ENCODERS_DIR = tmp_path
    (tmp_path / "broken.json").write_text("{")
    assert as_staff.get(reverse("operations")).status_code == 200
