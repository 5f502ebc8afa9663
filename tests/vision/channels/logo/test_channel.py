"""The lanes of solids and marks: what they look at, and one similarity over all of them."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from vision.channels.encoders import Lanes
from vision.channels.evidence import find
from vision.channels.explanation import lane_evidence, polygons, recovered_of_mark, region_in
from vision.channels.fingerprinting import lane_prints_of, prints_of
from vision.channels.marks import Marked, starts, windows
from vision.channels.match_kind import MatchKind, match_kind
from vision.channels.similarity import LaneMap, mark_strength
from vision.channels.solids import ALIKE, COLOURS, SOLID, Solid
from vision.geometry.marks import Lying

from tests.fake_encoder import SPEC, FakeEncoder
from tests.logos import letter, placed
from tests.matchers import calibration, decoded, evidence, memory, seen
from tests.pictures import drawn, photograph
from vision.channels.channel import Lane
from vision.encoders.base import Vectors
from vision.geometry.polygons import SQUARE
from vision.geometry.regions import WHOLE, Region
from vision.pictures.decode import Picture

REGION = Region(0.1, 0.2, 0.3, 0.4)
LANE_MAPS = {
    "objects": LaneMap("things", ((0.8, 50.0), (1.0, 85.0), (1.3, 95.0))),
    "marks": LaneMap("marks", ((1.0, 50.0), (3.0, 85.0), (6.0, 96.0)), (1.0, 0.5, 0.5, 1.0)),
}


class Counting(FakeEncoder):
    """Every picture is alike to it."""

    spec = replace(SPEC, name="counting", input_side=64, dimension=4)

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        self.embedded += len(pictures)
        return np.tile(np.array([1, 0, 0, 0], np.float32), (len(pictures), 1))


class Knowing(Counting):
    """Near a mark is what has as much magenta as the clean mark, which has no colour, has ink."""

    ink = 0.0

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        self.embedded += len(pictures)
        return np.stack([self._of(picture.astype(int)) for picture in pictures])

    def _of(self, levels: np.ndarray) -> Vectors:
        if np.ptp(levels, axis=2).max() == 0:
            self.ink = self.ink or float((levels < 128).mean())
            return np.array([1, 0, 0, 0], np.float32)
        share = ((levels[..., 0] - levels[..., 1]) > 200).mean()
        near = max(0.0, 1 - 5 * abs(share - self.ink))
        return np.array([near, (1 - near**2) ** 0.5, 0, 0], np.float32)


def lying(outline: float = 0.95, overlap: float = 0.9, correlation: float = 0.95) -> Lying:
    half = np.array([[0.5, 0, 0.25], [0, 0.5, 0.25], [0, 0, 1]])
    return Lying(half, SQUARE, correlation, overlap, outline)


def marked(**fields: float) -> Marked:
    return Marked(0.9, REGION, lying(**fields), mirrored=False)


# --- windows --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("width", "height"), [(640, 480), (300, 900), (64, 64), (40, 640)])
def test_windows_are_squares_that_cover_the_picture(width: int, height: int) -> None:
    found = list(windows(drawn(1, width=width, height=height), 64))
    assert all(cut.shape == (64, 64, 3) for _, cut in found)
    assert min(region.left for region, _ in found) == 0
    assert max(region.left + region.width for region, _ in found) == pytest.approx(1)
    assert max(region.top + region.height for region, _ in found) == pytest.approx(1)


def test_windows_overlap_by_two_thirds() -> None:
    assert starts(256, 64) == [0, 21, 43, 64, 85, 107, 128, 149, 171, 192]
    assert starts(64, 64) == [0]


# --- solids ---------------------------------------------------------------------------------------
def test_a_solid_is_mostly_as_strong_as_the_weakest_of_its_three_signs() -> None:
    assert Solid(SOLID, COLOURS).strength(ALIKE) == pytest.approx(1.0)
    assert 1.1 < Solid(SOLID * 1.2, COLOURS * 1.1).strength(ALIKE * 1.3) < 1.15
    for weak in (Solid(SOLID * 0.8, 1.0), Solid(1.0, COLOURS * 0.8)):
        assert weak.strength(ALIKE * 1.2) < 1
    assert Solid(SOLID * 1.2, COLOURS * 1.2).strength(ALIKE * 0.7) < 1
    assert Solid(SOLID, COLOURS).strength(-0.1) == 0


def test_the_object_lane_embeds_only_where_something_registered_is_alike() -> None:
    encoder, catalogue = Counting(), memory()
    lanes = Lanes(objects=encoder)
    picture = drawn(1)
    catalogue.enrol(
        uuid4(),
        "other",
        prints_of(picture, FakeEncoder()),
        in_lanes=lane_prints_of(picture, "photo", lanes),
    )
    find(seen(picture), catalogue, lanes)
    assert encoder.embedded == 0
    thing = uuid4()
    catalogue.enrol(
        thing,
        "thing",
        prints_of(picture, FakeEncoder()),
        in_lanes=lane_prints_of(picture, "object", lanes),
    )
    encoder.embedded = 0
    found = {view.image: said for view, said in find(seen(picture), catalogue, lanes)}
    assert encoder.embedded == 1
    solid = found[thing].solid
    assert solid
    assert solid.cosine == pytest.approx(1.0)
    assert solid.colours > 0.8


# --- marks ----------------------------------------------------------------------------------------
def test_a_mark_is_nominated_by_a_window_and_confirmed_by_its_shape() -> None:
    encoder, catalogue, mark = Knowing(), memory(), uuid4()
    lanes = Lanes(marks=encoder)
    catalogue.enrol(
        mark,
        "mark",
        prints_of(letter(), FakeEncoder()),
        in_lanes=lane_prints_of(letter(), "logo", lanes),
    )
    listing = placed(letter(), photograph("coffee.png"), (255, 0, 255))
    found = {view.image: said for view, said in find(seen(listing), catalogue, lanes)}
    said = found[mark].mark
    assert said
    assert said.lying.outline > 0.85
    assert encoder.embedded > 100


def test_without_a_registered_mark_no_window_is_embedded() -> None:
    encoder, catalogue = Counting(), memory()
    catalogue.enrol(uuid4(), "photo", prints_of(drawn(1), FakeEncoder()))
    find(seen(drawn(1)), catalogue, Lanes(marks=encoder))
    assert encoder.embedded == 0


# --- one similarity -------------------------------------------------------------------------------
def test_similarity_is_the_highest_of_the_lanes_and_names_it() -> None:
    made = calibration(**LANE_MAPS)
    weak = evidence(0.1)
    assert made.lane_of(weak) == Lane.PICTURE
    solid = evidence(ALIKE * 1.3, solid=Solid(SOLID * 1.3, COLOURS * 1.3))
    assert (made.similarity(solid), made.lane_of(solid)) == (95.0, Lane.OBJECT)
    sign = evidence(0.1, mark=marked())
    assert made.lane_of(sign) == Lane.MARK
    assert made.similarity(sign) > 85
    both = replace(evidence(0.9, inliers=40), mark=marked(outline=0.5))
    assert made.lane_of(both) == Lane.PICTURE
    assert made.similarity(both) == calibration().similarity(both)


def test_a_lane_without_a_map_says_nothing() -> None:
    said = evidence(ALIKE * 1.3, solid=Solid(1.0, 1.0), mark=marked())
    assert calibration().similarity(said) == calibration().similarity(evidence(ALIKE * 1.3))


@pytest.mark.parametrize("sign", ["outline", "overlap", "correlation"])
def test_each_sign_of_a_mark_adds_to_its_strength(sign: str) -> None:
    weights = LANE_MAPS["marks"].weights
    assert mark_strength(weights, marked(**{sign: 0.99})) > mark_strength(
        weights, marked(**{sign: 0.6})
    )


def test_what_each_lane_finds_is_of_its_own_kind() -> None:
    made = calibration(**LANE_MAPS)
    solid = evidence(ALIKE * 1.3, solid=Solid(SOLID * 1.3, COLOURS * 1.3))
    assert match_kind(solid, made) == MatchKind.RESEMBLANCE
    assert match_kind(evidence(0.1, mark=marked()), made) == MatchKind.SAME_DESIGN


def test_the_region_of_a_mark_is_where_its_ink_lies() -> None:
    said = evidence(0.1, mark=marked())
    on_listing, on_view = polygons(said, Lane.MARK, confirmed=False)
    assert on_listing == [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
    assert on_view == [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    assert region_in(said, Lane.MARK) == REGION
    assert region_in(said, Lane.OBJECT) == WHOLE


def test_the_edit_of_a_mark_says_how_much_of_the_listing_it_takes() -> None:
    catalogue = memory()
    catalogue.enrol(uuid4(), "mark", prints_of(letter(), FakeEncoder()))
    [(view, _)] = find(seen(letter()), catalogue)
    edit = recovered_of_mark(seen(letter()), view, evidence(0.1, mark=marked()))
    assert edit.scene == 0.25
    assert (edit.mirrored, edit.rotated, edit.tilted) == (False, None, None)


def test_what_the_lanes_say_is_kept_by_name() -> None:
    said = lane_evidence(evidence(0.5, solid=Solid(0.8, 0.9), mark=marked()))
    assert said["object"] == {"cosine": 0.8, "colours": 0.9}
    assert said["mark"]["outline"] == 0.95
    assert lane_evidence(evidence(0.5)) == {}


def test_equal_pixels_need_no_lane() -> None:
    encoder, catalogue, mark = Counting(), memory(), uuid4()
    lanes = Lanes(marks=encoder)
    catalogue.enrol(
        mark,
        decoded(letter()).pixel_sha256,
        prints_of(letter(), FakeEncoder()),
        in_lanes=lane_prints_of(letter(), "logo", lanes),
    )
    [(_, said)] = find(seen(letter()), catalogue, lanes)
    assert said.identical
    assert said.mark is None
