"""Events are sent once more, a page at a time."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from accounts.models import Marketplace
from detection.delivery.actions.replay import (
    EndpointRetired,
    ReplayEnded,
    cancel_replay,
    continue_replays,
    start_replay,
)
from detection.delivery.actions.webhooks import add_endpoint, replay_delivery, retire_endpoint
from detection.delivery.models import Delivery, Replay, WebhookEndpoint
from tests import factories
from tests.api import call
from tests.detection.delivery.scenes import delivered, told


def test_a_range_is_replayed_with_the_ids_that_it_had(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    first, second, third = (told(marketplace) for _ in range(3))
    Delivery.objects.update(state="delivered", next_attempt_at=None, delivered_at=timezone.now())
    start_replay(endpoint=endpoint, after=first.number, until=second.number, by=factories.staff())
    continue_replays()
    assert Delivery.objects.get(state="pending").event == second
    assert third.deliveries.get().state == "delivered"
    done = Replay.objects.get()
    assert (done.state, done.done, done.total) == ("done", 1, 1)


def replaying(marketplace: Marketplace, endpoint: WebhookEndpoint) -> Replay:
    """Of three events that the endpoint has had, a page of two added."""
    for _ in range(3):
        told(marketplace)
    delivered()
    started = start_replay(endpoint=endpoint, after=0, by=factories.staff())
    continue_replays()
    return Replay.objects.get(pk=started.pk)


@pytest.mark.usefixtures("_pages_of_two")
def test_the_next_page_of_a_replay_comes_once_the_last_one_was_taken(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    replay = replaying(marketplace, endpoint)
    continue_replays()
    assert (replay.state, replay.done, replay.total) == ("running", 2, 3)
    assert Delivery.objects.filter(state="pending").count() == 2
    delivered()
    continue_replays()
    replay.refresh_from_db()
    assert (replay.state, replay.done) == ("done", 3)
    with pytest.raises(ReplayEnded):
        cancel_replay(replay=replay, by=factories.staff())


@pytest.mark.usefixtures("_pages_of_two")
def test_an_endpoint_has_one_replay_at_a_time(
    marketplace: Marketplace, endpoint: WebhookEndpoint, key: str, seller: User
) -> None:
    replay = replaying(marketplace, endpoint)
    answer = call(key, "post", f"webhooks/{endpoint.pk}/replay", {"after": 0})
    assert (answer.status_code, answer.json()["errors"][0]["replay"]) == (409, str(replay.pk))
    client = factories.signed_in(seller)
    page = client.post(f"/webhooks/{endpoint.pk}/replay", {"after": "0"}, follow=True)
    assert "is running for this endpoint" in page.text
    cancel_replay(replay=replay, by=factories.staff())
    start_replay(endpoint=endpoint, after=0, by=factories.staff())


@pytest.mark.usefixtures("_pages_of_two")
def test_replays_that_never_end_starve_no_other(
    marketplace: Marketplace, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detection.delivery.actions.replay.MAX_A_SWEEP", 1)
    stuck = replaying(marketplace, endpoint)
    healthy = add_endpoint(
        marketplace=marketplace, url="https://93.184.216.34/too", by=factories.staff()
    )
    other = start_replay(endpoint=healthy, after=0, by=factories.staff())
    for _ in range(4):
        Delivery.objects.filter(endpoint=healthy).update(
            state="delivered", next_attempt_at=None, delivered_at=timezone.now()
        )
        continue_replays()
    for replay in (stuck, other):
        replay.refresh_from_db()
    assert (stuck.state, other.state) == ("running", "done")


@pytest.mark.usefixtures("_pages_of_two")
def test_a_replay_that_is_cancelled_spares_the_rest(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    replay = cancel_replay(replay=replaying(marketplace, endpoint), by=factories.staff())
    delivered()
    continue_replays()
    assert (replay.state, replay.why) == ("cancelled", "It was cancelled.")
    assert not Delivery.objects.filter(state="pending").exists()


@pytest.mark.usefixtures("_pages_of_two")
def test_with_its_endpoint_removed_a_replay_ends_and_none_begins(
    marketplace: Marketplace, endpoint: WebhookEndpoint
) -> None:
    replay = replaying(marketplace, endpoint)
    retire_endpoint(endpoint=endpoint, by=factories.staff())
    replay.refresh_from_db()
    assert (replay.state, replay.why) == ("cancelled", "The endpoint was removed.")
    assert not Delivery.objects.filter(state="pending").exists()
    with pytest.raises(EndpointRetired):
        start_replay(endpoint=endpoint, after=0, by=factories.staff())
    with pytest.raises(EndpointRetired):
        replay_delivery(delivery=Delivery.objects.all()[0], by=factories.staff())
