"""Several places of one picture that show one view."""

from dataclasses import replace

import numpy as np

from tests.matchers import copy_view_of, seen
from tests.vision.channels.copy.test_again import COFFEE, match
from vision.channels.copy.places import apart, explained, joined, verify_places
from vision.channels.copy.verification import verify_pair
from vision.geometry.agreement import Agreement


def test_points_of_a_place_are_explained_with_a_margin() -> None:
    points = np.array([[0.3, 0.3], [0.495, 0.4], [0.6, 0.3], [0.19, 0.3]], np.float32)
    assert explained(points, [match(0.2, 0.2, 0.29)]).tolist() == [True, True, False, False]
    assert not explained(points, []).any()


def test_a_doubtful_match_explains_nothing() -> None:
    points = np.array([[0.3, 0.3]], np.float32)
    assert not explained(points, [match(0.2, 0.2, 0.29, inliers=11)]).any()


def test_matches_of_one_place_count_once() -> None:
    strong, weak, beside = match(0, 0, 0.3), match(0.02, 0.02, 0.28, 20), match(0.5, 0, 0.3, 30)
    assert apart([weak, beside, strong]) == [strong, beside]
    assert apart([weak, beside], [strong]) == [beside]


def test_places_of_one_view_are_joined_to_one_match() -> None:
    """The best one has the others that convince and lie apart; each is named once."""
    strong, beside = match(0, 0, 0.3, 25), match(0.5, 0, 0.3, 20)
    known = joined([match(0.02, 0.02, 0.28, 22), beside])
    found = joined([known, strong, match(0.5, 0.5, 0.3, inliers=11)])
    assert (found, found.further) == (replace(strong, further=(beside,)), (beside,))


def test_the_best_place_has_the_most_evidence_and_not_only_the_most_points() -> None:
    half_of_it = replace(match(0, 0, 0.3, 30), agreement=Agreement(60, 6, 0))
    all_of_it = replace(match(0.5, 0, 0.3, 20), agreement=Agreement(60, 60, 60))
    assert joined([half_of_it, all_of_it]).inliers == 20


def test_without_places_the_whole_picture_is_verified() -> None:
    features, view = seen(COFFEE), copy_view_of(COFFEE)
    assert verify_places(features, view, None).inliers == verify_pair(features, view).inliers
    assert verify_places(features, view, [features.local], identical=True).identical
