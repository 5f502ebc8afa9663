"""Whatever changes what a brand may restrict is told within the transaction that changes it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse

from fingerprints.actions.brands import change_brand
from fingerprints.actions.retire import retire_design
from fingerprints.actions.verify import verify_organisation
from fingerprints.models import AuditEvent, Brand, Organisation
from fingerprints.signals import claims_changed
from tests import factories

type Told = list[Brand]


@pytest.fixture
def told() -> Iterator[Told]:
    """The brands of which it was told, in order."""
    brands: Told = []

    def listen(brand: Brand, **_: Any) -> None:
        assert connection.in_atomic_block
        brands.append(brand)

    claims_changed.connect(listen)
    yield brands
    claims_changed.disconnect(listen)


def verify(brand: Brand, _: User) -> None:
    Organisation.objects.update(verified_at=None, verified_by=None)
    verify_organisation(organisation=brand.organisation, by=factories.staff())


def change_in_admin(brand: Brand, _: User) -> None:
    page = reverse("admin:fingerprints_brand_change", args=[brand.pk])
    given = {"name": brand.name, "review_threshold": 85, "block_threshold": 99}
    factories.signed_in(factories.staff()).post(page, given)


CHANGES: dict[str, Callable[[Brand, User], object]] = {
    "a design retired": lambda brand, by: retire_design(design=factories.design(brand), by=by),
    "an organisation verified": verify,
    "when to hold": lambda brand, by: change_brand(brand=brand, by=by, review_threshold=80),
    "when to block": lambda brand, by: change_brand(brand=brand, by=by, block_threshold=98),
    "whether to block": lambda brand, by: change_brand(
        brand=brand, by=by, blocks_without_review=True
    ),
    "by the operator": change_in_admin,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_claim_is_told(
    change: Callable[[Brand, User], object], brand: Brand, alice: User, told: Told
) -> None:
    change(brand, alice)
    assert told == [brand]


def test_a_new_name_claims_nothing(brand: Brand, alice: User, told: Told) -> None:
    change_brand(brand=brand, by=alice, name="Pop", review_threshold=brand.review_threshold)
    assert not told


def test_a_change_that_cannot_be_told_is_not_made(brand: Brand, alice: User) -> None:
    def fail(**_: Any) -> None:
        raise OSError

    claims_changed.connect(fail)
    try:
        with pytest.raises(OSError):  # noqa: PT011 - it says nothing
            change_brand(brand=brand, by=alice, review_threshold=80)
    finally:
        claims_changed.disconnect(fail)
    brand.refresh_from_db()
    assert brand.review_threshold == 85
    assert not AuditEvent.objects.exists()
