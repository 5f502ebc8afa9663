"""Facts of events and deliveries that the database holds, whatever the code above it does."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Marketplace
from detection.delivery.models import Delivery, Event, Replay, WebhookEndpoint
from tests.constraints import Broken, constraint_names, refusal
from tests.detection.rows import NOW, place


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


BROKEN: dict[str, list[Broken]] = {
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
    "replay_one_an_endpoint": [replaying_twice],
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
    assert set(BROKEN) >= constraint_names("detection.delivery")
