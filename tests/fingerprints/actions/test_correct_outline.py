"""An owner corrects what of a photograph is registered."""

import pytest
from django.contrib.auth.models import User

from accounts.models import AuditEvent, Marketplace
from detection.review.assessments import assessments_of
from fingerprints.actions.correct_outline import NotAnOutline, NotEnrolled, correct_outline
from fingerprints.actions.register import Retired
from fingerprints.actions.retire import remove_view, retire_design
from fingerprints.models import Brand, DesignImage, Fingerprint, IndexChange
from tests import factories
from tests.fingerprints.photographs import SHELF, enrol, in_a_shop, official, views
from vision.encoders.base import Encoder
from vision.geometry.polygons import Polygon

TRIANGLE = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75)]


@pytest.fixture
def shot(brand: Brand, fake_encoder: Encoder) -> DesignImage:
    """The photograph that was added to an official picture."""
    return views(brand, fake_encoder, official(), in_a_shop())[1]


def corrected(
    shot: DesignImage, outline: Polygon | None, by: User, encoder: Encoder
) -> DesignImage:
    """The enrolled view with this outline."""
    made = correct_outline(view=shot, outline=outline, by=by)
    enrol(shot.design, encoder)
    made.refresh_from_db()
    return made


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
    assert made.position == 1  # it takes the other's place on the page
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
    made = corrected(shot, None, alice, fake_encoder)
    assert (made.outline, made.outline_by, made.width) == (None, "owner", SHELF.shape[1])


def test_what_was_held_for_the_replaced_view_stays_held(
    shot: DesignImage, alice: User, fake_encoder: Encoder, marketplace: Marketplace
) -> None:
    image = factories.listing_image(factories.listing(marketplace))
    factories.match(image, shot)
    corrected(shot, TRIANGLE, alice, fake_encoder)
    assert [one.match.view_id for one in assessments_of(image.listing)] == [shot.pk]


def test_removing_a_view_removes_what_it_replaced(
    shot: DesignImage, alice: User, fake_encoder: Encoder
) -> None:
    made = corrected(shot, TRIANGLE, alice, fake_encoder)
    remove_view(view=made, by=alice)
    shot.refresh_from_db()
    assert shot.state == "removed"


def test_removing_a_view_removes_its_correction_too(shot: DesignImage, alice: User) -> None:
    made = correct_outline(view=shot, outline=TRIANGLE, by=alice)
    remove_view(view=shot, by=alice)
    made.refresh_from_db()
    assert made.state == "removed"


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
