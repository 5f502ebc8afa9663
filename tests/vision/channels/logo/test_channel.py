"""The logo channel: which logos it looks at, and what it says of one that it found."""

from uuid import UUID, uuid4

import numpy as np
import pytest

from tests.fake_encoder import FakeEncoder
from tests.logos import letter, placed
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
from vision.channels.logo.channel import LogoChannel, nearest_windows
from vision.channels.logo.windows import LogoMatch, LogoPicture
from vision.channels.register import View
from vision.encoders.base import Vectors
from vision.geometry.regions import WHOLE


def test_a_logo_is_retrieved_by_a_window_and_confirmed_by_its_shape() -> None:
    encoder = Knowing()
    of = channels(logos=encoder)
    register = memory(of)
    logo = enrol(register, letter(), "logo", of)
    listing = placed(letter(), photograph("coffee.png"), (255, 0, 255))
    match: LogoMatch = by_image(found_in(listing, register, of))[logo].findings[NAME]
    assert match.alignment.outline > 0.85
    assert encoder.embedded > 100


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
