"""The page of webhooks."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from accounts.models import Marketplace
from detection.delivery.actions.replay import continue_replays, start_replay
from detection.delivery.models import Delivery, Replay, WebhookEndpoint
from tests import factories
from tests.detection.delivery.scenes import delivered, told


def test_a_page_shows_deliveries_and_sends_them_once_more(
    marketplace: Marketplace, endpoint: WebhookEndpoint, seller: User
) -> None:
    told(marketplace, "offer-77")
    WebhookEndpoint.objects.update(paused_at=timezone.now(), paused_why="It answered 410 Gone.")
    Delivery.objects.update(state="dead", next_attempt_at=None)
    page = factories.signed_in(seller).get("/webhooks").text
    assert "offer-77" in page
    assert "It answered 410 Gone." in page
    client = factories.signed_in(seller)
    assert client.post(f"/deliveries/{Delivery.objects.get().pk}/replay").status_code == 302
    assert Delivery.objects.get().state == "pending"
    assert client.post(f"/webhooks/{endpoint.pk}/resume").status_code == 302
    assert WebhookEndpoint.objects.get().paused_at is None
    assert client.post(f"/webhooks/{endpoint.pk}/test").status_code == 302


@pytest.mark.usefixtures("_pages_of_two")
def test_the_page_starts_a_replay_shows_how_far_it_is_and_cancels_it(
    marketplace: Marketplace, endpoint: WebhookEndpoint, seller: User
) -> None:
    client = factories.signed_in(seller)
    for _ in range(3):
        told(marketplace)
    delivered()
    assert client.post(f"/webhooks/{endpoint.pk}/replay", {"after": "0"}).status_code == 302
    continue_replays()
    assert "2 of 3 events" in client.get("/webhooks").text
    client.post(f"/replays/{Replay.objects.get().pk}/cancel")
    assert "It was cancelled." in client.get("/webhooks").text
    client.post(f"/webhooks/{endpoint.pk}/replay", {"after": "the last"})
    assert "Enter the number of the last event you received" in client.get("/webhooks").text
    assert Replay.objects.count() == 1


def test_a_stranger_sees_and_replays_nothing(
    marketplace: Marketplace, endpoint: WebhookEndpoint, as_charlie: Client
) -> None:
    told(marketplace, "offer-77")
    assert "offer-77" not in as_charlie.get("/webhooks").text
    number = Delivery.objects.get().pk
    assert as_charlie.post(f"/deliveries/{number}/replay").status_code == 404
    assert as_charlie.post(f"/webhooks/{endpoint.pk}/resume").status_code == 404
    assert as_charlie.post(f"/webhooks/{endpoint.pk}/replay", {"after": "0"}).status_code == 404
    replay = start_replay(endpoint=endpoint, after=0, by=factories.staff())
    assert as_charlie.post(f"/replays/{replay.pk}/cancel").status_code == 404
