"""Deliveries are signed, and verified by the library of the standard."""

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from accounts.models import Marketplace
from detection.delivery.actions.webhooks import replay_delivery, rotate_secret
from detection.delivery.models import Delivery, WebhookEndpoint
from tests import factories
from tests.detection.delivery.scenes import Receiver, attempt, told


def test_a_delivery_is_signed_and_verified_by_the_library(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    event = told(marketplace)
    assert attempt().state == "delivered"
    headers, body = receiver.had[0]
    read = Webhook(endpoint.secret).verify(body, headers)
    assert (read["id"], read["type"], read["sequence"]) == (event.public_id, "listing.held", 1)
    assert headers["webhook-id"] == event.public_id


def test_what_was_tampered_with_or_is_stale_is_refused(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    told(marketplace)
    attempt()
    headers, body = receiver.had[0]
    stale = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
    for wrong in ((headers, body.replace(b"held", b"free")), (stale, body)):
        with pytest.raises(WebhookVerificationError):
            Webhook(endpoint.secret).verify(wrong[1], wrong[0])


def test_both_secrets_sign_while_they_overlap(
    marketplace: Marketplace, endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    old = endpoint.secret
    new = rotate_secret(endpoint=endpoint, by=factories.staff()).secret
    told(marketplace)
    attempt()
    for secret in (old, new):
        Webhook(secret).verify(receiver.had[0][1], receiver.had[0][0])
    WebhookEndpoint.objects.update(previous_until=timezone.now())
    replay_delivery(delivery=Delivery.objects.get(), by=factories.staff())
    attempt()
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(receiver.had[1][1], receiver.had[1][0])
