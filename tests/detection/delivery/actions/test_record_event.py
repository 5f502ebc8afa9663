"""Events: their order, and who gets them."""

import pytest
from django.db import transaction

from accounts.models import Marketplace
from detection.delivery.actions.webhooks import ping
from detection.delivery.models import Delivery, Event, EventType, WebhookEndpoint
from tests import factories
from tests.detection.delivery.scenes import told


def test_the_sequence_of_a_listing_rises_by_one(marketplace: Marketplace) -> None:
    for _ in range(2):
        told(marketplace, "a")
    told(marketplace, "b")
    told(marketplace, "a", sandbox=True)
    told(factories.marketplace("Other"), "a")
    found = Event.objects.order_by("number").values_list("listing_external_id", "sequence")
    assert list(found) == [("a", 1), ("a", 2), ("b", 1), ("a", 1), ("a", 1)]


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_into_the_transaction_that_made_it_true(marketplace: Marketplace) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        Event.objects.record(marketplace=marketplace, event_type=EventType.TEST_PING, payload={})


def test_only_who_wants_it_gets_it(marketplace: Marketplace, endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.update(event_types=["listing.blocked"])
    told(marketplace)
    told(marketplace, sandbox=True)
    assert not Delivery.objects.exists()
    ping(endpoint=endpoint, by=factories.staff())
    assert Delivery.objects.get().event.event_type == "test.ping"
