"""The logo channel: which logos it looks at, and what it says of one that it found."""

from uuid import UUID, uuid4

import cv2
import numpy as np
import pytest

from tests.fake_encoder import FakeEncoder
from tests.logos import blank, crescent, disc_logo, letter, placed, two_bars
from tests.matchers import (
    calibration,
    channels,
    copy_view_of,
    described,
    evidence,
    found_in,
    memory,
    seen,
)
from tests.pictures import drawn, photograph
from tests.vision.channels.scenes import (
    LOGOS,
    REGION,
    Counting,
    Knowing,
    by_image,
    enrol,
    logo_match,
    registered_by_the_thousand,
)
from vision.channels.capping import FROM_A_BRAND
from vision.channels.channel import MIRRORED, ORIGINAL, Explanation, ViewDescription, ViewVector
from vision.channels.copy import NAME as COPY
from vision.channels.logo import NAME
from vision.channels.logo.alignment import align, placements
from vision.channels.logo.channel import LogoChannel, nearest_windows
from vision.channels.logo.ink import window_of
from vision.channels.logo.shapes import shape_of
from vision.channels.logo.windows import LogoMatch, LogoPicture
from vision.channels.register import View
from vision.encoders.base import Vectors
from vision.encoders.catalogue import load_encoder
from vision.geometry.regions import WHOLE
from vision.pictures.picture import Picture


def test_a_logo_is_retrieved_by_a_window_and_confirmed_by_its_shape() -> None:
    encoder = Knowing()
    of = channels(logos=encoder)
    register = memory(of)
    logo = enrol(register, letter(), "logo", of)
    listing = placed(letter(), photograph("coffee.png"), (255, 0, 255))
    match: LogoMatch = by_image(found_in(listing, register, of))[logo].findings[NAME]
    assert match.alignment.outline > 0.85
    assert encoder.embedded > 20


def test_without_a_registered_logo_no_window_is_embedded() -> None:
    encoder = Counting()
    of = channels(logos=encoder)
    register = memory(of)
    enrol(register, drawn(1), "photo", of)
    found_in(drawn(1), register, of)
    assert encoder.embedded == 0


def as_logo(original: Vectors, mirrored: Vectors) -> ViewDescription:
    return ViewDescription([ViewVector(ORIGINAL, original), ViewVector(MIRRORED, mirrored)], None)


@pytest.mark.parametrize("verified", [False, True], ids=["others", "a verified brand"])
def test_look_alikes_take_no_place(*, verified: bool) -> None:
    window, near, far = np.eye(3, 4, dtype=np.float32)
    near = np.asarray(0.8 * window + 0.6 * near, np.float32)
    crowded, owner = memory(channels(logos=Counting())), uuid4()
    views = described(drawn(1))
    crowded.enrol(owner, "mine", views | {NAME: as_logo(near, far)})
    theirs = views | {NAME: as_logo(window, window)}
    registered_by_the_thousand(crowded, theirs, verified=verified)
    picture = LogoPicture(drawn(1), Counting())
    picture.embedded = ([WHOLE], window[None])
    retrieved = nearest_windows(picture, crowded)
    assert owner in {found.view for found in retrieved}
    assert len(retrieved) <= 1 + FROM_A_BRAND


@pytest.fixture(scope="module")
def explained() -> Explanation:
    """A logo in the middle of the listing, half as wide and half as high as it."""
    view = View(UUID(int=1), {COPY: copy_view_of(letter())})
    said = evidence(0.1, logo=logo_match())
    return LogoChannel(FakeEncoder()).explain(seen(letter()), view, said, calibration(logo=LOGOS))


def test_the_region_of_a_logo_is_where_its_ink_lies(explained: Explanation) -> None:
    assert explained.listing_polygon == [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
    assert explained.view_polygon == [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    assert explained.region == REGION


def test_the_edit_of_a_logo_says_how_much_of_the_listing_it_takes(explained: Explanation) -> None:
    edit = explained.edit
    assert edit.scene == 0.25
    assert (edit.mirrored, edit.rotated, edit.tilted) == (False, None, None)


def code() -> Picture:
    """Returns a QR code."""
    made = cv2.QRCodeEncoder.create().encode("https://example.org/goods")
    large = cv2.resize(made, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
    framed = cv2.copyMakeBorder(large, 30, 30, 30, 30, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(np.repeat(framed[:, :, None], 3, axis=2), np.uint8)


@pytest.mark.parametrize(
    ("picture", "warning"),
    [(code(), "qr_code"), (two_bars(), "logo_too_plain"), (disc_logo(), "logo_too_plain")],
    ids=["a QR code", "bars", "a disc"],
)
def test_what_tells_nothing_is_not_searched_for_and_the_owner_learns_why(
    picture: Picture, warning: str
) -> None:
    made = LogoChannel(load_encoder("logo")).describe_view(picture)
    assert made
    assert not made.vectors
    assert [one["code"] for one in made.warnings] == [warning]


def test_a_plain_colour_is_no_logo() -> None:
    assert LogoChannel(FakeEncoder()).describe_view(np.full((200, 200, 3), 80, np.uint8)) is None


def test_letters_are_a_logo_like_any_other() -> None:
    words = blank()
    cv2.putText(words, "Roxy", (10, 120), cv2.FONT_HERSHEY_DUPLEX, 2.6, (0, 0, 0), 6)
    made = LogoChannel(load_encoder("logo")).describe_view(words)
    assert made
    assert len(made.vectors) == 2
    assert not made.warnings
    assert made.vectors[0].background > 0


def test_two_logos_in_one_picture_are_one_that_neither_shows_alone() -> None:
    both = np.concatenate([letter(), crescent()], axis=1)
    shape = shape_of(both)
    assert shape
    scene = placed(letter(), photograph("coffee.png"), (255, 255, 255))
    found = align(shape, placements(shape, window_of(scene, 150, 60, 200)))
    assert found is None or found.outline < 0.75
