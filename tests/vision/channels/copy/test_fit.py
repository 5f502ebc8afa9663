"""From labelled pairs to the copy channel's part of a calibration, on pairs whose truth is known."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from tests.matchers import copy_match
from vision.channels.calibration import ChannelCalibration
from vision.channels.copy import NAME
from vision.channels.copy.fit import chance, match_of
from vision.channels.copy.fit import fit as fit_channel
from vision.channels.copy.strength import confirms, similarity
from vision.channels.copy.verification import CopyMatch
from vision.channels.fitting import Pair, Truth
from vision.geometry.agreement import Agreement


@dataclass(frozen=True)
class Ranges:
    cosine: tuple[float, float]
    inliers: tuple[int, int]
    alike: tuple[int, int]
    in_place: tuple[int, int]


UNRELATED = Ranges((-0.1, 0.2), (0, 6), (0, 15), (0, 6))
COPY = Ranges((0.95, 1.0), (150, 400), (39, 41), (38, 41))
SHOP = Ranges((0.1, 0.4), (10, 80), (18, 32), (3, 18))
SIBLING = Ranges((0.0, 0.3), (7, 30), (10, 20), (0, 6))


def labelled(family: str, listing: int, match: CopyMatch, truth: Truth) -> Pair:
    return Pair(family, listing, {NAME: match}, truth)


def pairs(seed: int = 0) -> list[Pair]:
    """Unrelated: low cosines, up to 5 inliers, few patches found again. Copies: high ones, many, in
    their places. Shop photographs and siblings between.
    """
    dice = np.random.default_rng(seed)

    def pair(family: str, n: int, ranges: Ranges, truth: Truth) -> Pair:
        cosine = float(dice.uniform(*ranges.cosine))
        alike = int(dice.integers(*ranges.alike))
        in_place = min(alike, int(dice.integers(*ranges.in_place)))
        found = copy_match(cosine, int(dice.integers(*ranges.inliers)))
        agreement = Agreement(40, alike, in_place)
        return labelled(family, n, replace(found, agreement=agreement), truth)

    return [
        *(pair("unrelated-photo", n // 3, UNRELATED, Truth.UNRELATED) for n in range(1500)),
        *(pair("edit-jpeg-85", 1000 + n, COPY, Truth.RELATED) for n in range(80)),
        *(pair("shop-photo", 2000 + n, SHOP, Truth.RELATED) for n in range(80)),
        *(pair("sibling-photo", 3000 + n, SIBLING, Truth.SIBLING) for n in range(80)),
    ]


def fit(measured: list[Pair], *, views: int = 100) -> ChannelCalibration:
    return fit_channel(measured, generation="of the tests", views=views)


@pytest.fixture(scope="module")
def made() -> ChannelCalibration:
    return fit(pairs())


def test_it_is_for_the_vectors_that_were_measured(made: ChannelCalibration) -> None:
    assert made.generation == "of the tests"


def test_the_knots_rise_from_0_to_100(made: ChannelCalibration) -> None:
    assert [value for _, value in made.knots] == [0, 50, 85, 97, 100]
    assert all(later[0] > earlier[0] for earlier, later in pairwise(made.knots))


def test_no_weight_is_negative(made: ChannelCalibration) -> None:
    assert min(made.weights) >= 0
    assert max(made.weights) > 0


def test_the_same_picture_re_encoded_scores_97_or_more(made: ChannelCalibration) -> None:
    scores = [similarity(match_of(pair), made) for pair in pairs() if pair.family == "edit-jpeg-85"]
    assert np.mean(np.array(scores) >= 97) >= 0.94


def test_unrelated_pairs_stay_below_85(made: ChannelCalibration) -> None:
    """The threshold is for a hundred times as many views as were measured here."""
    scores = [similarity(match_of(pair), made) for pair in pairs() if pair.truth == Truth.UNRELATED]
    assert max(scores) < 85


def test_geometry_is_confirmed_beyond_what_unrelated_pairs_reach(made: ChannelCalibration) -> None:
    assert made.parameters["chance_inliers"] == 5
    assert not confirms(copy_match(0.9, 5), made)


def test_copies_are_told_from_other_photographs_by_their_in_place_ratio(
    made: ChannelCalibration,
) -> None:
    assert 0.4 < made.parameters["copy_ratio"] < 0.95


def test_hardly_a_sibling_is_called_the_registered_design(made: ChannelCalibration) -> None:
    ratios = [
        match_of(pair).agreement.in_place_ratio for pair in pairs() if pair.truth == Truth.SIBLING
    ]
    assert np.mean(np.array(ratios) > made.parameters["design_ratio"]) <= 0.05


def test_the_same_design_is_asked_for_less_than_a_copy_is() -> None:
    """Even where as much of the brand's other products is in place as of copies."""
    alike = [replace(p, truth=Truth.SIBLING) for p in pairs() if p.family == "edit-jpeg-85"]
    found = fit([*pairs(), *alike]).parameters
    assert 0 < found["design_ratio"] <= found["copy_ratio"]


def test_the_same_pairs_give_the_same_fit(made: ChannelCalibration) -> None:
    assert fit(pairs()) == made


def test_more_enrolled_views_leave_less_room_for_each() -> None:
    """The fewer the measured views stand for, the higher the strength asked for at 85."""
    few, many = fit(pairs(), views=10), fit(pairs(), views=1000)
    assert few.knots[2][0] > many.knots[2][0]


def test_one_pair_in_ten_thousand_may_pass_for_confirmed() -> None:
    common = [labelled("x", n, copy_match(0.0, 3), Truth.UNRELATED) for n in range(20_000)]
    odd = [labelled("x", n, copy_match(0.0, 9), Truth.UNRELATED) for n in range(1)]
    assert chance(common + odd)[0] == 3
