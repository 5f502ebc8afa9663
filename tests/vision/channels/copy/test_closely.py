"""Views that are nearly confirmed are looked at closely, once; others are not."""

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest

from tests.matchers import channels, copy_match, memory, seen
from tests.pictures import photograph
from tests.vision.channels.scenes import by_image, enrol
from vision.channels.copy import NAME
from vision.channels.copy.closely import SPEC, look_closely, nearly_confirmed
from vision.channels.copy.retrieval import VOTED, Voted
from vision.channels.copy.verification import CopyMatch, verify_pair
from vision.channels.copy.votes import Votes
from vision.channels.matching import Matching
from vision.channels.register import Query, ViewOwner
from vision.edits.transforms import resize
from vision.geometry import features
from vision.geometry.agreement import Agreement

COFFEE = resize(photograph("coffee.png"), width=360, height=240)
QUERY = Query(seen(COFFEE), memory())


def found(inliers: int, alike: int = 4) -> CopyMatch:
    return copy_match(0.2, inliers, agreement=Agreement(40, alike, 0))


def voted(agreeing: int) -> Voted:
    return Voted(ViewOwner(uuid4(), uuid4(), verified=True), Votes(1, 1.0, np.arange(agreeing)))


def fresh(*votes: Voted) -> Query:
    return replace(QUERY, shared={VOTED: votes})


@pytest.mark.parametrize(
    ("inliers", "alike", "is_near"),
    [(6, 4, False), (7, 4, True), (21, 6, True), (21, 30, False), (200, 38, False)],
    ids=["chance", "a few", "many on few patches", "enough", "certain"],
)
def test_some_points_but_not_enough_are_looked_at(
    inliers: int, alike: int, *, is_near: bool
) -> None:
    view = uuid4()
    assert (nearly_confirmed(fresh(), {view: found(inliers, alike)}) == [view]) == is_near


def test_votes_that_agree_on_a_view_that_was_not_confirmed_are_looked_at() -> None:
    few, many = voted(SPEC.agreeing - 1), voted(SPEC.agreeing)
    matches = {one.owner.view: found(0) for one in (few, many)}
    assert nearly_confirmed(fresh(few, many), matches) == [many.owner.view]


def test_the_most_promising_are_looked_at_and_not_more() -> None:
    matches = {uuid4(): found(inliers) for inliers in range(7, 7 + 2 * SPEC.views)}
    near = nearly_confirmed(fresh(), matches)
    assert [matches[view].inliers for view in near] == [14, 13, 12, 11]


def test_equal_pixels_are_never_in_doubt() -> None:
    view = uuid4()
    assert nearly_confirmed(fresh(), {view: replace(found(7), identical=True)}) == []


def test_a_picture_is_looked_at_closely_once_and_by_all_its_points() -> None:
    query, matches = fresh(), {uuid4(): found(8)}
    [[local]] = look_closely(query, matches).values()
    assert len(local) > len(query.features.local) == features.SPEC.listing_points
    assert look_closely(query, matches) == {}


def test_stored_features_have_their_points_made_anew() -> None:
    stored = replace(QUERY.features, all_local=None)
    made = QUERY.features.all_points
    assert np.array_equal(stored.all_points.descriptors, made.descriptors)
    assert stored.all_points is stored.all_points


def test_what_few_points_leave_in_doubt_many_confirm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth part of a scene shows the registered picture; few of the strongest points lie on it."""
    register = memory()
    image = enrol(register, COFFEE)
    scene = resize(photograph("motorcycle_left.png"), width=640, height=480)
    scene[300:380, 200:320] = resize(COFFEE, width=120, height=80)
    query = Query(seen(scene), register)
    view = register.views([image])[0].described[NAME]
    before = verify_pair(query.features, view)
    closely = verify_pair(query.features, view, query.features.all_points)
    assert closely.inliers > before.inliers + 10

    monkeypatch.setattr("vision.channels.copy.closely.SPEC", replace(SPEC, inliers=0, enough=1000))
    after = by_image(Matching(query, channels()).found())[image].findings[NAME]
    assert after.inliers >= closely.inliers
