"""What contracts of the API have in common."""

import pytest
from django.contrib.auth.models import User

from accounts.models import Marketplace
from fingerprints.models import Brand
from tests import factories


@pytest.fixture
def keys(marketplace: Marketplace, brand: Brand, alice: User, rita: User) -> dict[str, str]:
    seller = factories.member(marketplace.organisation, "bazaar")
    whose = {
        "designs": (brand.organisation, alice),
        "listings": (marketplace.organisation, seller),
        "alerts": (rita.memberships.get().organisation, rita),
    }
    return {scope: factories.api_key(*who, scope) for scope, who in whose.items()}
