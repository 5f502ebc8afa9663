"""Warnings of poor pictures and of duplicates."""

from fingerprints.actions.enrol import enrol_view
from fingerprints.models import Brand
from tests import factories
from tests.fingerprints.scenes import awaiting
from tests.matchers import channels
from tests.pictures import encoded, photograph
from vision.encoders.base import Encoder


def test_a_poor_picture_and_a_duplicate_are_warned_of(brand: Brand, fake_encoder: Encoder) -> None:
    first = awaiting(brand, encoded(photograph("coffee.png")))
    enrol_view(image=first, encoder=fake_encoder, channels=channels())
    second = awaiting(brand, encoded(photograph("coffee.png"), "JPEG", quality=60))
    enrol_view(image=second, encoder=fake_encoder, channels=channels())
    second.refresh_from_db()
    assert second.state == "enrolled"
    (warning,) = second.warnings
    assert (warning["code"], warning["view"]) == ("duplicate", str(first.pk))
    small = awaiting(brand)
    enrol_view(image=small, encoder=fake_encoder, channels=channels())
    small.refresh_from_db()
    assert "small" in {warning["code"] for warning in small.warnings}


def test_another_organisation_s_duplicate_is_not_told_of(
    brand: Brand, fake_encoder: Encoder
) -> None:
    theirs = factories.brand(factories.organisation("Theirs"))
    data = encoded(photograph("coffee.png"))
    enrol_view(image=awaiting(theirs, data), encoder=fake_encoder, channels=channels())
    mine = awaiting(brand, data)
    enrol_view(image=mine, encoder=fake_encoder, channels=channels())
    mine.refresh_from_db()
    assert mine.warnings == []
