"""A listing of whose pictures some could not be looked at: held, or allowed with the mark, as its
marketplace chooses; matched anew when they are sent again.
"""

import pytest

from accounts.actions.admissions import NotYoursToAdmit, choose_incomplete
from accounts.models import AuditEvent, Marketplace
from detection.delivery.models import Event
from detection.intake.actions.fetch_images import fetch_images
from detection.intake.actions.ingest import Offer, ingest_listing
from detection.intake.actions.requeue import requeue_failed
from detection.intake.models import Listing
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher
from detection.review.actions.appeal import NothingToAppeal, appeal_listing
from detection.review.actions.reassess import reassess_incomplete
from detection.review.models import Appeal
from fingerprints.models import Brand
from tests import factories
from tests.detection.scenes import BOTTLE, COPY, UNRELATED, posted
from tests.matchers import enrolled
from tests.pictures import drawn, encoded

HOLD, ALLOW = Marketplace.Incomplete.HOLD, Marketplace.Incomplete.ALLOW
CUT = encoded(drawn(3))[:400]  # its header is in order, and hardly a line is there


def matched(listing: Listing, matcher: Matcher) -> Listing:
    match_listing(listing=listing, matcher=matcher)
    return Listing.objects.get(pk=listing.pk)


def chosen(marketplace: Marketplace, choice: Marketplace.Incomplete) -> None:
    choose_incomplete(marketplace=marketplace, choice=choice, by=factories.staff())
    marketplace.refresh_from_db()


@pytest.fixture
def incomplete(marketplace: Marketplace, matcher: Matcher) -> Listing:
    """Of its two pictures the second could not be looked at; the first shows nothing."""
    return matched(posted(marketplace, UNRELATED, CUT), matcher)


def latest() -> Event:
    return Event.objects.order_by("number").last()  # type: ignore[return-value] # there is one


def test_it_is_held_unless_its_marketplace_chose_otherwise(incomplete: Listing) -> None:
    assert (incomplete.verdict, incomplete.pictures_not_looked_at) == ("hold", 1)
    assert incomplete.reasons[-1]["rule"] == "pictures_missing_held"
    assert not incomplete.alerts.exists()


def test_the_event_says_how_many_which_and_why(incomplete: Listing) -> None:
    event = latest()
    assert (event.event_type, event.payload["listing"]["id"]) == (
        "listing.held",
        str(incomplete.pk),
    )
    assert event.payload["pictures_not_looked_at"] == 1
    [picture] = event.payload["pictures"]
    assert (picture["position"], picture["code"]) == (2, "image_unreadable")
    assert picture["remedy"] == "Send the whole file again."


def test_the_seller_is_told_what_is_missing_and_that_nobody_claims(incomplete: Listing) -> None:
    statement = incomplete.statement
    assert statement
    assert (statement["ground"], statement["ends"]) == ("pictures_not_looked_at", "when_sent_again")
    assert (statement["rights"], statement["pictures_not_looked_at"]) == ([], [2])
    assert "Picture 2 could not be examined." in statement["text"]["en"]
    assert "Nobody claims" in statement["text"]["en"]
    assert "第 2 张图片未能检查。" in statement["text"]["zh"]


def test_a_copy_beside_it_is_held_for_both(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = matched(posted(marketplace, COPY, CUT), matcher)
    assert [one["rule"] for one in listing.reasons] == ["awaits_review", "pictures_missing_held"]
    assert listing.statement
    assert (listing.statement["ground"], listing.statement["ends"]) == (
        "illegal_content",
        "when_decided",
    )
    assert "Picture 2 could not be examined." in listing.statement["text"]["en"]


def test_a_marketplace_may_choose_that_it_is_allowed_with_the_mark(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    chosen(marketplace, ALLOW)
    listing = matched(posted(marketplace, UNRELATED, CUT), matcher)
    assert (listing.verdict, listing.pictures_not_looked_at) == ("allow", 1)
    assert listing.reasons[-1]["rule"] == "pictures_missing_allowed"
    assert latest().payload["pictures_not_looked_at"] == 1


def test_what_is_on_offer_follows_the_choice_in_both_directions(
    incomplete: Listing, marketplace: Marketplace
) -> None:
    for choice, verdict in ((ALLOW, "allow"), (HOLD, "hold")):
        chosen(marketplace, choice)
        assert reassess_incomplete() == 1
        assert reassess_incomplete() == 0
        incomplete.refresh_from_db()
        assert incomplete.verdict == verdict
    audited = AuditEvent.objects.filter(action="marketplace.incomplete_listings")
    assert [event.data["choice"] for event in audited.order_by("pk")] == ["allow", "hold"]


def test_a_stranger_chooses_nothing(marketplace: Marketplace) -> None:
    with pytest.raises(NotYoursToAdmit):
        choose_incomplete(marketplace=marketplace, choice=ALLOW, by=factories.user("charlie"))


def test_it_is_matched_anew_when_the_picture_is_replaced(
    incomplete: Listing, brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    assert matched(posted(marketplace, UNRELATED, drawn(3)), matcher).verdict == "allow"
    assert matched(posted(marketplace, UNRELATED, COPY), matcher).verdict == "hold"
    assert Listing.objects.current().get().reasons[0]["rule"] == "awaits_review"
    incomplete.refresh_from_db()
    assert incomplete.superseded_at


def test_a_picture_that_changed_at_the_same_url_is_fetched_again(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    def from_url(data: bytes) -> Listing:
        listing = ingest_listing(
            marketplace=marketplace,
            offer=Offer(external_id="offer-1", seller_id="seller-1"),
            pictures=[factories.upload(encoded(UNRELATED)), "https://img.example/2.png"],
            by=factories.staff(),
        )
        fetch_images(listing=listing, get=lambda _url, _hosts: data)
        return matched(Listing.objects.get(pk=listing.pk), matcher)

    assert from_url(CUT).verdict == "hold"
    again = from_url(encoded(drawn(3)))
    assert (again.revision, again.verdict, again.pictures_not_looked_at) == (2, "allow", 0)
    assert from_url(encoded(drawn(3))) == again


def test_the_operator_has_what_could_not_be_looked_at_tried_again(
    incomplete: Listing, matcher: Matcher
) -> None:
    assert requeue_failed(listing=incomplete, by=factories.staff())
    assert matched(Listing.objects.get(pk=incomplete.pk), matcher).verdict == "hold"


def test_there_is_nothing_to_appeal_but_what_to_do_is_said(incomplete: Listing) -> None:
    with pytest.raises(NothingToAppeal) as refused:
        appeal_listing(
            listing=incomplete,
            ground=Appeal.Ground.GENUINE_GOODS,
            text="",
            by=factories.staff(),
        )
    assert refused.value.remedy == "Send the listing again with pictures that can be read."
