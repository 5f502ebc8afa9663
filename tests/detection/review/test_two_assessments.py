"""One listing, two brands: each claim stands, is decided and is appealed by itself."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from accounts.models import Marketplace
from detection.delivery.models import Event
from detection.intake.models import Listing
from detection.review.actions.appeal import NamesNoRestriction, appeal_listing, decide_appeal
from detection.review.actions.assess import assess_listing
from detection.review.actions.decide import decide_alert
from detection.review.models import Alert, Appeal, Decision
from fingerprints.models import Brand
from tests import factories

GRANTED, DENIED = Appeal.Outcome.GRANTED, Appeal.Outcome.DENIED
type Claims = tuple[Alert, Alert]


@pytest.fixture
def assessments(brand: Brand, marketplace: Marketplace) -> Claims:
    """Of Fizz and of Umbra."""
    of_fizz = factories.alert(brand, marketplace)
    umbra = factories.brand(factories.organisation("Umbra Works"), "Umbra")
    of_umbra = factories.claim_too(of_fizz, umbra)
    assess_listing(listing=of_fizz.listing)
    return Alert.objects.get(pk=of_fizz.pk), Alert.objects.get(pk=of_umbra.pk)


def appealed(assessment: Alert) -> Appeal:
    return appeal_listing(
        listing=assessment.listing,
        brand=assessment.brand_id,
        ground=Appeal.Ground.OTHER,
        text="",
        by=factories.staff(),
    )


def cleared(assessment: Alert, by: User) -> None:
    decide_alert(alert=assessment, outcome=Decision.Outcome.NOT_INFRINGING, note="", by=by)


def standing(assessments: Claims) -> tuple[str, list[str]]:
    """Of the listing, and of each claim."""
    now = [Alert.objects.get(pk=assessment.pk).verdict for assessment in assessments]
    return Listing.objects.get(pk=assessments[0].listing_id).verdict, now


def restrictions_told() -> list[str]:
    """By the latest event that says so."""
    events = Event.objects.filter(payload__has_key="restrictions").order_by("number")
    return [one["brand"] for one in list(events)[-1].payload["restrictions"]]


def test_an_appeal_granted_lifts_the_restriction_it_names_and_no_other(
    assessments: Claims, rita: User
) -> None:
    decide_appeal(appeal=appealed(assessments[1]), outcome=GRANTED, note="", by=rita)
    assert standing(assessments) == ("hold", ["hold", "allow"])
    assert restrictions_told() == ["Fizz"]
    decide_appeal(appeal=appealed(assessments[0]), outcome=GRANTED, note="", by=rita)
    assert standing(assessments) == ("allow", ["allow", "allow"])
    assert restrictions_told() == []


def test_it_names_one_where_several_restrict(assessments: Claims) -> None:
    with pytest.raises(NamesNoRestriction) as refused:
        appeal_listing(
            listing=assessments[0].listing,
            ground=Appeal.Ground.OTHER,
            text="",
            by=factories.staff(),
        )
    assert all(str(assessment.brand_id) in refused.value.remedy for assessment in assessments)


def test_it_is_never_against_a_claim_that_restricts_nothing(
    assessments: Claims, rita: User
) -> None:
    cleared(assessments[0], rita)
    with pytest.raises(NamesNoRestriction):
        appealed(assessments[0])
    assert appealed(assessments[1]).brand.name == "Umbra"


def test_what_lifts_one_restriction_settles_the_appeal_against_it_alone(
    assessments: Claims, rita: User
) -> None:
    appeals = [appealed(assessment) for assessment in assessments]
    cleared(assessments[0], rita)
    states = [Appeal.objects.get(pk=appeal.pk).state for appeal in appeals]
    assert states == ["settled", "open"]


def test_an_appeal_denied_leaves_the_other_open_to_appeal(assessments: Claims, rita: User) -> None:
    decide_appeal(appeal=appealed(assessments[0]), outcome=DENIED, note="", by=rita)
    assert appealed(assessments[1]).state == "open"


def test_who_decided_one_claim_may_hear_the_appeal_against_the_other(
    assessments: Claims, rita: User
) -> None:
    cleared(assessments[0], rita)
    assert decide_appeal(appeal=appealed(assessments[1]), outcome=DENIED, note="", by=rita)


def test_a_decision_says_what_still_restricts(assessments: Claims, rita: User) -> None:
    cleared(assessments[0], rita)
    assert restrictions_told() == ["Umbra"]


def test_a_statement_names_every_claim_that_restricts(assessments: Claims, rita: User) -> None:
    decide_alert(
        alert=assessments[0],
        outcome=Decision.Outcome.INFRINGING,
        reason="design_copied",
        note="",
        by=rita,
    )
    statement = Listing.objects.get(pk=assessments[0].listing_id).statement
    assert statement
    assert {fact["brand"] for fact in statement["facts"]} == {"Fizz", "Umbra"}
    assert statement["restriction"] == "disabled"


def test_a_page_says_where_the_listing_stands_by_each_claim_and_in_total(
    assessments: Claims, rita: User, as_rita: Client
) -> None:
    cleared(assessments[0], rita)
    page = as_rita.get(reverse("alert", args=[assessments[0].pk])).text
    stands = page.split('id="standing"')[1].split("</section>")[0]
    assert stands.index("In total") < stands.index("Held") < stands.index("claim of Fizz")
    assert stands.index("claim of Fizz") < stands.index("Allowed") < stands.index("claim of Umbra")


def test_a_claimant_learns_that_it_is_restricted_elsewhere_and_not_by_whom(
    assessments: Claims, rita: User, as_alice: Client
) -> None:
    cleared(assessments[0], rita)
    page = as_alice.get(reverse("alert", args=[assessments[0].pk])).text
    assert "Another claim restricts the listing" in page
    assert "Umbra" not in page


def test_the_api_names_each_restriction(assessments: Claims, rita: User) -> None:
    cleared(assessments[0], rita)
    of = assessments[0].listing.marketplace.organisation
    key = factories.api_key(of, factories.member(of, "mona"), "listings")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    listing = client.get(f"/api/v1/listings/{assessments[0].listing_id}").json()
    assert [(one["brand"], one["verdict"]) for one in listing["restrictions"]] == [
        ("Umbra", "hold")
    ]
    where = f"/api/v1/listings/{assessments[0].listing_id}/appeals"
    for brand, status in ((assessments[0].brand_id, 400), (assessments[1].brand_id, 201)):
        body = {"ground": "other", "brand": str(brand)}
        answer = client.post(where, body, content_type="application/json")
        assert answer.status_code == status
    assert answer.json()["brand_name"] == "Umbra"


def test_an_appeal_is_shown_with_the_claim_that_it_is_against(
    assessments: Claims, as_rita: Client
) -> None:
    appealed(assessments[1])
    page = as_rita.get(reverse("appeals")).text
    assert "against the claim of Umbra" in page
    assert reverse("alert", args=[assessments[1].pk]) in page
    assert "Decide the appeal" not in as_rita.get(reverse("alert", args=[assessments[0].pk])).text
    assert "Decide the appeal" in as_rita.get(reverse("alert", args=[assessments[1].pk])).text


def test_what_an_appeal_released_is_held_against_no_seller(
    assessments: Claims, rita: User, as_rita: Client
) -> None:
    rob = factories.member(factories.operator(), "rob", role="reviewer")
    decide_alert(
        alert=assessments[0],
        outcome=Decision.Outcome.INFRINGING,
        reason="design_copied",
        note="",
        by=rita,
    )
    decide_appeal(appeal=appealed(assessments[0]), outcome=GRANTED, note="", by=rob)
    page = as_rita.get(reverse("alert", args=[assessments[1].pk])).text
    assert "0 infringing, 1 cleared, 1 open" in page
    assert "Released on appeal" in as_rita.get(reverse("alerts")).text
