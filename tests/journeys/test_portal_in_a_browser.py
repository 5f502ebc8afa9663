"""The portal as people meet it: a real browser against a real server, desktop and phone."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.actions.admissions import admit
from accounts.actions.verify import verify_organisation
from accounts.models import Marketplace, Organisation
from brandguard.celery import app
from detection.delivery.actions.record_event import record_event
from detection.delivery.models import Delivery, EventType, WebhookEndpoint
from detection.intake.actions.import_listings import run_import
from detection.intake.models import Listing, ListingImport
from detection.review.actions.appeal import appeal_listing
from detection.review.actions.assess import assess_listing
from detection.review.actions.decide import apply_decisions, decide_alert
from detection.review.actions.reassess import reassess_brands
from detection.review.models import Alert, Appeal, Decision, Reassessment
from fingerprints.actions.rights import verify_right
from fingerprints.models import Brand, Design, Right
from tests import factories
from tests.pictures import drawn, encoded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = (1366, 768), (390, 844)
expect.set_options(timeout=20_000)  # milliseconds: what else the machine does is no failure
PICTURE = (240, 160)  # what factories.view and factories.listing_image have
POLYGON = [[0.1, 0.1], [0.6, 0.1], [0.6, 0.8], [0.1, 0.8]]  # what factories.match draws


def chromium() -> str:
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        reason = "no Chromium: install it (Debian: apt-get install chromium) to run this"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = chromium()
    # Playwright keeps an event loop running in this thread, in which Django would refuse to work.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer
) -> Iterator[Page]:
    """What the browser complains of fails the test: refused styles and scripts show there."""
    width, height = request.param
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        refused = "status of 422" in message.text  # a form's, which the page tells of
        if message.type in {"error", "warning"} and not refused:
            complaints.append(message.text)

    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=live_server.url
    )
    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def alert(brand: Brand, marketplace: Marketplace) -> Alert:
    return factories.alert(brand, marketplace)


def sign_in(page: Page, person: User) -> None:
    page.goto("/")
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)  # and until its scripts have run


def assert_fits(page: Page) -> None:
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, f"{page.url} is {overflow} pixels too wide"


def test_a_design_is_registered_and_followed_until_it_is_in_force(
    page: Page, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)  # the worker comes later, below
    for number in (1, 2):
        (tmp_path / f"view-{number}.png").write_bytes(encoded(drawn(number)))

    sign_in(page, alice)
    page.get_by_role("link", name="New brand").first.click()
    assert_fits(page)
    page.get_by_label("Name of the brand").fill("Fizz")
    page.get_by_role("button", name="Create the brand").click()

    page.get_by_role("link", name="Register a design").first.click()
    page.get_by_label("Name of the design").fill("Bottle")
    page.get_by_label("Packaging").check()
    page.get_by_label("Pictures").set_input_files(sorted(tmp_path.glob("view-*.png")))
    expect(page.get_by_text("view-2.png ·")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Register the design").click()

    expect(page.get_by_text("2 views are being enrolled")).to_be_visible()
    expect(page.get_by_text("Pending")).to_have_count(2)
    assert_fits(page)
    Design.objects.get().images.update(state="enrolled", width=240, height=160)
    expect(page.get_by_text("Listings are compared with 2 views")).to_be_visible()


def test_a_file_that_cannot_be_read_stops_the_sending_until_it_is_taken_out(
    page: Page, brand: Brand, alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    (tmp_path / "front.png").write_bytes(encoded(drawn(1)))
    (tmp_path / "torn.png").write_bytes(b"no picture")
    sign_in(page, alice)
    page.goto(f"/brands/{brand.pk}/designs/new")
    page.get_by_label("Packaging").check()
    pictures = page.get_by_label("Pictures")
    pictures.set_input_files(sorted(tmp_path.glob("*.png")))
    expect(page.get_by_text("cannot be read as a picture")).to_be_visible()
    assert "torn.png: cannot be read" in pictures.evaluate("input => input.validationMessage")
    torn = page.get_by_role("listitem").filter(has_text="torn.png")
    torn.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("torn.png")).to_have_count(0)
    assert pictures.evaluate("input => input.validationMessage") == ""
    assert_fits(page)

    # Refused for another reason, the form keeps the picture that was chosen.
    page.get_by_label("Name of the design").fill("   ")
    page.get_by_role("button", name="Register the design").click()
    expect(page.get_by_text("This field is required")).to_be_visible()
    expect(page.get_by_text("front.png ·")).to_be_visible()
    page.get_by_label("Name of the design").fill("Bottle")
    page.get_by_role("button", name="Register the design").click()
    expect(page.get_by_text("The design Bottle is registered.")).to_be_in_viewport()
    expect(page.get_by_role("banner")).to_be_in_viewport(ratio=1)
    assert Design.objects.get().images.get().name == "front.png"


def test_a_refused_right_keeps_its_document(
    page: Page, brand: Brand, alice: User, tmp_path: Path
) -> None:
    (tmp_path / "certificate.pdf").write_bytes(factories.PDF)
    sign_in(page, alice)
    page.goto(f"/brands/{brand.pk}/rights/new")
    page.get_by_label("Copyright:").check()
    page.get_by_label("Document").set_input_files(tmp_path / "certificate.pdf")
    page.get_by_label("From").fill("2020-01-01")
    page.get_by_role("button", name="Submit the right").click()
    expect(page.get_by_text("This field is required")).to_be_visible()
    assert_fits(page)
    assert page.evaluate("document.activeElement.closest('.places') !== null")
    page.get_by_label("European Union").check()
    find_country(page, "swi", "Switzerland CH")
    page.get_by_role("button", name="Submit the right").click()
    expect(page.get_by_text("is submitted")).to_be_in_viewport()
    assert Right.objects.get().document.size == len(factories.PDF)


def find_country(page: Page, typed: str, found: str) -> None:
    page.get_by_label("Find a country").fill(typed)
    expect(page.get_by_label(found)).to_be_visible()
    page.get_by_label(found).check()


def test_a_country_is_found_by_any_of_its_names(page: Page, brand: Brand, alice: User) -> None:
    sign_in(page, alice)
    page.goto(f"/brands/{brand.pk}/rights/new")
    search, countries = page.get_by_label("Find a country"), page.locator(".places-list label")
    for typed, found in (("england", "United Kingdom GB"), ("aland", "Åland Islands AX")):
        search.fill(typed)
        expect(countries.filter(visible=True)).to_have_text([found])
    search.press("Enter")  # chooses the only one, and sends nothing
    search.fill("nowhere")
    expect(page.get_by_text("No country has that name.")).to_be_visible()
    assert_fits(page)
    chosen = page.locator(".places-chosen")
    expect(chosen).to_contain_text("Åland Islands")
    page.get_by_role("button", name="Remove: Åland Islands").click()
    expect(chosen).to_be_empty()


def test_from_sign_up_to_a_protected_design(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)  # the worker comes later, below
    (tmp_path / "front.png").write_bytes(encoded(drawn(1)))
    (tmp_path / "certificate.pdf").write_bytes(factories.PDF)
    page.goto("/sign-in")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Email").fill("ines@meridian.example")
    page.get_by_label("Password").fill("correct horse battery")
    assert_fits(page)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_label("Name of your organisation").fill("Meridian")
    page.get_by_role("button", name="Create the organisation").click()
    expect(page.get_by_text("1 of 6 done")).to_be_visible()
    assert_fits(page)

    page.get_by_role("link", name="New brand").click()
    page.get_by_label("Name of the brand").fill("Fizz")
    page.get_by_role("button", name="Create the brand").click()
    page.goto("/start")
    page.get_by_role("link", name="Register a design").click()
    page.get_by_label("Name of the design").fill("Bottle")
    page.get_by_label("Packaging").check()
    page.get_by_label("Pictures").set_input_files(tmp_path / "front.png")
    page.get_by_role("button", name="Register the design").click()
    expect(page.get_by_text("Pending")).to_be_visible()
    Design.objects.get().images.update(state="enrolled", width=240, height=160)
    expect(page.get_by_text("Listings are compared with 1 view")).to_be_visible()

    page.goto("/start")
    expect(page.get_by_text("Organisation not verified yet")).to_be_visible()
    page.get_by_role("link", name="Add a right").click()
    page.get_by_label("Trade mark").check()
    page.get_by_label("Office").fill("EUIPO")
    page.get_by_label("Number", exact=False).fill("018000001")
    page.get_by_label("European Union").check()
    page.get_by_label("From").fill("2020-01-01")
    page.get_by_label("Document").set_input_files(tmp_path / "certificate.pdf")
    page.get_by_role("button", name="Submit the right").click()
    expect(page.get_by_text("Not verified yet").first).to_be_visible()
    verify_organisation(
        organisation=Organisation.objects.get(name="Meridian"), by=factories.staff(), note="Known."
    )
    verify_right(right=Right.objects.get(), by=factories.staff())
    market = factories.marketplace("Bazaar")
    page.goto("/start")
    expect(page.get_by_text("Not admitted by Bazaar yet")).to_be_visible()
    meridian = Organisation.objects.get(name="Meridian")
    admit(marketplace=market, organisation=meridian, by=factories.staff())
    page.reload()
    expect(page.get_by_text("Protected on Bazaar")).to_be_visible()
    assert_fits(page)


def test_an_alert_shows_its_evidence_and_is_decided(page: Page, rita: User, alert: Alert) -> None:
    sign_in(page, rita)
    expect(page.get_by_role("heading", name="Alerts", exact=True)).to_be_visible()
    assert_fits(page)
    page.get_by_role("link", name="A bottle, nearly new").click()

    assert_shows_both_pictures(page)
    assert_fits(page)
    page.get_by_label("Outline the matching region").uncheck()
    expect(page.locator(".region").first).to_be_hidden()

    decide(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Record the decision")).to_be_visible()
    decide(page)
    expect(page.locator("#standing").get_by_text("Held").first).to_be_visible()
    Decision.objects.update(effective_at=timezone.now())
    apply_decisions()
    page.reload()
    expect(page.locator("#standing").get_by_text("Blocked").first).to_be_visible()
    expect(page.locator(".count")).to_have_count(0)
    expect(page.get_by_role("button", name="Record the decision")).to_have_count(0)
    assert_fits(page)
    alert.refresh_from_db()
    assert (alert.state, alert.decision.note) == ("decided", "The same cap.")


def decide(page: Page) -> None:
    page.get_by_label("Infringing", exact=False).first.check()
    page.get_by_label("Reason").select_option("design_copied")
    page.get_by_label("Note").fill("The same cap.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("by rita")).to_be_visible()


def assert_shows_both_pictures(page: Page) -> None:
    drawn_pictures = page.locator(".drawn")
    expect(drawn_pictures).to_have_count(2)
    for picture in drawn_pictures.all():
        image = picture.locator("img")
        expect(image).to_have_js_property("complete", value=True)
        assert image.evaluate("image => image.naturalWidth") > 0
        assert_region_lies_on(picture.locator(".region-line").bounding_box(), image.bounding_box())


def assert_region_lies_on(region: object, image: object) -> None:
    """The outline's box is the polygon's, in shares of the picture, to two pixels. The picture keeps
    its proportions in the middle of its box.
    """
    assert isinstance(region, dict)
    assert isinstance(image, dict)
    scale = min(image["width"] / PICTURE[0], image["height"] / PICTURE[1])
    width, height = PICTURE[0] * scale, PICTURE[1] * scale
    image = {
        "x": image["x"] + (image["width"] - width) / 2,
        "y": image["y"] + (image["height"] - height) / 2,
        "width": width,
        "height": height,
    }
    left, top = POLYGON[0]
    right, bottom = POLYGON[2]
    for edge, expected in (
        (region["x"], image["x"] + left * image["width"]),
        (region["y"], image["y"] + top * image["height"]),
        (region["x"] + region["width"], image["x"] + right * image["width"]),
        (region["y"] + region["height"], image["y"] + bottom * image["height"]),
    ):
        assert edge == pytest.approx(expected, abs=2)


def test_alerts_are_filtered_without_loading_the_page_anew(
    page: Page, rita: User, alert: Alert
) -> None:
    sign_in(page, rita)
    expect(page.locator(".alert-row")).to_have_count(1)
    page.evaluate("window.stillHere = true")
    page.get_by_label("State").select_option("decided")
    expect(page.get_by_text("No alert fits these filters")).to_be_visible()
    assert page.url.endswith("/alerts?state=decided&order=risk")
    assert page.evaluate("window.stillHere")
    page.go_back()
    expect(page.locator(".alert-row")).to_have_count(1)


def test_a_marketplace_imports_a_file_and_looks_at_its_webhooks(
    page: Page, marketplace: Marketplace, tmp_path: Path
) -> None:
    listed = tmp_path / "offers.csv"
    listed.write_text(
        "External ID;Seller ID;Title;Image URLs\n"
        "offer-1;s-1;A;https://img.example/a.png\noffer-2;;B;https://img.example/b.png\n"
        "offer-3;s-1;=C;https://img.example/c.png\n"
    )
    endpoint = WebhookEndpoint.objects.create(
        marketplace=marketplace,
        url="https://shop.example/webhooks",
        paused_at=timezone.now(),
        paused_why="It answered 410 Gone.",
    )
    with transaction.atomic():
        record_event(
            marketplace=marketplace,
            event_type=EventType.LISTING_HELD,
            listing_external_id="offer-1",
            payload={},
        )
    sign_in(page, factories.member(marketplace.organisation, "bella"))
    page.get_by_role("link", name="Imports").click()
    page.get_by_label("File").set_input_files(listed)
    assert_fits(page)
    page.get_by_role("button", name="Continue to the preview").click()
    expect(page.get_by_text("semicolon")).to_be_visible()
    expect(page.get_by_text("It begins like a spreadsheet formula.")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_text("Under way")).to_be_visible()
    run_import(job=ListingImport.objects.get())
    expect(page.get_by_text("3 of 3 rows")).to_be_visible()
    expect(page.get_by_text("seller_id:")).to_be_visible()
    assert_fits(page)

    page.get_by_role("link", name="Webhooks").click()
    expect(page.get_by_text("It answered 410 Gone.")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Resume").click()
    expect(
        page.get_by_text("The endpoint was resumed. Its pending deliveries are sent now.")
    ).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("The delivery is sent again.")).to_be_visible()
    assert Delivery.objects.get(endpoint=endpoint).state == "pending"


def test_alerts_are_decided_by_keyboard_alone(
    page: Page, rita: User, brand: Brand, marketplace: Marketplace
) -> None:
    first, second = (factories.alert(brand, marketplace, similarity=s) for s in (99, 90))
    sign_in(page, rita)
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/alerts/{first.pk}")
    page.keyboard.press("2")
    page.keyboard.press("d")
    page.wait_for_url(f"**/alerts/{second.pk}?decided={first.pk}")
    expect(page.get_by_text("Recorded for A bottle, nearly new: not infringing")).to_be_visible()
    page.keyboard.press("u")
    page.wait_for_url(f"**/alerts/{first.pk}")
    expect(page.get_by_role("button", name="Record the decision")).to_be_visible()
    assert_fits(page)
    assert not Decision.objects.exists()


def test_the_view_is_laid_over_the_listing_by_the_found_geometry(
    page: Page, rita: User, brand: Brand, marketplace: Marketplace
) -> None:
    quarter = [[0.5, 0, 0.25], [0, 0.5, 0.5], [0, 0, 1]]
    alert = factories.alert(brand, marketplace, homography=quarter)
    sign_in(page, rita)
    page.goto(f"/alerts/{alert.pk}")
    page.get_by_role("button", name="Slider").click()
    assert laid_in_shares(page) == pytest.approx((0.25, 0.5, 0.5, 0.5), abs=0.01)
    page.get_by_label("Share of the registered view").fill("30")
    assert "70%" in page.locator(".laid").evaluate("sheet => sheet.style.clipPath")
    page.get_by_role("button", name="Blink").click()
    expect(page.locator(".laid")).to_be_hidden()
    expect(page.locator(".laid")).to_be_visible()
    page.get_by_role("button", name="Zoom").click()
    plane = page.locator(".on-listing .plane")
    assert "scale(" in str(plane.get_attribute("style"))
    page.get_by_role("button", name="Side by side").click()
    expect(page.locator(".laid")).to_have_count(0)
    assert_fits(page)


def laid_in_shares(page: Page) -> tuple[float, ...]:
    """Left, top, width and height of the view's picture, in shares of the listing's."""
    image = page.locator(".laid img").bounding_box()
    sheet = page.locator(".laid").bounding_box()
    assert image
    assert sheet
    return (
        (image["x"] - sheet["x"]) / sheet["width"],
        (image["y"] - sheet["y"]) / sheet["height"],
        image["width"] / sheet["width"],
        image["height"] / sheet["height"],
    )


def test_a_decision_takes_one_screen_of_a_laptop(
    page: Page, rita: User, brand: Brand, marketplace: Marketplace
) -> None:
    made = [factories.alert(brand, marketplace, similarity=s) for s in (99, 98, 90, 88)]
    for alert in made[1:]:
        alert.listing.images.update(perceptual_hash=1)
        alert.match.view = made[1].match.view
        alert.match.save()
    sign_in(page, rita)
    page.goto(f"/alerts/{made[0].pk}")
    page.get_by_label("Needs more").check()
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url("**decided=**")
    expect(page.get_by_text("With 2 near-identical listings")).to_be_visible()
    if page.viewport_size == {"width": DESKTOP[0], "height": DESKTOP[1]}:
        below = page.locator(".evidence").evaluate("e => e.getBoundingClientRect().bottom")
        assert below <= DESKTOP[1]


def test_all_that_a_shelf_shows_is_outlined_and_named(
    page: Page, rita: User, brand: Brand, alert: Alert
) -> None:
    alert.match.further_polygons = [[[x + 0.2, y + 0.1] for x, y in POLYGON]]
    alert.match.save()
    for number in range(6):
        other = factories.view(factories.design(brand, f"Sparkling water {number}"))
        factories.match(alert.match.listing_image, other, similarity=92 - number)
    sign_in(page, rita)
    page.goto(f"/alerts/{alert.pk}")
    shelf = page.locator(".on-listing")
    expect(shelf.locator(".region-line")).to_have_count(2)
    expect(shelf.locator(".region-other")).to_have_count(6)
    expect(shelf.get_by_text("shown 2 times")).to_be_visible()
    assert_fits(page)
    if page.viewport_size == {"width": DESKTOP[0], "height": DESKTOP[1]}:
        below = page.locator(".evidence").evaluate("e => e.getBoundingClientRect().bottom")
        assert below <= DESKTOP[1]
    page.get_by_role("link", name="Sparkling water 0", exact=True).click()
    expect(shelf.locator(".region-line")).to_have_count(1)
    expect(page.get_by_text("Sparkling water 0, view 1", exact=True)).to_be_visible()


def three_alike(brand: Brand, marketplace: Marketplace) -> list[Alert]:
    """On one picture, against one design."""
    made = [factories.alert(brand, marketplace, similarity=99 - n) for n in range(3)]
    for alert in made:
        alert.listing.images.update(perceptual_hash=1)
        alert.match.view = made[0].match.view
        alert.match.save()
    return made


def test_a_cluster_is_decided_with_one_action_and_undone(
    page: Page, rita: User, brand: Brand, marketplace: Marketplace
) -> None:
    made = three_alike(brand, marketplace)
    sign_in(page, rita)
    page.goto(f"/alerts/{made[0].pk}")
    page.locator(".cluster input").last.uncheck()
    page.get_by_label("Infringing", exact=False).first.check()
    page.get_by_label("Reason").select_option("design_copied")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url("**decided=**")
    expect(page.get_by_text("Decided with 1 near-identical listing.")).to_be_visible()
    assert Decision.objects.count() == 2
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Record the decision")).to_be_visible()
    assert not Decision.objects.exists()


def test_a_cluster_leaves_out_whose_seller_appealed_and_says_so(
    page: Page, rita: User, brand: Brand, marketplace: Marketplace
) -> None:
    made = three_alike(brand, marketplace)
    ground = Appeal.Ground.LICENSED
    appeal = appeal_listing(listing=made[1].listing, ground=ground, text="", by=factories.staff())
    sign_in(page, rita)
    page.goto(f"/alerts/{made[0].pk}")
    page.get_by_text("1 near-identical listing is left out").click()
    expect(page.get_by_text("its seller appealed")).to_be_visible()
    page.get_by_label("Genuine goods").check()
    expect(page.get_by_text("are recorded for this listing only")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url("**decided=**")
    expect(page.get_by_text("the decision is true of one seller only")).to_be_visible()
    assert Decision.objects.get().alert == made[0]
    assert Appeal.objects.get(pk=appeal.pk).state == "open"


def test_one_listing_and_two_brands_stand_and_are_appealed_apart(
    page: Page, rita: User, alert: Alert
) -> None:
    umbra = factories.brand(factories.organisation("Umbra Works"), "Umbra")
    other = factories.claim_too(alert, umbra)
    assess_listing(listing=alert.listing)
    ground, staff = Appeal.Ground.OTHER, factories.staff()
    appeal_listing(listing=alert.listing, brand=umbra.pk, ground=ground, text="", by=staff)
    sign_in(page, rita)
    page.get_by_role("link", name="Appeals").click()
    expect(page.get_by_text("against the claim of Umbra")).to_be_visible()
    page.get_by_role("link", name="A bottle, nearly new").click()
    page.wait_for_url(f"**/alerts/{other.pk}")
    page.get_by_label("Grant it").check()
    page.get_by_role("button", name="Decide the appeal").click()
    standing = page.locator("#standing")
    expect(standing.locator("div", has_text="In total").get_by_text("Held")).to_be_visible()
    expect(
        standing.locator("div", has_text="By the claim of Umbra").get_by_text("Allowed")
    ).to_be_visible()
    expect(
        standing.locator("div", has_text="By the claim of Fizz").get_by_text("Held")
    ).to_be_visible()
    assert_fits(page)
    assert Listing.objects.get(pk=alert.listing_id).verdict == "hold"


def test_a_decision_is_undone_in_time_and_corrected_after(
    page: Page, rita: User, alert: Alert
) -> None:
    sign_in(page, rita)
    page.goto(f"/alerts/{alert.pk}")
    decide(page)
    undo = page.get_by_role("button", name="Undo")
    expect(undo.locator(".countdown")).to_have_text(re.compile(r"^\d+$"))
    page.evaluate("document.querySelector('[data-until]').dataset.until = new Date(0)")
    expect(undo).to_be_hidden()
    Decision.objects.update(effective_at=timezone.now())
    apply_decisions()
    page.evaluate("document.querySelector('form.undo').submit()")  # a page that was left open
    expect(page.get_by_text("To correct it, reopen the alert with a reason.")).to_be_visible()
    page.goto(f"/alerts/{alert.pk}")
    expect(undo).to_have_count(0)
    page.get_by_text("Correct this decision").click()
    page.get_by_label("What was wrong with the decision?").fill("Another bottle.")
    page.get_by_role("button", name="Reopen the alert").click()
    expect(page.get_by_text("Revoked by rita: Another bottle.")).to_be_visible()
    expect(page.get_by_role("button", name="Record the decision")).to_be_visible()
    assert_fits(page)
    assert Listing.objects.get(pk=alert.listing_id).verdict == "hold"


def test_an_appeal_is_decided_by_another_reviewer(
    page: Page, rita: User, alert: Alert, marketplace: Marketplace
) -> None:
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    Decision.objects.update(effective_at=timezone.now())
    apply_decisions()
    listing = Listing.objects.get(pk=alert.listing_id)
    staff = factories.staff()
    appeal_listing(listing=listing, ground=Appeal.Ground.GENUINE_GOODS, text="A receipt.", by=staff)
    sign_in(page, factories.member(factories.operator(), "rob", role="reviewer"))
    page.get_by_role("link", name="Appeals").click()
    expect(page.get_by_text("left").first).to_be_visible()
    assert_fits(page)
    page.get_by_role("link", name="A bottle, nearly new").click()
    expect(page.get_by_text("A receipt.")).to_be_visible()
    page.get_by_label("Grant it").check()
    page.get_by_label("Note to the seller").fill("The receipt is in order.")
    page.get_by_role("button", name="Decide the appeal").click()
    expect(page.get_by_text("The appeal was decided. The marketplace is notified.")).to_be_visible()
    expect(page.locator("#standing").get_by_text("Allowed").first).to_be_visible()
    assert Appeal.objects.get().state == "granted"


def test_a_right_is_verified_at_the_desk_and_a_hold_follows(
    page: Page, alice: User, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "detection.operations.portal.operations.waiting_in", lambda names: dict.fromkeys(names, 0)
    )  # there is no broker here
    Right.objects.update(state="submitted", verified_at=None, verified_by=None)
    reassess_brands()
    Reassessment.objects.all().delete()
    settle(alert)
    sign_in(page, factories.staff())
    expect(page.get_by_role("heading", name="Operations")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="trade mark").first.click()
    expect(page.get_by_text("was verified.")).to_be_visible()
    reassess_brands()
    alert.listing.refresh_from_db()
    assert alert.listing.verdict == "hold"
    assert alice


def settle(alert: Alert) -> None:
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=alert.listing_id)
        assess_listing(listing=listing)
    listing.refresh_from_db()
    assert listing.verdict == "allow"


def test_another_threshold_is_tried(page: Page, rita: User, alert: Alert) -> None:
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    sign_in(page, rita)
    page.get_by_role("link", name="Threshold").click()
    expect(page.get_by_text("Fizz: holds from 85")).to_be_visible()
    page.get_by_label("Try the threshold").fill("95")
    page.get_by_label("Try the threshold").press("Tab")
    expect(page.get_by_text("tried at 95")).to_be_visible()
    expect(page.get_by_role("row", name="Infringing, but missed 0 1")).to_be_visible()
    assert_fits(page)


def test_a_review_in_chinese(page: Page, rita: User, alert: Alert) -> None:
    sign_in(page, rita)
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("heading", name="警报", exact=True)).to_be_visible()
    assert_fits(page)
    page.get_by_role("link", name="A bottle, nearly new").click()
    page.get_by_label("不侵权").check()
    assert_fits(page)
    page.get_by_role("button", name="记录裁定").click()
    expect(page.get_by_role("button", name="撤销")).to_be_visible()
    assert Decision.objects.get(alert=alert).outcome == "not_infringing"
