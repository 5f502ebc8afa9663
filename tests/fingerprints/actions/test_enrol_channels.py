"""Which designs are enrolled in which channel."""

from dataclasses import replace

import numpy as np
import pytest
from django.contrib.auth.models import User

from fingerprints.actions.enrol import enrol_design
from fingerprints.actions.enrol_channels import enrol_in_channels, lacking
from fingerprints.actions.retire import retire_design
from fingerprints.models import Brand, Design, IndexChange
from tests import toy_channel
from tests.fake_encoder import SPEC, OfShapes, OfThings
from tests.logos import disc_logo, letter
from tests.matchers import channels, registered
from tests.pictures import drawn
from tests.toy_channel.channel import TONES, ToneChannel, Tones
from vision.encoders.base import Encoder
from vision.encoders.generation import generation_of
from vision.pictures.picture import Picture

CHANNELS = channels(OfThings(), OfShapes())
THINGS, LOGOS = generation_of(OfThings.spec), generation_of(OfShapes.spec)
OF_A_THING = [(THINGS, "grey"), (THINGS, "original"), (THINGS, "whole")]


def rows(design: Design) -> list[tuple[str, str]]:
    found = design.images.get().fingerprints.exclude(generation=generation_of(SPEC))
    return sorted(found.values_list("generation", "variant"))


@pytest.mark.parametrize(
    ("kind", "picture", "expected"),
    [
        ("object", drawn(1), OF_A_THING),
        ("packaging", drawn(1), []),
        ("photo", drawn(1), []),
        ("logo", letter(), [(LOGOS, "mirrored"), (LOGOS, "original")]),
        ("logo", disc_logo(), []),
        ("logo", np.full((90, 90, 3), 128, np.uint8), []),
        ("photo", letter(), []),
    ],
    ids=["object", "packaging", "photo", "logo", "plain logo", "no logo", "letter on a photo"],
)
def test_a_design_is_enrolled_in_the_channel_of_its_kind(
    brand: Brand,
    fake_encoder: Encoder,
    kind: str,
    picture: Picture,
    expected: list[tuple[str, str]],
) -> None:
    design = registered(brand, np.asarray(picture, np.uint8), design_kind=kind)
    enrol_design(design=design, encoder=fake_encoder, channels=CHANNELS)
    assert rows(design) == sorted(expected)


def test_a_channel_that_is_off_enrols_nothing(brand: Brand, fake_encoder: Encoder) -> None:
    design = registered(brand, letter(), design_kind="logo")
    enrol_design(design=design, encoder=fake_encoder, channels=channels(OfThings()))
    assert rows(design) == []


def test_a_retired_design_leaves_its_channel_s_index(
    brand: Brand, alice: User, fake_encoder: Encoder
) -> None:
    design = registered(brand, letter(), design_kind="logo")
    enrol_design(design=design, encoder=fake_encoder, channels=CHANNELS)
    retire_design(design=design, by=alice)
    journal = IndexChange.objects.filter(generation=LOGOS).order_by("number")
    assert list(journal.values_list("operation", flat=True)) == ["add", "add", "remove", "remove"]


def test_designs_registered_before_are_enrolled_once(brand: Brand, fake_encoder: Encoder) -> None:
    thing, logo = (
        registered(brand, drawn(1), design_kind="object"),
        registered(brand, letter(), design_kind="logo"),
    )
    photo = registered(brand, drawn(2), design_kind="photo")
    for design in (thing, logo, photo):
        enrol_design(design=design, encoder=fake_encoder, channels=channels())
    views = list(lacking(CHANNELS))
    assert {view.design_id for view in views} == {thing.pk, logo.pk}
    assert [enrol_in_channels(image=view, channels=CHANNELS) for view in views] == [True, True]
    assert not list(lacking(CHANNELS))
    assert not enrol_in_channels(image=views[0], channels=CHANNELS)
    assert rows(thing) == OF_A_THING
    assert IndexChange.objects.filter(generation=LOGOS).count() == 2


def test_a_view_that_two_channels_lack_is_enrolled_in_both_at_once(
    brand: Brand, fake_encoder: Encoder
) -> None:
    tones = ToneChannel(Tones())
    tones.spec = replace(tones.spec, design_kinds=frozenset({"object"}))
    both = {**CHANNELS, toy_channel.NAME: tones}
    thing = registered(brand, drawn(1), design_kind="object")
    enrol_design(design=thing, encoder=fake_encoder, channels=channels())
    [view] = lacking(both)
    assert enrol_in_channels(image=view, channels=both)
    assert rows(thing) == sorted([*OF_A_THING, (generation_of(TONES), "original")])


def test_what_has_no_logo_or_was_retired_meanwhile_is_passed_over(
    brand: Brand, alice: User, fake_encoder: Encoder
) -> None:
    plain, gone = (
        registered(brand, disc_logo(), design_kind="logo"),
        registered(brand, letter(), design_kind="logo"),
    )
    for design in (plain, gone):
        enrol_design(design=design, encoder=fake_encoder, channels=channels())
    views = list(lacking(CHANNELS))
    retire_design(design=gone, by=alice)
    assert [enrol_in_channels(image=view, channels=CHANNELS) for view in views] == [False, False]
