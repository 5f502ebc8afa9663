"""WCAG 2.2 AA by axe, on every page, at desktop and phone width, in light and dark, in both
languages.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.actions.team import invite
from accounts.models import Marketplace, Membership, Organisation
from brandguard.celery import app
from detection.delivery.actions.record_event import record_event
from detection.delivery.models import EventType, WebhookEndpoint
from detection.intake.models import Listing
from detection.matching.models import RobustnessTest
from detection.review.actions.appeal import appeal_listing
from detection.review.actions.comment import comment_on
from detection.review.actions.decide import apply_decisions, decide_alert
from detection.review.actions.reopen import reopen_alert
from detection.review.actions.report import report_missed
from detection.review.models import Alert, Appeal, Decision
from fingerprints.actions.sent_tables import keep_table
from fingerprints.models import Brand, SentTable
from tests import factories
from tests.journeys.test_portal_in_a_browser import DESKTOP, PHONE, browser
from vision.pictures.in_part import DAMAGED

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OFFERS = "external_id;seller_id;title\n"
LOOKS = [(DESKTOP, "light", "en"), (PHONE, "dark", "en"), (PHONE, "light", "zh-hans")]


@pytest.fixture(params=LOOKS, ids=["desktop", "phone-dark", "phone-chinese"])
def context(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer
) -> Iterator[BrowserContext]:
    (width, height), scheme, language = request.param
    made = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale=language,
        base_url=live_server.url,
    )
    yield made
    made.close()


@pytest.fixture
def story(brand: Brand, marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch) -> Alert:
    """Rows for every page: an alert with all that can hang on it is returned."""
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    owner = factories.member(brand.organisation, "owner", role="owner")
    rita = factories.member(factories.operator(), "rita", role="reviewer")
    factories.right(brand, verified=False)
    factories.right(brand)
    factories.licence(brand, marketplace, seller_id="seller-7")
    invite(
        organisation=brand.organisation,
        email="ines@acme.example",
        role=Membership.Role.MEMBER,
        by=owner,
    )
    decided = factories.alert(brand, marketplace, similarity=91)
    Listing.objects.filter(pk=decided.listing_id).update(verdict="block")
    decide_alert(
        alert=decided,
        outcome=Decision.Outcome.INFRINGING,
        reason="design_copied",
        note="The cap.",
        by=rita,
    )
    alert = factories.alert(
        brand, marketplace, homography=[[0.5, 0, 0.2], [0, 0.5, 0.2], [0, 0, 1]]
    )
    alert.listing.url = "https://bazaar.example/1"
    alert.listing.save()
    alert.match.rendition = factories.rendition(
        alert.match.listing_image, frame=7, milliseconds=1400
    )
    alert.match.save()
    lacking_pictures(marketplace)
    umbra = factories.brand(factories.organisation("Umbra Works"), "Umbra")
    factories.claim_too(alert, umbra, rendition=alert.match.rendition)
    reopened = factories.alert(brand, marketplace)
    decide_alert(alert=reopened, outcome=Decision.Outcome.GENUINE_GOODS, note="", by=rita)
    Decision.objects.filter(alert=reopened).update(effective_at=timezone.now())
    apply_decisions()
    reopen_alert(alert=reopened, reason="Another bottle.", by=rita)
    comment_on(alert=alert, text="Our cap has a ring.", by=owner)
    appeal_listing(
        listing=alert.listing,
        brand=brand.pk,
        ground=Appeal.Ground.OTHER,
        text="No.",
        by=factories.staff(),
    )
    report_missed(brand=brand, marketplace=marketplace, by=owner, url="https://bazaar.example/9")
    RobustnessTest.objects.create(
        design=alert.match.view.design,
        asked_at=timezone.now(),
        done_at=timezone.now(),
        calibration="one",
        results={
            str(alert.match.view_id): {
                "edit-crop-35": 40.0,
                "side-left-35": 10.0,
                "edit-jpeg-20": 99.0,
            }
        },
    )
    factories.listing(marketplace, state="failed", title="A lost lamp")
    WebhookEndpoint.objects.create(marketplace=marketplace, url="https://shop.example/hook")
    with transaction.atomic():
        record_event(
            marketplace=marketplace,
            event_type=EventType.LISTING_HELD,
            listing_external_id="offer-1",
            payload={},
        )
    factories.member(factories.organisation("New & Co", verified=False), "yara", role="owner")
    factories.member(marketplace.organisation, "bella")
    factories.member(marketplace.organisation, "olga", role="owner")
    return alert


def lacking_pictures(marketplace: Marketplace) -> None:
    held = {"state": "matched", "verdict": "hold", "matched_at": timezone.now()}
    listing = factories.listing(
        marketplace, pictures_not_looked_at=1, incomplete_as="hold", title="Half a lamp", **held
    )
    factories.listing_image(listing, state="refused", error=DAMAGED, preview="")


def test_every_page_is_accessible(
    context: BrowserContext, live_server: LiveServer, story: Alert
) -> None:
    brand, design = story.brand, story.match.view.design
    right = brand.rights.first()
    licence = brand.licences.get()
    assert right
    young = Organisation.objects.get(name="New & Co")
    licences = sent_table("licences", "owner", brand.pk, "marketplace;seller_id\nBazaar;s-1")
    offers = sent_table(
        "listings",
        "bella",
        story.listing.marketplace_id,
        f'{OFFERS}a;s;Gr\u00f6\u00dfe\nb;s;"B\nc;s;C;',
    )
    unclear = sent_table(
        "listings", "bella", story.listing.marketplace_id, f"{OFFERS}a;s;Cr\u00e8me"
    )
    pages = {
        None: ["/sign-in", "/sign-up", "/account/password/reset/", "/nothing-here"],
        "owner": [
            "/start", "/brands", "/brands/new", f"/brands/{brand.pk}", f"/brands/{brand.pk}/edit",
            f"/brands/{brand.pk}/designs/new", f"/brands/{brand.pk}/designs/bulk",
            f"/brands/{brand.pk}/rights/new", f"/rights/{right.pk}/withdraw",
            f"/brands/{brand.pk}/licences/new", f"/brands/{brand.pk}/licences/bulk",
            f"/brands/{brand.pk}/licences/bulk/{licences}", f"/licences/{licence.pk}/revoke", f"/designs/{design.pk}",
            f"/designs/{design.pk}/views/new", f"/designs/{design.pk}/robustness",
            f"/designs/{design.pk}/retire", f"/views/{story.match.view_id}/remove", f"/views/{story.match.view_id}/outline", f"/organisations/{brand.organisation_id}",
            "/organisations/new", "/overview", "/thresholds", "/reports", "/alerts",
            f"/alerts/{story.pk}", "/account/2fa/", "/account/email/", "/account/password/change/",
        ],
        "rita": [
            "/alerts?state=open&order=risk", "/appeals", "/reports",
            *(f"/alerts/{alert.pk}" for alert in Alert.objects.all()),
            f"/alerts/{story.pk}/undo",
        ],
        "bella": [
            "/imports", f"/imports/preview/{offers}", f"/imports/preview/{unclear}", "/webhooks",
        ],
        "olga": [
            f"/admissions/{story.listing.marketplace_id}",
            f"/admissions/{story.listing.marketplace_id}/{brand.organisation_id}/end",
        ],
        "operator-staff": ["/operations", "/admissions", f"/operations/organisations/{young.pk}"],
        "yara": [f"/organisations/{young.pk}", "/start"],
    }  # fmt: skip
    found = []
    for who, urls in pages.items():
        page = context.new_page()
        if who:
            sign_in(context, live_server, who)
        for url in urls:
            page.goto(url)
            found += violations(page, url)
        page.close()
        context.clear_cookies(name="sessionid")
    assert not found, "\n".join(found)


def sent_table(purpose: str, who: str, about: UUID, text: str) -> UUID:
    """Waiting to be confirmed."""
    file = factories.upload(text.encode("cp1252"), "table.csv")
    by = User.objects.get(username=who)
    return keep_table(purpose=SentTable.Purpose(purpose), about=about, file=file, by=by).pk


def sign_in(context: BrowserContext, live_server: LiveServer, who: str) -> None:
    """By a session of the test client: signing in has a journey of its own."""
    person = Membership.objects.filter(user__username=who).select_related("user").first()
    client = Client()
    client.force_login(person.user if person else factories.staff())
    value = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])


def violations(page: Page, url: str) -> list[str]:
    answer = Axe().run(page, options=RULES)
    return [
        f"{url}: {one['id']} {node['target']} {node['failureSummary']}"
        for one in answer.response["violations"]
        for node in one["nodes"]
    ]
