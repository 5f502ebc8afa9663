import pytest
from django.test import Client

from accounts.models import Marketplace
from tests import factories


@pytest.fixture
def bazaar(client: Client, marketplace: Marketplace) -> Client:
    """A client that sends listings with the marketplace's key."""
    sender = factories.member(marketplace.organisation, "bazaar-program")
    key = factories.api_key(marketplace.organisation, sender, "listings")
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client
