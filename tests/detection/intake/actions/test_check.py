"""Checks of nearly the same pictures are counted by seller."""

import pytest

from accounts.models import Marketplace
from detection.intake.actions.check import MAX_ALIKE, too_many_alike
from tests import factories


@pytest.mark.parametrize(
    ("earlier", "seller", "bits", "many"),
    [
        (MAX_ALIKE, "seller-1", 0, True),
        (MAX_ALIKE, "seller-1", 0xFF, True),
        (MAX_ALIKE, "seller-1", 0xFFFF, False),
        (MAX_ALIKE, "seller-2", 0, False),
        (MAX_ALIKE - 1, "seller-1", 0, False),
    ],
)
def test_nearly_the_same_pictures_of_one_seller_are_counted(
    marketplace: Marketplace, earlier: int, seller: str, bits: int, *, many: bool
) -> None:
    for number in range(earlier + 1):
        last = factories.listing(
            marketplace, purpose="check", seller_id="seller-1" if number == earlier else seller
        )
        alike = 12345 if number == earlier else 12345 ^ bits
        factories.listing_image(last, perceptual_hash=alike)
    assert too_many_alike(last) is many


def test_trials_in_the_sandbox_are_counted_by_themselves(marketplace: Marketplace) -> None:
    live = factories.listing(marketplace, purpose="check")
    factories.listing_image(live, perceptual_hash=0)
    for _ in range(MAX_ALIKE + 1):
        trial = factories.listing(marketplace, purpose="check", sandbox=True)
        factories.listing_image(trial, perceptual_hash=0)
    assert too_many_alike(trial)
    assert not too_many_alike(live)


def test_of_a_seller_s_checks_no_more_than_the_latest_are_compared(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MAX_ALIKE + 1):
        last = factories.listing(marketplace, purpose="check", external_id=f"check-{number}")
        factories.listing_image(last, perceptual_hash=0)
    assert too_many_alike(last)
    monkeypatch.setattr("detection.intake.actions.check.MAX_COMPARED", MAX_ALIKE - 1)
    assert not too_many_alike(last)
