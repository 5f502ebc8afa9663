import pytest
from django.urls import reverse

from accounts.models import Marketplace, Organisation
from detection.review.actions.decide import decide_alert
from detection.review.models import Alert, Decision
from fingerprints.models import Brand
from tests import factories


@pytest.fixture
def alert(brand: Brand, marketplace: Marketplace) -> Alert:
    return factories.alert(brand, marketplace)


@pytest.fixture
def page(alert: Alert) -> str:
    return reverse("alert", args=[alert.pk])


@pytest.fixture
def decision(alert: Alert) -> str:
    return reverse("decide-alert", args=[alert.pk])


@pytest.fixture
def alerts(alert: Alert, acme: Organisation, marketplace: Marketplace) -> list[Alert]:
    """The second is another brand's, decided, resembling, elsewhere and weaker."""
    elsewhere = factories.marketplace("Souk", admits=[acme])
    other = factories.alert(
        factories.brand(acme, "Pop"), elsewhere, similarity=86.0, match_kind="resemblance"
    )
    other.listing.title, other.listing.seller_id = "A lamp", "seller-2"
    other.listing.save()
    rita = factories.member(factories.operator(), "decider", role="reviewer")
    decide_alert(alert=other, outcome=Decision.Outcome.GENUINE_GOODS, note="", by=rita)
    return [alert, other]
