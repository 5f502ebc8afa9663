from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Marketplace
from detection.intake.models import Listing
from fingerprints.models import Brand, Right
from tests import factories

pytestmark = pytest.mark.django_db


def test_stored_codes_that_are_none_are_named(brand: Brand, marketplace: Marketplace) -> None:
    right = factories.right(brand)
    alert = factories.alert(brand, marketplace)
    call_command("check_codes", stdout=StringIO())
    Right.objects.filter(pk=right.pk).update(territories=["UK"], office="EUIPPO")
    Listing.objects.filter(pk=alert.listing_id).update(territories=["XX"], price=1, currency="RMB")
    said = StringIO()
    with pytest.raises(CommandError, match="4 stored codes"):
        call_command("check_codes", stdout=said)
    for found in (
        f"Right {right.pk} territories: UK: not a country code. Send GB for UK.",
        f"Right {right.pk} office: EUIPPO",
        f"Listing {alert.listing_id} territories: XX",
        f"Listing {alert.listing_id} currency: RMB is not a currency code. Send CNY.",
    ):
        assert found in said.getvalue()
