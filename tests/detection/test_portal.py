"""Alice owns the brand, Bob is on her team, Charlie is a stranger, Rita reviews."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Marketplace, Organisation
from detection.intake.models import Listing, ListingImage
from detection.review.actions.appeal import appeal_listing
from detection.review.actions.decide import decide_alert
from detection.review.models import Alert, Appeal, Decision
from detection.review.portal.evidence import Evidence
from fingerprints.models import Brand, DesignImage
from tests import factories
from vision.pictures.in_part import DAMAGED

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE
)


@pytest.fixture
def alert(brand: Brand, marketplace: Marketplace) -> Alert:
    return factories.alert(brand, marketplace)


@pytest.fixture
def page(alert: Alert) -> str:
    return reverse("alert", args=[alert.pk])


@pytest.fixture
def decision(alert: Alert) -> str:
    return reverse("decide-alert", args=[alert.pk])


# --- who sees what ----------------------------------------------------------------------------
def test_an_alert_is_seen_by_the_team_and_the_reviewer(
    page: str, as_alice: Client, as_bob: Client, as_rita: Client
) -> None:
    for client in (as_alice, as_bob, as_rita):
        text = client.get(page).text
        assert "A bottle, nearly new" in text
        assert not INLINE.search(text)


def test_a_stranger_finds_no_alert(page: str, decision: str, as_charlie: Client) -> None:
    assert as_charlie.get(page).status_code == 404
    assert as_charlie.post(decision, {"outcome": "genuine_goods"}).status_code == 404
    assert "A bottle" not in as_charlie.get(reverse("alerts")).text


def test_nobody_is_sent_to_sign_in(page: str, decision: str) -> None:
    for url in (page, reverse("alerts"), reverse("home")):
        assert Client().get(url).headers["Location"] == f"/sign-in?next={url}"
    assert Client().post(decision, {"outcome": "genuine_goods"}).status_code == 302
    assert Client().post(decision, headers=HTMX).headers["HX-Redirect"] == "/sign-in?next=/"
    assert not Decision.objects.exists()


def test_pictures_are_for_those_who_see_the_alert(
    alert: Alert, as_alice: Client, as_bob: Client, as_rita: Client, as_charlie: Client
) -> None:
    view, image = alert.match.view_id, alert.match.listing_image_id
    for name, pk in (("design", view), ("listing", image)):
        for size in ("picture", "thumbnail"):
            url = reverse(f"{name}-{size}", args=[pk])
            for client in (as_alice, as_bob, as_rita):
                response = client.get(url)
                assert response.status_code == 200
                assert response.headers["Content-Type"] == "image/jpeg"
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert "private" in response.headers["Cache-Control"]
                assert response.getvalue().startswith(b"\xff\xd8\xff")
            assert as_charlie.get(url).status_code == 404
            assert Client().get(url).status_code == 404


def test_a_reviewer_sees_no_design_without_an_alert(
    alert: Alert, as_rita: Client, as_alice: Client
) -> None:
    other = factories.view(factories.design(alert.brand, "Secret"))
    url = reverse("design-thumbnail", args=[other.pk])
    assert as_rita.get(url).status_code == 404
    assert as_alice.get(url).status_code == 200


def test_another_brands_view_on_the_same_listing_stays_hidden(
    alert: Alert, as_alice: Client
) -> None:
    theirs = factories.view(factories.design(factories.brand(factories.organisation("Theirs"))))
    factories.match(alert.match.listing_image, theirs)
    assert as_alice.get(reverse("design-picture", args=[theirs.pk])).status_code == 404


def test_a_picture_that_is_not_made_yet_is_not_found(alert: Alert, as_alice: Client) -> None:
    DesignImage.objects.update(preview="")
    ListingImage.objects.update(preview="lost/preview.jpg")
    for name, pk in (
        ("design-picture", alert.match.view_id),
        ("listing-thumbnail", alert.match.listing_image_id),
    ):
        assert as_alice.get(reverse(name, args=[pk])).status_code == 404


def test_who_claims_the_design_is_told_why_there_is_no_decision_to_take(
    page: str, decision: str, as_alice: Client
) -> None:
    text = as_alice.get(page).text
    assert "the decision is for a reviewer" in text
    assert decision not in text
    assert (
        as_alice.post(decision, {"outcome": "infringing", "reason": "design_copied"}).status_code
        == 403
    )
    assert not Decision.objects.exists()


def test_an_unverified_organisation_is_told_that_nothing_is_held(
    page: str, acme: Organisation, as_alice: Client, as_rita: Client
) -> None:
    Organisation.objects.filter(pk=acme.pk).update(verified_at=None, verified_by=None)
    assert "nobody but you sees this alert" in as_alice.get(page).text
    assert as_rita.get(page).status_code == 404


def test_an_alert_gives_the_reasons_that_speak_of_its_own_brand(
    alert: Alert, page: str, as_alice: Client
) -> None:
    alert.listing.reasons = [
        {"brand_id": str(alert.brand_id), "rule": "awaits_review", "text": "Held for Fizz."},
        {"brand_id": str(uuid4()), "rule": "awaits_review", "text": "Held for Rival."},
    ]
    alert.listing.save()
    told = as_alice.get(page).text
    assert "Held for Fizz." in told
    assert "Held for Rival." not in told


# --- the evidence -----------------------------------------------------------------------------
def test_both_pictures_carry_the_matching_region(alert: Alert, page: str, as_rita: Client) -> None:
    text = as_rita.get(page).text
    assert reverse("listing-picture", args=[alert.match.listing_image_id]) in text
    assert reverse("design-picture", args=[alert.match.view_id]) in text
    assert text.count('class="region-line" points="24,16 144,16 144,128 24,128"') == 2
    assert text.count('width="240" height="160"') == 2


def test_what_the_similarity_is_made_of_is_shown(page: str, as_rita: Client) -> None:
    text = as_rita.get(page).text
    for part in (
        "93.5",
        "0.81",
        "64",
        "mirrored, turned by -12°, cropped to 60% of the view",
        "Copy",
        "held from 85",
    ):
        assert part in text, part


def test_another_match_with_the_brand_can_be_looked_at(
    alert: Alert, page: str, as_rita: Client
) -> None:
    second = factories.view(alert.match.view.design, position=1)
    other = factories.match(
        alert.match.listing_image,
        second,
        similarity=71.5,
        evidence={"copy": {"cosine": 0.33, "inliers": 12}},
    )
    assert f"{page}?match={other.pk}" in as_rita.get(page).text
    chosen = as_rita.get(f"{page}?match={other.pk}").text
    assert reverse("design-picture", args=[second.pk]) in chosen
    assert "0.33" in chosen
    theirs = factories.view(factories.design(factories.brand(factories.organisation("Theirs"))))
    hidden = factories.match(alert.match.listing_image, theirs)
    assert as_rita.get(f"{page}?match={hidden.pk}").status_code == 404


def test_a_match_of_one_look_shows_that_one_and_says_which(
    alert: Alert, page: str, as_rita: Client, as_charlie: Client
) -> None:
    rendition = factories.rendition(alert.match.listing_image, frame=7, milliseconds=1400)
    alert.match.rendition = rendition
    alert.match.save()
    text = as_rita.get(page).text
    assert reverse("rendition-picture", args=[rendition.pk]) in text
    assert "frame 8, shown from second 1.4 on, transparent, as a dark page shows it" in text
    assert (
        reverse("rendition-thumbnail", args=[rendition.pk]) in as_rita.get(reverse("alerts")).text
    )
    for name in ("rendition-picture", "rendition-thumbnail"):
        url = reverse(name, args=[rendition.pk])
        assert as_rita.get(url).getvalue().startswith(b"\xff\xd8")
        assert as_charlie.get(url).status_code == 404


def test_a_refused_picture_of_the_listing_says_why(
    alert: Alert, page: str, as_rita: Client
) -> None:
    error = {"code": "x", "message": "It is damaged.", "remedy": "Send the whole file again."}
    factories.listing_image(
        alert.listing, position=1, state="refused", error=error, preview="", name="broken.png"
    )
    text = as_rita.get(page).text
    assert "broken.png: It is damaged." in text
    assert "picture 1 of 2" in text
    assert "1 of 2" in text


def test_a_picture_of_which_a_part_was_looked_at_says_so(
    alert: Alert, page: str, as_rita: Client
) -> None:
    factories.listing_image(alert.listing, position=1, warnings=[DAMAGED], name="cut.jpg")
    assert "cut.jpg: The file is damaged: only what can still be seen" in as_rita.get(page).text


def test_the_address_of_a_listing_leaks_nothing_to_where_it_leads(
    alert: Alert, page: str, as_rita: Client
) -> None:
    alert.listing.url = "https://bazaar.example/1"
    alert.listing.save()
    link = re.search(r'<a href="https://bazaar.example/1"([^>]*)>', as_rita.get(page).text)
    assert link
    assert "noopener noreferrer" in link[1]


# --- deciding ---------------------------------------------------------------------------------
def test_a_decision_by_a_plain_form_leads_back_to_the_alert(
    alert: Alert, page: str, decision: str, as_rita: Client
) -> None:
    given = {"outcome": "infringing", "reason": "design_copied", "note": "Same cap,\nsame label."}
    assert as_rita.post(decision, given).headers["Location"] == page
    alert.refresh_from_db()
    assert (alert.state, alert.decision.outcome) == ("decided", "infringing")
    text = as_rita.get(page).text
    assert "by rita" in text
    assert "Same cap,<br>same label." in text
    assert f'action="{decision}"' not in text


def test_a_decision_by_htmx_replaces_what_it_changes(decision: str, as_rita: Client) -> None:
    response = as_rita.post(decision, {"outcome": "genuine_goods"}, headers=HTMX)
    assert response.status_code == 200
    assert "<html" not in response.text
    assert "Genuine goods" in response.text
    for part in ('<section id="review"', '<section id="standing"', '<span id="open-alerts"'):
        assert response.text.count(part) == 1, part


def test_needs_more_leaves_the_alert_open(
    alert: Alert, page: str, decision: str, as_rita: Client
) -> None:
    as_rita.post(decision, {"outcome": "needs_more", "note": "Ask for the invoice."})
    alert.refresh_from_db()
    assert alert.state == Alert.State.OPEN
    text = as_rita.get(page).text
    assert "Ask for the invoice." in text
    assert f'action="{decision}"' in text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_decision_that_comes_second_shows_the_one_that_stands(
    headers: dict[str, str], alert: Alert, decision: str, as_rita: Client
) -> None:
    quick = factories.member(factories.operator(), "quick", role="reviewer")
    decide_alert(alert=alert, outcome=Decision.Outcome.GENUINE_GOODS, note="", by=quick)
    response = as_rita.post(
        decision, {"outcome": "infringing", "reason": "design_copied"}, headers=headers
    )
    assert response.status_code == 409
    assert "This was decided already." in response.text
    assert "by quick" in response.text
    assert ("<html" in response.text) == (not headers)
    assert Decision.objects.get().outcome == "genuine_goods"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_decision_without_an_outcome_is_asked_for(
    headers: dict[str, str], decision: str, as_rita: Client
) -> None:
    response = as_rita.post(decision, {"note": "Kept."}, headers=headers)
    assert response.status_code == 422
    assert "Choose one of the decisions." in response.text
    assert "Kept." in response.text


def test_a_reviewer_goes_on_to_the_next_open_alert(
    page: str, decision: str, brand: Brand, marketplace: Marketplace, as_rita: Client
) -> None:
    factories.alert(brand, marketplace, similarity=88)
    likeliest = factories.alert(brand, marketplace, similarity=99)
    response = as_rita.post(decision, {"outcome": "genuine_goods"}, headers=HTMX)
    assert response["HX-Redirect"].startswith(reverse("alert", args=[likeliest.pk]))


def test_the_next_alert_undoes_what_led_to_it(
    alert: Alert,
    decision: str,
    brand: Brand,
    marketplace: Marketplace,
    as_rita: Client,
    settings: Settings,
) -> None:
    settings.UNDO_SECONDS = 30
    factories.alert(brand, marketplace)
    there = as_rita.post(decision, {"outcome": "genuine_goods"}, follow=True)
    assert "Recorded for A bottle, nearly new: genuine goods (resale)." in there.text
    assert reverse("undo-decision", args=[alert.pk]) in there.text
    assert as_rita.post(reverse("undo-decision", args=[alert.pk])).status_code == 302
    assert not Decision.objects.exists()


def test_an_alert_of_an_earlier_revision_is_not_open_work(alert: Alert, as_rita: Client) -> None:
    open_ones = f"{reverse('alerts')}?state=open"
    assert "A bottle" in as_rita.get(open_ones).text
    Listing.objects.update(superseded_at=timezone.now())
    assert "A bottle" not in as_rita.get(open_ones).text
    assert "A bottle" in as_rita.get(reverse("alerts")).text


# --- claims ---------------------------------------------------------------------------------
@pytest.fixture
def as_rob(rita: User) -> Client:
    return factories.signed_in(factories.member(factories.operator(), "rob", role="reviewer"))


def test_two_reviewers_never_work_on_the_same_alert(
    page: str, decision: str, as_rita: Client, as_rob: Client
) -> None:
    as_rita.get(page)
    shown = as_rob.get(page).text
    assert "rita is looking at this alert" in shown
    assert "Record the decision" not in shown
    assert as_rob.post(decision, {"outcome": "genuine_goods"}).status_code == 409
    assert not Decision.objects.exists()
    assert as_rita.post(decision, {"outcome": "genuine_goods"}).status_code == 302


def test_a_claim_ends_by_itself(page: str, decision: str, as_rita: Client, as_rob: Client) -> None:
    as_rita.get(page)
    Alert.objects.update(locked_until=timezone.now())
    assert "Record the decision" in as_rob.get(page).text
    assert "rob is looking" in as_rita.get(page).text


def test_what_somebody_looks_at_is_nobody_else_s_next(
    page: str, brand: Brand, marketplace: Marketplace, as_rita: Client, as_rob: Client
) -> None:
    other = factories.alert(brand, marketplace)
    as_rob.get(reverse("alert", args=[other.pk]))
    assert reverse("alert", args=[other.pk]) not in as_rita.get(page).text


def test_an_owner_who_looks_claims_nothing(page: str, as_alice: Client, as_rita: Client) -> None:
    as_alice.get(page)
    assert Alert.objects.get().locked_by is None


# --- the list ---------------------------------------------------------------------------------
@pytest.fixture
def alerts(alert: Alert, acme: Organisation, marketplace: Marketplace) -> list[Alert]:
    """The second is another brand's, decided, resembling, elsewhere and weaker."""
    elsewhere = factories.marketplace("Souk", admits=[acme])
    other = factories.alert(
        factories.brand(acme, "Pop"), elsewhere, similarity=86.0, match_kind="resemblance"
    )
    other.listing.title, other.listing.seller_id = "A lamp", "seller-2"
    other.listing.save()
    rita = factories.member(factories.operator(), "decider", role="reviewer")
    decide_alert(alert=other, outcome=Decision.Outcome.GENUINE_GOODS, note="", by=rita)
    return [alert, other]


def test_the_list_names_what_matters(alerts: list[Alert], as_alice: Client) -> None:
    text = as_alice.get(reverse("alerts")).text
    assert not INLINE.search(text)
    assert text.index("A lamp") < text.index("A bottle, nearly new")
    for part in ("seller-1 on Bazaar", "93.5", "Resemblance", "Genuine goods", "Open"):
        assert part in text, part


@pytest.mark.parametrize(
    "given",
    [
        "state=open",
        "match_kind=copy",
        "similarity=90",
        "brand={0}",
        "marketplace={1}",
        "seller=seller-1",
    ],
)
def test_filters_live_in_the_address(given: str, alerts: list[Alert], as_alice: Client) -> None:
    asked = given.format(alerts[0].brand_id, alerts[0].listing.marketplace_id)
    text = as_alice.get(f"{reverse('alerts')}?{asked}").text
    assert "A bottle" in text
    assert "A lamp" not in text


def test_alerts_of_the_last_days_alone(alerts: list[Alert], as_alice: Client) -> None:
    Alert.objects.filter(pk=alerts[1].pk).update(raised_at=timezone.now() - timedelta(days=9))
    since = (timezone.now() - timedelta(days=3)).date()
    text = as_alice.get(f"{reverse('alerts')}?since={since}").text
    assert "A bottle" in text
    assert "A lamp" not in text


def test_the_queue_is_ordered_by_risk_and_paged_by_key(
    brand: Brand, marketplace: Marketplace, as_rita: Client
) -> None:
    made = [factories.alert(brand, marketplace, similarity=70 + n) for n in range(27)]
    first = as_rita.get(f"{reverse('alerts')}?state=open&order=risk").text
    assert reverse("alert", args=[made[-1].pk]) in first
    assert reverse("alert", args=[made[0].pk]) not in first
    older = re.search(r'hx-get="([^"]+before=[^"]+)"', first)
    assert older
    rest = as_rita.get(older[1].replace("&amp;", "&")).text
    assert rest.count('class="alert-row') == 2
    assert reverse("alert", args=[made[0].pk]) in rest


@pytest.mark.parametrize("order", ["", "risk"])
def test_the_queue_has_a_row_a_listing_with_its_claims_inside(
    order: str, alert: Alert, as_rita: Client
) -> None:
    umbra = factories.brand(factories.organisation("Umbra Works"), "Umbra")
    other = factories.claim_too(alert, umbra, similarity=88)
    page = as_rita.get(f"{reverse('alerts')}?order={order}").text
    assert page.count('class="alert-row') == 1
    assert page.count('class="claims"') == 1
    for claim in (alert, other):
        assert page.count(reverse("alert", args=[claim.pk])) == 1
    of_umbra = as_rita.get(f"{reverse('alerts')}?brand={umbra.pk}").text
    assert of_umbra.index("Umbra ") < of_umbra.index('class="claims"')


def test_a_claimant_sees_no_other_s_claim_in_it(alert: Alert, as_alice: Client) -> None:
    factories.claim_too(alert, factories.brand(factories.organisation("Umbra Works"), "Umbra"))
    assert "Umbra" not in as_alice.get(reverse("alerts")).text


def test_those_who_see_an_alert_talk_about_it(
    alert: Alert, page: str, as_bob: Client, as_rita: Client, as_charlie: Client
) -> None:
    said = reverse("comment-alert", args=[alert.pk])
    as_bob.post(said, {"text": "Our cap has a ring."})
    assert "Our cap has a ring." in as_rita.get(page).text
    assert "nothing was recorded" in as_bob.post(said, {"text": ""}, follow=True).text
    assert as_charlie.post(said, {"text": "Hello."}).status_code == 404
    assert AuditEvent.objects.filter(action="alert.commented").count() == 1


def test_a_filter_that_makes_no_sense_is_told_of(alerts: list[Alert], as_alice: Client) -> None:
    text = as_alice.get(f"{reverse('alerts')}?similarity=high&brand=x&state=odd").text
    assert "Enter a number." in text
    assert "A lamp" in text


def test_filters_offer_only_what_the_person_sees(
    alerts: list[Alert], as_charlie: Client, as_alice: Client
) -> None:
    assert "Souk" in as_alice.get(reverse("alerts")).text
    assert "Souk" not in as_charlie.get(reverse("alerts")).text


def test_filtering_by_htmx_sends_the_results_and_a_clean_address(
    alerts: list[Alert], as_alice: Client
) -> None:
    response = as_alice.get(
        f"{reverse('alerts')}?state=open&brand=", headers=HTMX | {"HX-Target": "results"}
    )
    assert response.headers["HX-Push-Url"] == "/alerts?state=open"
    assert response.text.strip().startswith('<section id="results"')


def test_alerts_are_paged_by_key(
    alert: Alert, brand: Brand, marketplace: Marketplace, as_rita: Client
) -> None:
    for number in range(26):
        made = factories.alert(brand, marketplace)
        Alert.objects.filter(pk=made.pk).update(
            raised_at=timezone.now() + timedelta(minutes=number)
        )
    url = f"{reverse('alerts')}?state=open"
    first = as_rita.get(url).text
    older = re.search(r'hx-get="([^"]+before=[^"]+)"', first)
    assert older
    link = older[1].replace("&amp;", "&")
    assert "state=open" in link
    rows = as_rita.get(link, headers=HTMX | {"HX-Target": "older"}).text
    assert rows.count('class="alert-row') == 2
    assert "<section" not in rows
    assert reverse("alert", args=[alert.pk]) in rows
    assert 'id="older"' not in rows
    assert as_rita.get(link).text.count('class="alert-row') == 2


def test_the_list_takes_the_same_queries_however_long(
    alert: Alert,
    brand: Brand,
    marketplace: Marketplace,
    as_rita: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(10):
        as_rita.get(reverse("alerts"))
    for _ in range(4):
        factories.alert(brand, marketplace)
    with django_assert_num_queries(10):
        as_rita.get(reverse("alerts"))


def test_the_header_counts_open_alerts(
    alerts: list[Alert], as_alice: Client, as_charlie: Client, charlie: User
) -> None:
    assert re.search(r'class="count">1<', as_alice.get(reverse("brands")).text)
    assert 'class="count"' not in as_charlie.get(reverse("brands")).text


# --- appeals ---------------------------------------------------------------------------------
@pytest.fixture
def appeal(alert: Alert) -> Appeal:
    return appeal_listing(
        listing=alert.listing,
        ground=Appeal.Ground.GENUINE_GOODS,
        text="Bought in Lyon.",
        by=factories.staff(),
    )


def test_a_reviewer_sees_appeals_and_decides_them(
    alert: Alert, appeal: Appeal, as_rita: Client
) -> None:
    assert "Bought in Lyon." in as_rita.get(reverse("appeals")).text
    page = as_rita.get(reverse("alert", args=[alert.pk])).text
    assert "Decide the appeal" in page
    where = reverse("decide-appeal", args=[appeal.pk])
    assert "nothing was recorded" in as_rita.post(where, {}, follow=True).text
    said = as_rita.post(where, {"outcome": "granted", "note": "The receipt."}, follow=True).text
    assert "The appeal is decided" in said
    assert Appeal.objects.get().state == "granted"
    again = as_rita.post(where, {"outcome": "denied"}, follow=True).text
    assert "decided already" in again


def test_the_first_decider_is_not_offered_the_appeal(
    alert: Alert, rita: User, as_rita: Client
) -> None:
    factories.member(factories.operator(), "rob", role="reviewer")
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    listing = Listing.objects.get()
    made = appeal_listing(
        listing=listing, ground=Appeal.Ground.OTHER, text="", by=factories.staff()
    )
    assert "Decide the appeal" not in as_rita.get(reverse("alert", args=[alert.pk])).text
    where = reverse("decide-appeal", args=[made.pk])
    as_rita.post(where, {"outcome": "denied"})
    assert Appeal.objects.get().state == "open"


def test_an_owner_and_a_stranger_decide_no_appeal(
    alert: Alert, appeal: Appeal, as_alice: Client, as_charlie: Client
) -> None:
    where = reverse("decide-appeal", args=[appeal.pk])
    for client in (as_alice, as_charlie):
        assert "Bought in Lyon." not in client.get(reverse("appeals")).text
        assert client.post(where, {"outcome": "granted"}).status_code == 404


# --- the overview ------------------------------------------------------------------------------
def test_an_owner_sees_what_became_of_the_claims(
    alert: Alert, brand: Brand, marketplace: Marketplace, rita: User, as_alice: Client
) -> None:
    decide_alert(
        alert=alert, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    other = factories.alert(brand, marketplace)
    decide_alert(alert=other, outcome=Decision.Outcome.NOT_INFRINGING, note="", by=rita)
    page = as_alice.get(reverse("overview")).text
    assert re.search(r"Judged by reviewers</dt><dd>2<", page)
    assert "(50%)" in page
    assert re.search(r'Bazaar</th><td class="bar-cell">.*</td><td>2</td><td>1</td>', page)
    brand_page = as_alice.get(f"{reverse('overview')}?brand={brand.pk}&days=364").text
    assert "Alerts by week" in brand_page
    assert as_alice.get(reverse("overview"), {"days": 5}).status_code == 200
    assert not INLINE.search(page)


def test_a_stranger_and_a_reviewer_see_none_of_it(
    alert: Alert, as_charlie: Client, as_rita: Client
) -> None:
    for client in (as_charlie, as_rita):
        assert "Bazaar" not in client.get(reverse("overview")).text


def test_the_csv_runs_nothing_in_a_spreadsheet(alert: Alert, as_alice: Client) -> None:
    Listing.objects.update(seller_id="=HYPERLINK(1)")
    lines = as_alice.get(reverse("overview"), {"format": "csv"}).text.splitlines()
    assert len(lines) == 2
    assert "'=HYPERLINK(1)" in lines[1]


def test_the_overview_takes_the_same_queries_however_many_alerts(
    alert: Alert,
    brand: Brand,
    marketplace: Marketplace,
    as_alice: Client,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(3):
        factories.alert(brand, marketplace)
    with django_assert_max_num_queries(20):
        as_alice.get(reverse("overview"))


def test_a_mark_s_evidence_is_told_by_its_shape(brand: Brand, marketplace: Marketplace) -> None:
    said = {"logo": {"cosine": 0.8, "outline": 0.97, "overlap": 0.9, "correlation": 0.95}}
    alert = factories.alert(
        brand, marketplace, channel="logo", evidence=said, match_kind="same_design", edit={}
    )
    found = Evidence(alert.match)
    assert [value for _, value in found.made_of] == ["97 %", "90 %"]
    assert "registered logo" in str(found.meaning)


def test_a_solid_s_evidence_is_told_by_its_three_signs(
    brand: Brand, marketplace: Marketplace
) -> None:
    said = {"object": {"likeness": 0.81, "cosine": 0.83, "colours": 0.9}}
    alert = factories.alert(
        brand, marketplace, channel="object", evidence=said, match_kind="resemblance", edit={}
    )
    assert [value for _, value in Evidence(alert.match).made_of] == ["0.81", "0.83", "90 %"]
