"""When and where a right is in force."""

from datetime import date
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from fingerprints.models import Brand, Right
from tests import factories
from tests.fingerprints.scenes import DAY, TODAY


@pytest.mark.parametrize(
    ("fields", "day", "force"),
    [
        ({}, TODAY, True),
        ({"verified": False}, TODAY, False),
        ({"valid_from": TODAY}, TODAY, True),
        ({"valid_from": TODAY + DAY}, TODAY, False),
        ({"valid_until": TODAY}, TODAY, True),
        ({"valid_until": TODAY}, TODAY + DAY, False),  # whether or not the sweep has passed
        ({"state": "expired", "expired_at": timezone.now()}, TODAY, False),
    ],
)
def test_a_right_is_in_force_once_verified_and_within_its_days(
    fields: dict[str, Any], day: date, force: object, brand: Brand
) -> None:
    right = factories.right(brand, **fields)
    assert Right.objects.in_force(day).exists() is force
    assert right.is_in_force(day) is force


def test_a_right_covers_its_designs_where_it_is_in_force(brand: Brand) -> None:
    bottle, can = factories.design(brand), factories.design(brand)
    other = factories.design(factories.brand(brand.organisation, "Pop"))
    everything = factories.right(brand, territories=["DE"])
    limited = factories.right(brand, territories=["EU"], designs=[bottle])

    def covering(design: Any, *territories: str) -> set[Right]:
        return set(Right.objects.covering(design, territories=territories, on=TODAY))

    assert covering(bottle, "DE") == {everything, limited}
    assert covering(can, "DE") == {everything}
    assert covering(bottle, "FR") == {limited}
    assert covering(can, "FR") == set()
    assert covering(can) == {everything}
    assert covering(other, "DE") == set()
    assert limited.covers(bottle, territories=["FR", "US"], on=TODAY) == {"FR"}


def test_a_right_never_grows_because_a_design_goes(brand: Brand) -> None:
    design = factories.design(brand)
    factories.right(brand, designs=[design])
    with pytest.raises(ProtectedError):
        design.delete()
