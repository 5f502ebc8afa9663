"""Facts that the database holds, whatever the code above it does."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import Marketplace, Organisation
from detection.delivery.models import Delivery, Event, Replay, WebhookEndpoint
from detection.intake.models import ImportRow, Listing, ListingImage, ListingImport
from detection.matching.models import ImageEmbedding
from detection.review.models import (
    Alert,
    Appeal,
    Comment,
    Decision,
    Escalation,
    PastDecision,
    Report,
)
from fingerprints.models import Brand
from tests import factories
from tests.constraints import Broken, constraint_names, refusal


def place() -> Marketplace:
    return factories.marketplace(f"Bazaar {uuid4()}")


def listing(**fields: Any) -> Listing:
    return factories.listing(place(), **fields)


def picture_of_one() -> ListingImage:
    return ListingImage.objects.first() or picture()


def picture(**fields: Any) -> ListingImage:
    return factories.listing_image(listing(), **fields)


def alert() -> Alert:
    return factories.alert(factories.brand(factories.organisation(f"Owner {uuid4()}")), place())


def matched(**fields: Any) -> None:
    owner = factories.organisation(f"Owner {uuid4()}")
    view = factories.view(factories.design(factories.brand(owner)))
    factories.match(picture(), view, **fields)


def same_match_twice() -> None:
    made = alert().match
    factories.match(made.listing_image, made.view)


def escalation(of: Alert, **fields: Any) -> None:
    Escalation.objects.create(
        **{"alert": of, "escalation_kind": "escalation", "by": factories.staff()} | fields
    )


def report(**fields: Any) -> None:
    Report.objects.create(
        **{
            "brand": factories.brand(factories.organisation(f"Owner {uuid4()}")),
            "marketplace": place(),
            "url": "https://shop.example/1",
            "by": factories.staff(),
        }
        | fields
    )


def referred_twice() -> None:
    one = alert()
    escalation(one)
    escalation(one)


def same_alert_twice() -> None:
    first = alert()
    Alert.objects.create(
        listing=first.listing, brand=first.brand, match=first.match, similarity=90,
        match_kind="copy",
    )  # fmt: skip


def alert_in_state(state: str) -> None:
    Alert.objects.filter(pk=alert().pk).update(state=state)


def decision(of: Alert | None = None, **fields: object) -> Decision:
    of = of or alert()
    return Decision.objects.create(
        **{
            "alert": of,
            "outcome": "infringing",
            "by": factories.user(f"reviewer {uuid4()}"),
            "acting_for": factories.operator(),
            "claimant": of.brand.organisation,
            "decided_at": timezone.now(),
        }
        | fields,
    )


def past_decision(**fields: object) -> PastDecision:
    of = alert()
    rita = factories.user(f"reviewer {uuid4()}")
    return PastDecision.objects.create(
        **{
            "alert": of,
            "outcome": "infringing",
            "by": rita,
            "acting_for": factories.operator(),
            "claimant": of.brand.organisation,
            "decided_at": timezone.now(),
            "end": "reopened",
            "ended_at": timezone.now(),
            "ended_by": rita,
            "end_reason": "The receipt.",
        }
        | fields,
    )


def decision_by_the_claimant() -> None:
    owner = factories.organisation(f"Owner {uuid4()}", reviews=True)
    decision(acting_for=owner, claimant=owner)


def embedding_twice() -> None:
    image = picture()
    for _ in range(2):
        ImageEmbedding.objects.create(
            image=image, generation="g", regions=[], vectors=b"", features=b""
        )


def same_revision_twice() -> None:
    first = listing()
    factories.listing(
        first.marketplace, external_id=first.external_id, superseded_at=timezone.now()
    )


def same_position_twice() -> None:
    image = picture()
    factories.listing_image(image.listing)


def key_twice() -> None:
    first = listing(idempotency_key="k")
    factories.listing(first.marketplace, idempotency_key="k")


def two_on_offer() -> None:
    first = listing()
    factories.listing(first.marketplace, external_id=first.external_id, revision=2)


def appeal(of: Listing | None = None, **fields: Any) -> Appeal:
    now = timezone.now()
    given = {"ground": "other", "submitted_at": now, "due_at": now} | fields
    given.setdefault("brand", factories.brand(factories.organisation(f"Owner {uuid4()}")))
    return Appeal.objects.create(listing=of or listing(), **given)


def two_appeals_at_once() -> None:
    first = appeal()
    appeal(first.listing, brand=first.brand)


def appeal_by_the_first_decider() -> None:
    rita = factories.user("rita")
    appeal(first_decider=rita, decided_by=rita, decided_at=timezone.now(), state="denied")


def event(of: Marketplace | None = None, **fields: Any) -> Event:
    return Event.objects.create(
        marketplace=of or place(), event_type="test.ping", payload={}, **fields
    )


def same_sequence_twice() -> None:
    first = event(listing_external_id="a", sequence=1)
    event(first.marketplace, listing_external_id="a", sequence=1)


def endpoint(**fields: Any) -> WebhookEndpoint:
    return WebhookEndpoint.objects.create(
        marketplace=place(), url="https://shop.example/", **fields
    )


def delivery(**fields: Any) -> Delivery:
    to = endpoint()
    given = {"next_attempt_at": timezone.now()} | fields
    return Delivery.objects.create(event=event(to.marketplace), endpoint=to, **given)


def same_delivery_twice() -> None:
    first = delivery()
    Delivery.objects.create(
        event=first.event, endpoint=first.endpoint, next_attempt_at=timezone.now()
    )


def a_replay(**fields: Any) -> Replay:
    return Replay.objects.create(endpoint=endpoint(), after=0, until=1, cursor=0, total=1, **fields)


def replaying_twice() -> None:
    to = endpoint()
    for _ in range(2):
        Replay.objects.create(endpoint=to, after=0, until=1, cursor=0, total=1)


def an_import(**fields: Any) -> ListingImport:
    return ListingImport.objects.create(marketplace=place(), name="a.csv", file="a.csv", **fields)


def same_row_twice() -> None:
    job = an_import()
    for _ in range(2):
        ImportRow.objects.create(of=job, number=2)


NOW = timezone.now()
MATCHED = {"state": "matched", "matched_at": NOW}
BROKEN: dict[str, list[Broken]] = {
    "decision_applied_after_the_time_to_undo": [
        lambda: decision(effective_at=NOW, applied_at=NOW - timedelta(seconds=1))
    ],
    "listing_latest_revision_once": [two_on_offer],
    "listing_idempotency_key_once": [key_twice],
    "listing_action_and_when": [
        lambda: listing(action="removed"),
        lambda: listing(action_at=NOW),
        lambda: listing(action="burnt", action_at=NOW),
    ],
    "listing_incomplete_never_allowed_in_silence": [
        lambda: listing(**MATCHED, verdict="allow", incomplete_as="hold", pictures_not_looked_at=1),
        lambda: listing(**MATCHED, verdict="hold", incomplete_as="hold"),
        lambda: listing(**MATCHED, verdict="hold", incomplete_as="?", pictures_not_looked_at=1),
    ],
    "marketplace_incomplete_listings_known": [
        lambda: Marketplace.objects.filter(pk=place().pk).update(incomplete_listings="often")
    ],
    "rendition_number_once": [lambda: [factories.rendition(picture_of_one()) for _ in range(2)]],
    "rendition_ground_known": [lambda: factories.rendition(picture(), ground="blue")],
    "listing_purpose_known": [lambda: listing(purpose="fun")],
    "appeal_open_once": [two_appeals_at_once],
    "appeal_decided_when_and_by_whom": [
        lambda: appeal(decided_at=NOW),
        lambda: appeal(state="lapsed"),
        lambda: appeal(state="denied", decided_at=NOW),
    ],
    "appeal_never_by_the_first_decider": [appeal_by_the_first_decider],
    "event_sequence_once": [same_sequence_twice],
    "event_of_a_listing_has_a_sequence": [
        lambda: event(listing_external_id="a"),
        lambda: event(sequence=1),
    ],
    "webhook_paused_when_and_why": [
        lambda: endpoint(paused_at=NOW),
        lambda: endpoint(paused_why="It answered 410 Gone."),
    ],
    "webhook_previous_secret_with_its_end": [
        lambda: endpoint(previous_until=NOW),
        lambda: endpoint(previous_secret="whsec_"),
    ],
    "delivery_once": [same_delivery_twice],
    "delivery_state_complete": [
        lambda: delivery(next_attempt_at=None),
        lambda: delivery(state="delivered"),
        lambda: delivery(state="dead"),
    ],
    "replay_state_complete": [
        lambda: a_replay(ended_at=NOW),
        lambda: a_replay(why="The endpoint was removed."),
        lambda: a_replay(state="done"),
        lambda: a_replay(state="done", ended_at=NOW, why="The endpoint was removed."),
        lambda: a_replay(state="cancelled", why="The endpoint was removed."),
        lambda: a_replay(state="cancelled", ended_at=NOW),
        lambda: a_replay(state="lost", ended_at=NOW),
    ],
    "listing_import_state_complete": [
        lambda: an_import(state="done"),
        lambda: an_import(state="refused", done_at=NOW),
        lambda: an_import(done_at=NOW),
    ],
    "replay_one_an_endpoint": [replaying_twice],
    "import_row_once": [same_row_twice],
    "alert_once_per_brand": [same_alert_twice],
    "alert_state_known": [lambda: alert_in_state("ignored")],
    "decision_never_by_the_claimant": [decision_by_the_claimant],
    "past_decision_why_it_ended": [
        lambda: past_decision(end_reason=""),
        lambda: past_decision(end="replaced"),
        lambda: past_decision(end="lost"),
    ],
    "decision_outcome_known": [lambda: decision(outcome="perhaps")],
    "comment_says_something": [
        lambda: Comment.objects.create(alert=alert(), by=factories.staff(), text="")
    ],
    "report_by_url_or_picture": [lambda: report(url="")],
    "report_answered_by_whom_and_when": [
        lambda: report(answer="Yes."),
        lambda: report(answered_at=timezone.now()),
    ],
    "escalation_once_a_reviewer": [referred_twice],
    "escalation_kind_known": [lambda: escalation(alert(), escalation_kind="lost")],
    "listing_revision_once": [same_revision_twice],
    "listing_price_with_currency": [
        lambda: listing(price=Decimal(5)),
        lambda: listing(currency="EUR"),
    ],
    "listing_verdict_when_matched": [
        lambda: listing(state="queued", verdict="allow"),
        lambda: listing(state="failed", verdict="allow"),
        lambda: listing(state="failed", verdict="block", matched_at=timezone.now()),
        lambda: listing(state="matched", verdict="allow"),
        lambda: listing(state="matched", verdict="pending", matched_at=timezone.now()),
        lambda: listing(state="matched", verdict="perhaps", matched_at=timezone.now()),
        lambda: listing(state="queued", matched_at=timezone.now()),
    ],
    "listing_image_position": [same_position_twice],
    "listing_image_state_complete": [
        lambda: picture(state="pending", error={"code": "x"}),
        lambda: picture(state="embedded", error={"code": "x"}),
        lambda: picture(state="embedded", width=None),
        lambda: picture(state="embedded", height=None),
        lambda: picture(state="refused"),
        lambda: picture(state="lost"),
    ],
    "image_embedding_once": [embedding_twice],
    "match_once": [same_match_twice],
    "match_similarity_range": [
        lambda: matched(similarity=49.99),
        lambda: matched(similarity=100.01),
    ],
    "match_kind_known": [lambda: matched(match_kind="style")],
}
CASES = [
    pytest.param(name, broken, id=f"{name}-{number}")
    for name, several in BROKEN.items()
    for number, broken in enumerate(several, 1)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "broken"), CASES)
def test_the_database_refuses(name: str, broken: Broken) -> None:
    said = refusal(broken)
    assert name in said or said.lower().startswith("unique constraint failed")


def test_every_constraint_has_a_row_that_breaks_it() -> None:
    assert set(BROKEN) >= constraint_names("detection")


@pytest.mark.django_db
def test_an_alert_has_one_decision() -> None:
    first = decision()
    with pytest.raises(IntegrityError), transaction.atomic():
        decision(first.alert)


@pytest.mark.django_db
def test_a_decided_alert_cannot_be_deleted() -> None:
    made = decision()
    with pytest.raises(ProtectedError):
        made.alert.delete()


@pytest.mark.django_db
def test_an_organisation_runs_one_marketplace() -> None:
    of = place().organisation
    with pytest.raises(IntegrityError), transaction.atomic():
        Marketplace.objects.create(organisation=of, name="A second one")


@pytest.mark.django_db
def test_one_external_id_may_be_used_on_two_marketplaces() -> None:
    listing(external_id="offer-1")
    assert listing(external_id="offer-1").revision == 1


@pytest.mark.django_db
@pytest.mark.parametrize("similarity", [50.0, 100.0])
def test_a_match_may_score_from_50_to_100(similarity: float) -> None:
    matched(similarity=similarity)


# --- the queue ------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_listing_begun_and_left_is_abandoned_once_its_lease_is_over() -> None:
    now = timezone.now()
    left = listing()
    left.begin(now, timedelta(seconds=20))
    assert not Listing.objects.abandoned(now).exists()
    assert list(Listing.objects.abandoned(now + timedelta(seconds=21))) == [left]


@pytest.mark.django_db
def test_a_worker_still_at_it_keeps_its_listing() -> None:
    now = timezone.now()
    busy = listing()
    busy.begin(now, timedelta(seconds=20))
    busy.renew(now + timedelta(seconds=15), timedelta(seconds=20))
    assert not Listing.objects.abandoned(now + timedelta(seconds=30)).exists()


@pytest.mark.django_db
def test_one_worker_begins_and_another_only_once_its_lease_is_over() -> None:
    now, lease = timezone.now(), timedelta(seconds=20)
    made = listing()
    assert made.begin(now, lease)
    assert not made.begin(now + timedelta(seconds=19), lease)
    assert made.begin(now + timedelta(seconds=21), lease)
    made.release()
    assert made.begin(now, lease)


@pytest.mark.django_db
def test_a_listing_never_begun_shows_after_a_while() -> None:
    now = timezone.now()
    waiting = listing(queued_at=now - timedelta(minutes=1))
    assert list(Listing.objects.never_begun(now)) == [waiting]
    assert not Listing.objects.never_begun(now - timedelta(minutes=2)).exists()
    waiting.begin(now, timedelta(seconds=20))
    assert not Listing.objects.never_begun(now).exists()


@pytest.mark.django_db
def test_a_matched_listing_is_begun_by_nobody() -> None:
    done = listing(state="matched", verdict="allow", matched_at=timezone.now())
    assert not done.begin(timezone.now(), timedelta(seconds=20))
    done.refresh_from_db()
    assert done.leased_until is None
    assert not Listing.objects.awaiting_match().exists()


@pytest.mark.django_db
def test_a_failed_listing_stays_without_a_verdict() -> None:
    made = listing()
    made.fail("no_readable_picture", "None can be read.")
    made.refresh_from_db()
    assert (made.state, made.verdict) == ("failed", "pending")
    assert made.reasons == [{"rule": "no_readable_picture", "text": "None can be read."}]


# --- who sees what --------------------------------------------------------------------------
def test_a_brand_s_people_see_its_alerts_where_they_are_admitted(
    brand: Brand, marketplace: Marketplace, alice: User, bob: User, charlie: User
) -> None:
    raised = factories.alert(brand, marketplace)
    assert list(Alert.objects.visible_to(alice)) == [raised]
    assert list(Alert.objects.visible_to(bob)) == [raised]
    assert not Alert.objects.visible_to(charlie).exists()
    assert not Alert.objects.visible_to(AnonymousUser()).exists()


def test_a_marketplace_that_has_not_admitted_the_brand_shows_it_nothing(
    brand: Brand, alice: User, rita: User
) -> None:
    raised = factories.alert(brand, factories.marketplace("Closed", admits=[]))
    assert not Alert.objects.visible_to(alice).exists()
    assert list(Alert.objects.visible_to(rita)) == [raised]


def test_reviewers_of_a_marketplace_see_its_alerts_and_no_others(
    brand: Brand, marketplace: Marketplace
) -> None:
    raised = factories.alert(brand, marketplace)
    here = factories.member(marketplace.organisation, "mona", role="reviewer")
    elsewhere = factories.member(place().organisation, "eli", role="reviewer")
    plain = factories.member(marketplace.organisation, "paul")
    assert list(Alert.objects.visible_to(here)) == [raised]
    assert not Alert.objects.visible_to(elsewhere).exists()
    assert not Alert.objects.visible_to(plain).exists()


def test_what_an_unverified_organisation_claims_is_seen_by_itself_alone(rita: User) -> None:
    newcomer = factories.organisation("Newcomer", verified=False)
    nina = factories.member(newcomer, "nina", role="owner")
    raised = factories.alert(factories.brand(newcomer), factories.marketplace(admits=[newcomer]))
    assert list(Alert.objects.visible_to(nina)) == [raised]
    assert not Alert.objects.visible_to(rita).exists()
    assert not Alert.objects.awaiting_review().exists()


def test_an_alert_is_seen_once_by_whoever_has_two_reasons_to_see_it(
    brand: Brand, acme: Organisation, rita: User, marketplace: Marketplace
) -> None:
    raised = factories.alert(brand, marketplace)
    factories.member(marketplace.organisation, "mona", role="reviewer")
    marketplace.organisation.memberships.create(user=rita, role="reviewer")
    assert list(Alert.objects.visible_to(rita)) == [raised]
