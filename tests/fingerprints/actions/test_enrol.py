"""A design's views become findable, or are refused with the reason."""

import shutil

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent
from brandguard.kernel.transient import StorageAway
from fingerprints.actions.enrol import GAVE_UP, MAX_ATTEMPTS, enrol_design, enrol_view
from fingerprints.actions.retire import retire_design
from fingerprints.models import Brand, Design, DesignImage, Fingerprint, IndexChange
from tests.commonplace import disc
from tests.fingerprints.scenes import VARIANTS, awaiting
from tests.matchers import channels
from tests.pictures import drawn, encoded, photograph
from vision.encoders.base import Encoder
from vision.encoders.generation import generation_of
from vision.geometry.features import LocalFeatures
from vision.pictures.decode import decode
from vision.pictures.encode import from_png
from vision.pictures.picture import Picture, pixel_sha256


def test_an_enrolled_view_has_every_variant(brand: Brand, fake_encoder: Encoder) -> None:
    view = awaiting(brand)
    enrol_design(design=view.design, encoder=fake_encoder, channels=channels())
    rows = view.fingerprints.order_by("pk")
    assert [row.variant for row in rows] == VARIANTS
    assert {row.generation for row in rows} == {generation_of(fake_encoder.spec)}


def test_an_enrolled_view_knows_its_size_and_pixels(brand: Brand, fake_encoder: Encoder) -> None:
    view = awaiting(brand)
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    view.refresh_from_db()
    assert (view.state, view.width, view.height) == ("enrolled", 240, 160)
    assert view.pixel_sha256 == pixel_sha256(drawn(1))
    with view.preview.open() as preview:
        assert decode(preview.read()).format == "JPEG"


@pytest.mark.parametrize(
    ("variant", "picture"),
    [
        ("original", drawn(1)),
        ("inverted", 255 - drawn(1)),
    ],
)
def test_each_variant_is_found_by_the_picture_so_altered(
    brand: Brand, fake_encoder: Encoder, variant: str, picture: Picture
) -> None:
    view = awaiting(brand)
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    row = view.fingerprints.get(variant=variant)
    [vector] = fake_encoder.embed([np.ascontiguousarray(picture)])
    assert float(np.frombuffer(row.vector, "<f4") @ vector) == pytest.approx(1, abs=1e-4)


def test_the_original_carries_local_features_and_thumbnail(
    brand: Brand, fake_encoder: Encoder
) -> None:
    view = awaiting(brand)
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    original, inverted = view.fingerprints.order_by("pk")
    assert len(LocalFeatures.from_bytes(bytes(original.features))) > 10
    assert len(bytes(original.features)) <= 64 * 1024
    assert from_png(bytes(original.thumbnail)).shape == (107, 160, 3)
    assert not inverted.features
    assert not inverted.thumbnail


def test_a_view_with_too_little_in_it_is_enrolled_with_a_warning(
    brand: Brand, fake_encoder: Encoder
) -> None:
    view = awaiting(brand, encoded(disc()))
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    view.refresh_from_db()
    assert view.state == "enrolled"
    assert "too_little_to_match_on" in [warning["code"] for warning in view.warnings]


def test_a_view_with_enough_in_it_has_no_warning(brand: Brand, fake_encoder: Encoder) -> None:
    view = awaiting(brand, encoded(photograph("coffee.png")))
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    view.refresh_from_db()
    assert view.warnings == []


def test_fingerprints_and_journal_are_written_together(brand: Brand, fake_encoder: Encoder) -> None:
    enrol_view(image=awaiting(brand), encoder=fake_encoder, channels=channels())
    journal = IndexChange.objects.order_by("number")
    assert [change.fingerprint_id for change in journal] == list(
        Fingerprint.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert {change.operation for change in journal} == {"add"}


def test_enrolling_twice_leaves_the_same_rows(brand: Brand, fake_encoder: Encoder) -> None:
    view = awaiting(brand)
    stale = DesignImage.objects.get(pk=view.pk)
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    before = list(Fingerprint.objects.values_list("pk"))
    enrol_view(image=stale, encoder=fake_encoder, channels=channels())
    assert list(Fingerprint.objects.values_list("pk")) == before
    assert IndexChange.objects.count() == len(VARIANTS)
    assert AuditEvent.objects.filter(action="view.enrolled").count() == 1


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_damaged_view_is_refused_with_the_reason(
    brand: Brand, fake_encoder: Encoder, share: float
) -> None:
    """Even where most of it could be had: of a copy a part will do, of what is registered it will not."""
    data = encoded(drawn(1))
    view = awaiting(brand, data[: int(share * len(data))])
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    view.refresh_from_db()
    assert view.state == "refused"
    assert view.error
    assert view.error["code"] == "image_unreadable"
    assert AuditEvent.objects.get(action="view.refused").data["code"] == "image_unreadable"
    assert not Fingerprint.objects.exists()


def test_a_damaged_view_leaves_the_others(brand: Brand, fake_encoder: Encoder) -> None:
    bad = awaiting(brand, b"not a picture")
    good = DesignImage.objects.create(
        design=bad.design,
        position=1,
        name="back.png",
        file=ContentFile(encoded(drawn(2)), "back.png"),
        sha256="1" * 64,
    )
    enrol_design(design=bad.design, encoder=fake_encoder, channels=channels())
    states = bad.design.images.order_by("position").values_list("state", flat=True)
    assert list(states) == ["refused", "enrolled"]
    assert good.fingerprints.count() == len(VARIANTS)


def test_a_view_that_ended_its_workers_too_often_is_refused(
    brand: Brand, fake_encoder: Encoder
) -> None:
    view = awaiting(brand, attempts=MAX_ATTEMPTS)
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    view.refresh_from_db()
    assert (view.state, view.error) == ("refused", GAVE_UP)


def test_a_disk_that_is_away_costs_no_attempt(
    brand: Brand, fake_encoder: Encoder, settings: Settings
) -> None:
    view = awaiting(brand)
    shutil.rmtree(settings.MEDIA_ROOT)
    with pytest.raises(StorageAway):
        enrol_view(image=view, encoder=fake_encoder, channels=channels())
    view.refresh_from_db()
    assert (view.state, view.attempts) == ("pending", 0)


def test_a_view_whose_file_is_missing_is_refused_and_says_so(
    brand: Brand, fake_encoder: Encoder
) -> None:
    view = awaiting(brand)
    view.file.storage.delete(view.file.name or "")
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    view.refresh_from_db()
    assert (view.state, (view.error or {})["code"]) == ("refused", "file_lost")
    assert not Design.objects.awaiting_enrolment().exists()


def test_a_design_retired_meanwhile_is_not_enrolled(
    brand: Brand, fake_encoder: Encoder, alice: User
) -> None:
    view = awaiting(brand)
    retire_design(design=view.design, by=alice)
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    assert not Fingerprint.objects.exists()
    assert not Design.objects.awaiting_enrolment().exists()
