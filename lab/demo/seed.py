"""Adds what weeks of work leave behind, so that every page of the demo's portal shows something."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actions.team import found_organisation, invite
from accounts.models import Marketplace, Membership
from detection.intake.models import Listing
from detection.matching.actions.robustness_test import ask_for_robustness_test
from detection.review.actions.appeal import appeal_listing
from detection.review.actions.comment import comment_on
from detection.review.actions.decide import decide_alert
from detection.review.actions.escalate import escalate_alert
from detection.review.actions.report import report_missed
from detection.review.models import Alert, Appeal, Decision, Escalation
from fingerprints.actions.licences import grant_licence
from fingerprints.models import Brand, Design
from lab.demo.pictures import Photograph
from lab.demo.scenario import Case
from lab.demo.session import Session
from lab.demo.tenants import submit

STEPS = 7
COPIES = 4  # of one picture, by as many sellers; one action decides them all
FIRST_COPY = 900  # number of the first copy's offer
AGO = 28  # days over which alerts are spread, for the overview's chart
JUDGED: list[tuple[Decision.Outcome, str]] = [
    (Decision.Outcome.INFRINGING, Decision.Reason.PICTURE_COPIED),
    (Decision.Outcome.INFRINGING, Decision.Reason.DESIGN_COPIED),
    (Decision.Outcome.NOT_INFRINGING, Decision.Reason.OTHER_PRODUCT),
    (Decision.Outcome.INFRINGING, Decision.Reason.COUNTERFEIT),
    (Decision.Outcome.GENUINE_GOODS, Decision.Reason.RESALE),
    (Decision.Outcome.INFRINGING, Decision.Reason.PICTURE_COPIED),
]


def seed(session: Session, copied: Photograph, unrelated: Photograph) -> Iterator[str]:
    owner, reviewer = (User.objects.get(username=name) for name in ("owner", "reviewer"))
    brand = Brand.objects.get(organisation__memberships__user=owner)
    yield copies(session, copied)
    yield from work_of_weeks(brand, owner, reviewer)
    yield what_owners_do(brand, owner, unrelated)
    yield a_newcomer()
    session.call("POST", "listings", session.marketplace, json={
        "external_id": "demo-lost", "seller_id": "seller-9", "title": "A missing picture",
        "image_urls": [f"{session.api}/nothing-here.png"],
    })  # fmt: skip
    yield "a listing whose picture cannot be fetched"
    ask_for_robustness_test(
        design=Design.objects.filter(brand=brand).earliest("created_at"), by=owner
    )
    yield "a robustness test of one design, which the workers now run"


def copies(session: Session, copied: Photograph) -> str:
    for number in range(COPIES):
        session.settle(FIRST_COPY + number, Case("one picture, many sellers", copied.data, None))
    return f"{COPIES} sellers with one picture, decided with one action"


def work_of_weeks(brand: Brand, owner: User, reviewer: User) -> Iterator[str]:
    open_ones = list(
        Alert.objects.awaiting_review()
        .filter(brand=brand)
        .exclude(listing__external_id__startswith=f"demo-{FIRST_COPY // 100}")
        .order_by("raised_at")
    )
    for place, alert in enumerate(open_ones):
        days = AGO * (1 - place / len(open_ones))
        Alert.objects.filter(pk=alert.pk).update(raised_at=timezone.now() - timedelta(days=days))
    for alert, (outcome, reason) in zip(open_ones, JUDGED, strict=False):
        decide_alert(alert=alert, outcome=outcome, reason=reason, note="", by=reviewer)
        alert.refresh_from_db()
        then = alert.raised_at + timedelta(hours=2)
        Decision.objects.filter(alert=alert).update(decided_at=then)
    yield f"{len(JUDGED)} alerts decided, spread over {AGO} days"
    talked, escalated, appealed = open_ones[-3:]
    comment_on(alert=talked, text="Our own picture: the shadow on the left is the same.", by=owner)
    second = User.objects.get(username="second")
    escalate_alert(
        alert=escalated,
        escalation_kind=Escalation.EscalationKind.SECOND_OPINION,
        note="Is this the same handle?",
        by=second,
    )
    appeal_listing(
        listing=Listing.objects.get(pk=appealed.listing_id),
        ground=Appeal.Ground.GENUINE_GOODS,
        text="Bought in your own shop; the receipt is attached to the ticket.",
        by=owner,
    )
    yield "a comment, a second opinion, an open appeal"


def what_owners_do(brand: Brand, owner: User, unrelated: Photograph) -> str:
    bazaar = Marketplace.objects.get(name="Bazaar")
    grant_licence(brand=brand, marketplace=bazaar.organisation, seller_id="seller-20", by=owner)
    soon = timezone.localdate() + timedelta(days=21)
    submit(brand, owner, "018000002", valid_until=soon)
    report_missed(
        brand=brand,
        marketplace=bazaar,
        by=owner,
        picture=ContentFile(unrelated.data, "reported.png"),
        note="Is this ours?",
    )
    invite(
        organisation=brand.organisation,
        email="colleague@meridian.example",
        role=Membership.Role.MEMBER,
        by=owner,
    )
    return (
        "a licence, a right that awaits verification, an invitation, a report of a missed listing"
    )


def a_newcomer() -> str:
    newcomer = User.objects.get(username="newcomer")
    organisation = found_organisation(name="Harbour Lamps", by=newcomer)
    brand = Brand.objects.create(organisation=organisation, name="Harbour")
    submit(brand, newcomer, "018000003")
    return "an organisation and a right that await the operator"
