"""Which designs are enrolled in which lane."""

from dataclasses import replace

import numpy as np
import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings
from vision.channels.encoders import NO_LANES, Lanes, load_lanes

from fingerprints.actions.enrol import enrol_design
from fingerprints.actions.enrol_channels import enrol_in_channels, lacking
from fingerprints.actions.retire import retire_design
from fingerprints.models import Brand, Design, IndexChange
from tests.fake_encoder import SPEC, FakeEncoder
from tests.logos import disc_mark, letter
from tests.matchers import registered
from tests.pictures import drawn
from vision.encoders.base import Encoder
from vision.encoders.generation import generation_of
from vision.pictures.decode import Picture


class OfThings(FakeEncoder):
    spec = replace(SPEC, name="fake-things")


class OfMarks(FakeEncoder):
    spec = replace(SPEC, name="fake-marks", input_side=64)


LANES = Lanes(OfThings(), OfMarks())
THINGS, MARKS = generation_of(OfThings.spec), generation_of(OfMarks.spec)


def rows(design: Design) -> list[tuple[str, str]]:
    found = design.images.get().fingerprints.exclude(generation=generation_of(SPEC))
    return sorted(found.values_list("generation", "variant"))


@pytest.mark.parametrize(
    ("kind", "picture", "expected"),
    [
        ("object", drawn(1), [(THINGS, "original")]),
        ("packaging", drawn(1), [(THINGS, "original")]),
        ("photo", drawn(1), []),
        ("logo", letter(), [(MARKS, "mirrored"), (MARKS, "original")]),
        ("logo", disc_mark(), []),
        ("logo", np.full((90, 90, 3), 128, np.uint8), []),
        ("photo", letter(), []),
    ],
    ids=["object", "packaging", "photo", "logo", "plain logo", "no logo", "letter on a photo"],
)
def test_a_design_is_enrolled_in_the_lane_of_its_kind(
    brand: Brand,
    fake_encoder: Encoder,
    kind: str,
    picture: Picture,
    expected: list[tuple[str, str]],
) -> None:
    design = registered(brand, np.asarray(picture, np.uint8), design_kind=kind)
    enrol_design(design=design, encoder=fake_encoder, lanes=LANES)
    assert rows(design) == sorted(expected)


def test_a_lane_that_is_off_enrols_nothing(brand: Brand, fake_encoder: Encoder) -> None:
    design = registered(brand, letter(), design_kind="logo")
    enrol_design(design=design, encoder=fake_encoder, lanes=Lanes(objects=OfThings()))
    assert rows(design) == []


def test_a_retired_design_leaves_its_lane_s_index(
    brand: Brand, alice: User, fake_encoder: Encoder
) -> None:
    design = registered(brand, letter(), design_kind="logo")
    enrol_design(design=design, encoder=fake_encoder, lanes=LANES)
    retire_design(design=design, by=alice)
    journal = IndexChange.objects.filter(generation=MARKS).order_by("number")
    assert list(journal.values_list("operation", flat=True)) == ["add", "add", "remove", "remove"]


def test_designs_registered_before_are_enrolled_once(brand: Brand, fake_encoder: Encoder) -> None:
    solid, mark = (
        registered(brand, drawn(1), design_kind="object"),
        registered(brand, letter(), design_kind="logo"),
    )
    photo = registered(brand, drawn(2), design_kind="photo")
    for design in (solid, mark, photo):
        enrol_design(design=design, encoder=fake_encoder)
    views = list(lacking(LANES))
    assert {view.design_id for view in views} == {solid.pk, mark.pk}
    assert [enrol_in_channels(image=view, lanes=LANES) for view in views] == [True, True]
    assert not list(lacking(LANES))
    assert not enrol_in_channels(image=views[0], lanes=LANES)
    assert rows(solid) == [(THINGS, "original")]
    assert IndexChange.objects.filter(generation=MARKS).count() == 2


def test_what_has_no_mark_or_was_retired_meanwhile_is_passed_over(
    brand: Brand, alice: User, fake_encoder: Encoder
) -> None:
    plain, gone = (
        registered(brand, disc_mark(), design_kind="logo"),
        registered(brand, letter(), design_kind="logo"),
    )
    for design in (plain, gone):
        enrol_design(design=design, encoder=fake_encoder)
    views = list(lacking(LANES))
    retire_design(design=gone, by=alice)
    assert [enrol_in_channels(image=view, lanes=LANES) for view in views] == [False, False]


def test_both_lanes_can_be_switched_off(settings: Settings) -> None:
    settings.OBJECT_ENCODER = settings.LOGO_ENCODER = ""
    assert load_lanes() == NO_LANES
