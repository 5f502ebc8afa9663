"""Whom a licence allows what, and when."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Marketplace
from fingerprints.models import Brand, Design, Licence
from tests import factories
from tests.fingerprints.scenes import DAY, TODAY


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        ({}, True),
        ({"seller_id": "seller-2"}, False),
        ({"valid_from": TODAY}, True),
        ({"valid_from": TODAY + DAY}, False),
        ({"valid_until": TODAY}, True),
        ({"valid_until": TODAY - DAY}, False),
        ({"revoked_at": timezone.now()}, False),
    ],
)
def test_a_licence_allows_its_seller_on_its_days(
    fields: dict[str, Any], allowed: object, brand: Brand, marketplace: Marketplace
) -> None:
    revoked = {"revoked_by": factories.staff()} if "revoked_at" in fields else {}
    factories.licence(brand, marketplace, **fields, **revoked)
    assert allows(factories.design(brand), marketplace) is allowed


def test_a_licence_stays_on_its_marketplace_and_with_its_design(
    brand: Brand, marketplace: Marketplace
) -> None:
    bottle, can = factories.design(brand), factories.design(brand)
    factories.licence(brand, marketplace, design=bottle)
    assert allows(bottle, marketplace)
    assert not allows(can, marketplace)
    assert not allows(bottle, factories.marketplace("Souk"))
    assert not allows(factories.design(factories.brand(brand.organisation, "Pop")), marketplace)


def allows(design: Design, on: Marketplace) -> bool:
    where = on.organisation_id
    return Licence.objects.allows(design, marketplace=where, seller_id="seller-1", on=TODAY)
