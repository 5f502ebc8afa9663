"""What of a photograph is registered, and how an owner corrects that."""

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from accounts.models import AuditEvent, Marketplace
from detection.review.assessments import assessments_of
from fingerprints.actions.enrol import enrol_design
from fingerprints.actions.outline import NotAnOutline, NotEnrolled, correct_outline
from fingerprints.actions.register import Retired
from fingerprints.actions.retire import remove_view, retire_design
from fingerprints.models import Brand, Design, DesignImage, Fingerprint, IndexChange
from tests import factories
from tests.matchers import channels
from tests.pictures import drawn, encoded, photograph
from vision.encoders.base import Encoder
from vision.geometry.polygons import Polygon
from vision.pictures.decode import decode
from vision.pictures.picture import Picture

CARTON = drawn(3, width=180, height=240)
SHELF = photograph("coffee.png")
TRIANGLE = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75)]


def in_a_shop(carton: Picture = CARTON) -> Picture:
    made = SHELF.copy()
    made[100:340, 200:380] = carton
    return made


def official() -> Picture:
    made = np.full((320, 260, 3), 255, np.uint8)
    made[40:280, 40:220] = CARTON
    return made


def views(
    brand: Brand, encoder: Encoder, *pictures: Picture, kind: str = "packaging"
) -> list[DesignImage]:
    design = factories.design(brand, design_kind=kind)
    for position, picture in enumerate(pictures):
        DesignImage.objects.create(
            design=design,
            position=position,
            name=f"{position}.png",
            file=ContentFile(encoded(picture), f"{position}.png"),
            sha256="0" * 64,
        )
    enrol(design, encoder)
    return list(design.images.order_by("position"))


def enrol(design: Design, encoder: Encoder) -> None:
    enrol_design(design=design, encoder=encoder, channels=channels())


def codes(view: DesignImage) -> list[str]:
    return [warning["code"] for warning in view.warnings]


@pytest.fixture
def shot(brand: Brand, fake_encoder: Encoder) -> DesignImage:
    """The photograph that was added to an official picture."""
    return views(brand, fake_encoder, official(), in_a_shop())[1]


def test_of_an_added_photograph_the_goods_alone_are_registered(shot: DesignImage) -> None:
    assert shot.outline_by == DesignImage.OutlineBy.VIEWS
    assert shot.width == pytest.approx(180, abs=12)
    assert shot.height == pytest.approx(240, abs=12)
    with shot.preview.open() as goods, shot.photograph.open() as whole:
        assert decode(goods.read()).pixels.shape[:2] == (shot.height, shot.width)
        assert decode(whole.read()).pixels.shape == SHELF.shape


def test_the_first_view_is_registered_whole(brand: Brand, fake_encoder: Encoder) -> None:
    [view] = views(brand, fake_encoder, in_a_shop())
    assert (view.outline, view.outline_by, view.width) == (None, "", SHELF.shape[1])
    assert not view.photograph
    assert "goods_not_told_apart" not in codes(view)


def test_a_photograph_of_another_side_is_registered_whole_and_the_owner_is_asked(
    brand: Brand, fake_encoder: Encoder
) -> None:
    back = drawn(8, width=180, height=240)
    _, view = views(brand, fake_encoder, official(), in_a_shop(back))
    assert (view.outline, view.width) == (None, SHELF.shape[1])
    assert "goods_not_told_apart" in codes(view)


def test_a_picture_on_plain_ground_needs_no_outline(brand: Brand, fake_encoder: Encoder) -> None:
    _, view = views(brand, fake_encoder, in_a_shop(), official())
    assert (view.outline, codes(view)) == (None, [])


def test_of_a_photo_design_the_whole_picture_is_the_design(
    brand: Brand, fake_encoder: Encoder
) -> None:
    _, view = views(brand, fake_encoder, official(), in_a_shop(), kind="photo")
    assert view.outline is None


def test_goods_are_told_by_views_with_an_outline_too(brand: Brand, fake_encoder: Encoder) -> None:
    _, _, third = views(brand, fake_encoder, official(), in_a_shop(), in_a_shop()[40:, 60:])
    assert third.outline_by == DesignImage.OutlineBy.VIEWS


def test_a_corrected_outline_makes_a_view_that_replaces_the_first(
    shot: DesignImage, alice: User, fake_encoder: Encoder
) -> None:
    before = set(shot.fingerprints.values_list("pk", flat=True))
    made = correct_outline(view=shot, outline=TRIANGLE, by=alice)
    shot.refresh_from_db()
    assert (shot.state, made.state) == ("enrolled", "pending")  # protected meanwhile
    enrol(shot.design, fake_encoder)
    shot.refresh_from_db()
    made.refresh_from_db()
    assert (shot.state, made.state) == ("replaced", "enrolled")
    assert (made.outline, made.outline_by) == ([list(corner) for corner in TRIANGLE], "owner")
    assert made.width == pytest.approx(0.5 * SHELF.shape[1], abs=2)
    removed = IndexChange.objects.filter(operation="remove").values_list(
        "fingerprint_id", flat=True
    )
    assert set(removed) == before
    assert not Fingerprint.objects.searchable().filter(image=shot).exists()
    assert (
        AuditEvent.objects.filter(action="view.outline_corrected", subject_id=shot.pk).count() == 1
    )


def test_the_owner_may_have_the_whole_picture_registered(
    shot: DesignImage, alice: User, fake_encoder: Encoder
) -> None:
    made = correct_outline(view=shot, outline=None, by=alice)
    enrol(shot.design, fake_encoder)
    made.refresh_from_db()
    assert (made.outline, made.outline_by, made.width) == (None, "owner", SHELF.shape[1])


def test_what_was_held_for_the_replaced_view_stays_held(
    shot: DesignImage, alice: User, fake_encoder: Encoder, marketplace: Marketplace
) -> None:
    image = factories.listing_image(factories.listing(marketplace))
    factories.match(image, shot)
    correct_outline(view=shot, outline=TRIANGLE, by=alice)
    enrol(shot.design, fake_encoder)
    assert [one.match.view_id for one in assessments_of(image.listing)] == [shot.pk]


def test_removing_a_view_removes_what_it_replaced(
    shot: DesignImage, alice: User, fake_encoder: Encoder
) -> None:
    made = correct_outline(view=shot, outline=TRIANGLE, by=alice)
    enrol(shot.design, fake_encoder)
    made.refresh_from_db()
    remove_view(view=made, by=alice)
    shot.refresh_from_db()
    assert shot.state == "removed"


def test_a_refused_correction_leaves_the_view_as_it_is(
    shot: DesignImage, alice: User, fake_encoder: Encoder
) -> None:
    made = correct_outline(view=shot, outline=TRIANGLE, by=alice)
    made.refuse({"code": "gave_up", "message": "No.", "remedy": "Try again."})
    enrol(shot.design, fake_encoder)
    shot.refresh_from_db()
    assert shot.state == "enrolled"
    assert correct_outline(view=shot, outline=TRIANGLE, by=alice).state == "pending"


@pytest.mark.parametrize(
    "outline",
    [
        [(0.1, 0.1), (0.9, 0.9)],
        [(0.1, 0.1), (0.9, 0.1), (0.9, 1.2)],
        [(0.1, 0.1), (0.9, 0.1), (0.9, float("nan"))],
        [(0.1, 0.1), (0.9, 0.1), (0.5, 0.1)],
        [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9)] * 20,
    ],
    ids=["two corners", "beyond", "no number", "a line", "too many"],
)
def test_what_is_no_outline_is_refused(shot: DesignImage, alice: User, outline: Polygon) -> None:
    with pytest.raises(NotAnOutline):
        correct_outline(view=shot, outline=outline, by=alice)
    assert not shot.replacements.exists()


def test_one_correction_at_a_time(shot: DesignImage, alice: User) -> None:
    correct_outline(view=shot, outline=TRIANGLE, by=alice)
    with pytest.raises(NotEnrolled):
        correct_outline(view=shot, outline=TRIANGLE, by=alice)


def test_a_retired_design_is_not_corrected(shot: DesignImage, alice: User) -> None:
    retire_design(design=shot.design, by=alice)
    with pytest.raises(Retired):
        correct_outline(view=shot, outline=TRIANGLE, by=alice)
