"""Uploaded files become rows: names of our own on the disk, the others told what is wrong."""

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile, File
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent
from fingerprints.actions.register import register_design
from fingerprints.models import Brand, Design, DesignImage
from fingerprints.pictures.received import NoReadableImage, WrongNumberOfImages, receive
from tests.factories import upload
from tests.pictures import drawn, encoded

HOSTILE = [
    "../../../etc/passwd.png",
    "..\\..\\boot.PNG",
    "/etc/cron.d/x.png",
    "a\nb.png",
    "x" * 400,
]


def registered(brand: Brand, by: User, *files: File[bytes]) -> Design:
    return register_design(
        brand=brand, name="Bottle", design_kind="packaging", files=[*files], by=by
    )


@pytest.mark.parametrize("name", [*HOSTILE, ".png", "", None])
def test_a_hostile_name_never_reaches_the_disk(
    brand: Brand, alice: User, settings: Settings, name: str | None
) -> None:
    file = ContentFile(encoded(drawn()), name)
    [view] = registered(brand, alice, file).images.all()
    stored, root = Path(view.file.path), Path(settings.MEDIA_ROOT)
    assert stored.resolve().is_relative_to(root.resolve())
    assert stored.parent.parent == root / "designs"
    assert len(stored.stem) == 32
    assert stored.read_bytes() == encoded(drawn())


def test_a_harmful_ending_is_dropped_and_a_harmless_one_kept(brand: Brand, alice: User) -> None:
    png = encoded(drawn())
    files = [ContentFile(png, name) for name in ("a.html", "b.svg", "c.png.exe", "d.JPEG")]
    views = registered(brand, alice, *files).images.order_by("position")
    assert [Path(view.file.name or "").suffix for view in views] == ["", "", "", ".jpeg"]


def test_the_sender_s_name_is_kept_as_a_word_only(brand: Brand, alice: User) -> None:
    [view] = registered(brand, alice, ContentFile(encoded(drawn()), "../front.png")).images.all()
    assert view.name == "../front.png"


def test_stored_files_are_closed_to_other_users(brand: Brand, alice: User) -> None:
    [view] = registered(brand, alice, upload()).images.all()
    stored = Path(view.file.path)
    assert stored.stat().st_mode & 0o077 == 0
    assert stored.parent.stat().st_mode & 0o077 == 0


def test_a_bad_picture_among_good_ones_is_kept_with_its_reason(brand: Brand, alice: User) -> None:
    design = registered(brand, alice, upload(), upload(b"<svg/>", "logo.png"), upload())
    good, bad, last = design.images.order_by("position")
    assert [good.state, bad.state, last.state] == ["pending", "refused", "pending"]
    assert bad.error == {
        "code": "image_type",
        "message": "This file is not a picture of a supported type.",
        "remedy": "Send PNG, JPEG, WebP, AVIF, GIF, HEIC, TIFF or BMP.",
    }


def test_registering_leaves_an_audit_event(brand: Brand, alice: User) -> None:
    design = registered(brand, alice, upload())
    event = AuditEvent.objects.get(action="design.registered")
    assert (event.actor, event.subject_id) == ("alice", str(design.pk))


def test_only_unreadable_pictures_register_nothing(brand: Brand, alice: User) -> None:
    with pytest.raises(NoReadableImage) as refused:
        registered(brand, alice, upload(b"one", "1.png"), upload(b"", "2.png"))
    reasons = refused.value.details["images"]
    assert [reason["code"] for reason in reasons] == ["image_type", "image_unreadable"]
    assert not Design.objects.exists()
    assert not DesignImage.objects.exists()


def test_one_picture_too_many_is_refused_with_the_limit(settings: Settings) -> None:
    settings.MAX_IMAGES = 2
    with pytest.raises(WrongNumberOfImages) as refused:
        receive([upload(), upload(), upload()])
    assert refused.value.field == "images"
    assert "1 to 2" in refused.value.remedy


def test_no_picture_at_all_is_refused() -> None:
    with pytest.raises(WrongNumberOfImages):
        receive([])


def test_of_a_file_that_is_too_large_no_more_is_read_than_shows_it(settings: Settings) -> None:
    good = encoded(drawn())
    settings.MAX_IMAGE_BYTES = len(good)
    fine, large = receive([upload(good), upload(good + bytes(5000))])
    assert fine.error is None
    assert large.error
    assert large.error["code"] == "image_too_large"
    assert large.file.size == len(good) + 1


def test_the_hash_is_of_the_bytes_that_were_sent() -> None:
    [received] = receive([upload()])
    assert received.sha256 == hashlib.sha256(encoded(drawn())).hexdigest()


def test_the_size_is_known_before_a_picture_is_decoded(brand: Brand, alice: User) -> None:
    """Long pictures of a listing come last."""
    broken = upload(b"no picture", "broken.png")
    good = upload(encoded(drawn(width=300, height=90)), "good.png")
    first, second = registered(brand, alice, good, broken).images.order_by("position")
    assert (first.width, first.height) == (300, 90)
    assert (second.width, second.height) == (None, None)
