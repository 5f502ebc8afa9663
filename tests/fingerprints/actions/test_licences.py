"""Licences are granted and revoked by the brand's owners."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from accounts.actions.claimant import NotYoursToClaim
from accounts.models import AuditEvent, Marketplace
from brandguard.kernel.errors import DomainError
from fingerprints.actions.licences import AlreadyLicensed, grant_licence, revoke_licence
from fingerprints.models import Brand, Licence
from tests import factories
from tests.fingerprints.scenes import DAY, TODAY


def granted(brand: Brand, on: Marketplace, by: User, **fields: Any) -> Licence:
    seller: dict[str, Any] = {"seller_id": "seller-1", "marketplace": on.organisation}
    return grant_licence(brand=brand, by=by, **seller | fields)


def test_a_licence_is_granted_by_an_owner_from_today_on(
    brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    licence = granted(brand, marketplace, alice)
    assert (licence.valid_from, licence.valid_until, licence.design) == (TODAY, None, None)
    event = AuditEvent.objects.get(action="licence.granted")
    assert (event.actor, event.data["seller_id"]) == ("alice", "seller-1")


def test_others_grant_and_revoke_nothing(
    brand: Brand, marketplace: Marketplace, bob: User, charlie: User
) -> None:
    licence = factories.licence(brand, marketplace)
    for person in (bob, charlie):
        with pytest.raises(NotYoursToClaim):
            granted(brand, marketplace, person, seller_id="seller-2")
        with pytest.raises(NotYoursToClaim):
            revoke_licence(licence=licence, by=person)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("seller_id", {"seller_id": " "}),
        ("valid_until", {"valid_until": TODAY - DAY}),
        ("valid_until", {"valid_from": date(2020, 1, 1), "valid_until": TODAY - DAY}),
        ("valid_until", {"valid_from": TODAY + DAY, "valid_until": TODAY}),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    field: str, fields: dict[str, Any], brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    with pytest.raises(DomainError) as refused:
        granted(brand, marketplace, alice, **fields)
    assert refused.value.field == field
    assert refused.value.remedy


def test_a_licence_is_for_a_marketplace_and_the_brand_s_own_design(
    brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    with pytest.raises(DomainError, match="is not a marketplace"):
        granted(brand, marketplace, alice, marketplace=brand.organisation)
    other = factories.design(factories.brand(brand.organisation, "Pop"))
    with pytest.raises(DomainError, match="another brand"):
        granted(brand, marketplace, alice, design=other)


def test_a_licence_is_granted_once_for_the_same_days(
    brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    first = granted(brand, marketplace, alice, valid_until=TODAY + DAY)
    for fields in ({}, {"valid_from": TODAY + DAY}, {"valid_until": TODAY}):
        with pytest.raises(AlreadyLicensed):
            granted(brand, marketplace, alice, **fields)
    granted(brand, marketplace, alice, valid_from=TODAY + 2 * DAY)
    granted(brand, marketplace, alice, design=factories.design(brand))
    granted(brand, marketplace, alice, seller_id="seller-2")
    granted(brand, factories.marketplace("Souk"), alice)
    revoke_licence(licence=first, by=alice)
    granted(brand, marketplace, alice, valid_until=TODAY)


def test_revoking_twice_is_the_same_as_once(
    brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    licence = factories.licence(brand, marketplace)
    first = revoke_licence(licence=licence, by=alice)
    again = revoke_licence(licence=licence, by=factories.staff())
    assert first.revoked_at == again.revoked_at
    assert again.revoked_by == alice
    assert AuditEvent.objects.filter(action="licence.revoked").count() == 1
