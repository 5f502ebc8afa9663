"""A picture is looked at again without what was found in it, until nothing new is found."""

from dataclasses import replace
from uuid import UUID, uuid4

import numpy as np
import pytest

from lab.calibration.memory import MemoryRegister
from tests.matchers import channels, memory, seen
from tests.pictures import photograph
from tests.vision.channels.scenes import as_a_whole, enrol
from vision.channels.copy import NAME, retrieval
from vision.channels.copy.again import SPEC, look_again
from vision.channels.copy.places import SPEC as PLACES
from vision.channels.copy.places import verify_places
from vision.channels.copy.retrieval import retrieve
from vision.channels.copy.verification import CopyMatch
from vision.channels.copy.view import copy_view
from vision.channels.matching import Found, Matching
from vision.channels.register import Query
from vision.edits.transforms import resize
from vision.geometry.polygons import project
from vision.geometry.regions import WHOLE
from vision.geometry.verification import Geometry

ASTRONAUT, MOTORCYCLE, COFFEE = (
    resize(photograph(name), width=300, height=300)
    for name in ("astronaut.png", "motorcycle_left.png", "coffee.png")
)
ROW = np.asarray(np.concatenate([ASTRONAUT, MOTORCYCLE, COFFEE], axis=1), np.uint8)
FIRST, SECOND = 0.0, 1 / 3  # where they begin


@pytest.fixture
def register() -> MemoryRegister:
    return memory()


def found_again(query: Query, *matches: CopyMatch) -> set[UUID]:
    return set(look_again(query, {uuid4(): match for match in matches}))


def match(left: float, top: float, side: float, inliers: int = 50) -> CopyMatch:
    place = np.array([[side, 0, left], [0, 3 * side, top], [0, 0, 1]])
    return CopyMatch(0.5, WHOLE, geometry=Geometry(place, inliers, inliers))


@pytest.fixture
def short_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look verifies one view by its cosine and one by its votes."""
    one_each = replace(retrieval.SPEC, by_cosine=1, by_votes=0, agreeing=1, in_place=1)
    monkeypatch.setattr(retrieval, "SPEC", one_each)


@pytest.mark.usefixtures("short_first_look")
def test_goods_that_the_first_look_leaves_out_are_found_beside_the_first(
    register: MemoryRegister,
) -> None:
    images = {enrol(register, one) for one in (ASTRONAUT, MOTORCYCLE, COFFEE)}
    matching = Matching(Query(as_a_whole(ROW), register), channels())
    first = matching.verified({name: matching.retrieve(name) for name in matching.channels})
    assert convincing(first) < 3
    found = matching.found()
    assert convincing(found) == 3
    assert {view.image for view, _ in found} == images


@pytest.mark.usefixtures("short_first_look")
def test_one_view_gets_the_evidence_that_the_whole_picture_gives_it(
    register: MemoryRegister,
) -> None:
    """Also a view that only the second look finds, by points of its own."""
    for one in (ASTRONAUT, MOTORCYCLE, COFFEE):
        enrol(register, one)
    features = as_a_whole(ROW)
    for view, evidence in Matching(Query(features, register), channels()).found():
        alone = Matching(Query(features, register), channels()).evidence_for(view.image)
        assert alone is not None
        assert alone.findings[NAME].inliers == evidence.findings[NAME].inliers


def convincing(found: list[Found]) -> int:
    return sum(evidence.findings[NAME].inliers >= PLACES.convincing for _, evidence in found)


def test_nothing_is_looked_for_while_nothing_was_found(register: MemoryRegister) -> None:
    enrol(register, COFFEE)
    features = seen(ROW)
    query = Query(features, register)
    assert found_again(query) == set()
    assert found_again(query, match(FIRST, 0, 1 / 3, inliers=8)) == set()


def test_nothing_is_looked_for_where_no_more_is_explained_than_before(
    register: MemoryRegister,
) -> None:
    enrol(register, COFFEE)
    features = seen(ROW)
    query = Query(features, register)
    matches = {uuid4(): match(FIRST, 0, 1 / 3)}
    assert look_again(query, matches)
    assert look_again(query, matches) == {}


def test_what_was_found_is_looked_for_in_other_places_only(register: MemoryRegister) -> None:
    """It is a candidate again where the points that are left show it, by these points alone."""
    image = enrol(register, COFFEE)
    features = seen(ROW)
    places = look_again(Query(features, register), {image: match(FIRST, 0, 1 / 3)})[image]
    assert places
    assert all(local.points[:, 0].min() > 1 / 3 for local in places)
    third = {image: match(2 / 3, 0, 1 / 3)}
    elsewhere = look_again(Query(features, register), third).get(image, [])
    assert all(local.points[:, 0].max() < 2 / 3 for local in elsewhere)
    if elsewhere:  # by chance, which verification sees
        view = copy_view(register.views([image])[0])
        assert verify_places(features, view, elsewhere).inliers < PLACES.convincing


def test_points_on_what_was_found_do_not_vote(register: MemoryRegister) -> None:
    enrol(register, COFFEE)
    features = seen(COFFEE)
    assert retrieve(features, Query(features, register))
    assert found_again(Query(features, register), match(FIRST, 0, 1)) == set()


def test_a_candidate_of_a_shelf_is_verified_by_the_points_around_its_place(
    register: MemoryRegister,
) -> None:
    """Two places explained make a shelf, whose candidates bring points of their own."""
    image = enrol(register, COFFEE)
    features = seen(ROW)
    two = {uuid4(): match(FIRST, 0, 1 / 3), uuid4(): match(SECOND, 0, 1 / 3)}
    local, *_ = look_again(Query(features, register), two)[image]  # most votes agree on the first
    assert SPEC.fewest < len(local)
    assert (local.points[:, 0] > 0.5).mean() > 0.8  # it is the third of three


def test_copies_of_one_product_are_one_match_with_several_places(register: MemoryRegister) -> None:
    image = enrol(register, COFFEE)
    row = np.asarray(np.concatenate([COFFEE, ASTRONAUT, COFFEE, COFFEE], axis=1), np.uint8)
    [(view, evidence)] = Matching(Query(seen(row), register), channels()).found()
    assert view.image == image
    centres = [centre(place) for place in evidence.findings[NAME].places]
    assert sorted(centres) == pytest.approx([1 / 8, 5 / 8, 7 / 8], abs=0.01)


def centre(place: CopyMatch) -> float:
    assert place.geometry is not None
    return float(project(np.array([[0.5, 0.5]]), place.geometry.homography)[0, 0])
