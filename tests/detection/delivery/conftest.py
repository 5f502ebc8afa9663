from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Marketplace
from detection.delivery.actions.webhooks import add_endpoint
from detection.delivery.models import WebhookEndpoint
from tests import factories
from tests.detection.delivery.scenes import Receiver


@pytest.fixture(autouse=True)
def _on_this_machine(settings: Settings) -> None:
    settings.FETCH_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def endpoint(marketplace: Marketplace, receiver: Receiver) -> WebhookEndpoint:
    return add_endpoint(marketplace=marketplace, url=receiver.url, by=factories.staff())


@pytest.fixture
def _pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detection.delivery.actions.replay.PAGE", 2)
