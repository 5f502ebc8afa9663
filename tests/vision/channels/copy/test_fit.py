"""From labelled pairs to a calibration, on pairs whose truth is known."""

from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from math import log

import numpy as np
import pytest
from lab.calibration.fit import (
    FALSE_ALERTS,
    VIEWS,
    Pair,
    Truth,
    chance,
    check_rising,
    fit,
    strongest_per_listing,
    tail_quantile,
)
from vision.channels.similarity import Calibration

from tests.matchers import calibration, evidence
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


def pairs(seed: int = 0) -> list[Pair]:
    """Unrelated: low cosines, up to 5 inliers, few cells found again. Copies: high ones, many, in
    their places. Shop photographs and siblings between.
    """
    dice = np.random.default_rng(seed)

    def pair(family: str, n: int, ranges: Ranges, truth: Truth) -> Pair:
        cosine = float(dice.uniform(*ranges.cosine))
        alike = int(dice.integers(*ranges.alike))
        in_place = min(alike, int(dice.integers(*ranges.in_place)))
        found = evidence(cosine, int(dice.integers(*ranges.inliers)))
        return Pair(family, n, replace(found, agreement=Agreement(40, alike, in_place)), truth)

    return [
        *(pair("unrelated-photo", n // 3, UNRELATED, Truth.UNRELATED) for n in range(1500)),
        *(pair("edit-jpeg-85", 1000 + n, COPY, Truth.RELATED) for n in range(80)),
        *(pair("shop-photo", 2000 + n, SHOP, Truth.RELATED) for n in range(80)),
        *(pair("sibling-photo", 3000 + n, SIBLING, Truth.SIBLING) for n in range(80)),
    ]


@pytest.fixture(scope="module")
def made() -> Calibration:
    return calibration(**asdict(fit(pairs(), views=100)))


def test_the_knots_rise_from_0_to_100(made: Calibration) -> None:
    assert [value for _, value in made.knots] == [0, 50, 85, 97, 100]
    assert all(later[0] > earlier[0] for earlier, later in pairwise(made.knots))


def test_no_weight_is_negative(made: Calibration) -> None:
    assert min(made.weights) >= 0
    assert max(made.weights) > 0


def test_the_same_picture_re_encoded_scores_97_or_more(made: Calibration) -> None:
    scores = [made.similarity(pair.evidence) for pair in pairs() if pair.family == "edit-jpeg-85"]
    assert np.mean(np.array(scores) >= 97) >= 0.94


def test_unrelated_pairs_stay_below_85(made: Calibration) -> None:
    """The threshold is for a hundred times as many views as were measured here."""
    scores = [made.similarity(pair.evidence) for pair in pairs() if pair.truth == Truth.UNRELATED]
    assert max(scores) < 85


def test_geometry_is_confirmed_beyond_what_unrelated_pairs_reach(made: Calibration) -> None:
    assert made.chance_inliers == 5
    assert not made.confirms(evidence(0.9, 5))


def test_copies_are_told_from_other_photographs_by_their_exactness(made: Calibration) -> None:
    assert 0.4 < made.copy_exactness < 0.95


def test_hardly_a_sibling_is_called_the_registered_design(made: Calibration) -> None:
    exact = [p.evidence.agreement.exactness for p in pairs() if p.truth == Truth.SIBLING]
    assert np.mean(np.array(exact) > made.design_exactness) <= 0.05


def test_the_same_design_is_asked_for_less_than_a_copy_is() -> None:
    """Even where the brand's other products are as exact as copies."""
    alike = [replace(p, truth=Truth.SIBLING) for p in pairs() if p.family == "edit-jpeg-85"]
    found = fit([*pairs(), *alike], views=100)
    assert 0 < found.design_exactness <= found.copy_exactness


def test_the_same_pairs_give_the_same_fit() -> None:
    assert fit(pairs(), views=100) == fit(pairs(), views=100)


def test_more_enrolled_views_leave_less_room_for_each() -> None:
    """The fewer the measured views stand for, the higher the strength asked for at 85."""
    few, many = fit(pairs(), views=10), fit(pairs(), views=1000)
    assert few.knots[2][0] > many.knots[2][0]


@pytest.mark.parametrize("exceeding", [0.01, 0.001, FALSE_ALERTS * 100 / VIEWS])
def test_the_tail_of_a_known_distribution_is_where_theory_has_it(exceeding: float) -> None:
    values = np.random.default_rng(1).exponential(2.0, 200_000)
    assert tail_quantile(values, exceeding) == pytest.approx(2 * log(1 / exceeding), rel=0.03)


def test_each_listing_counts_by_its_strongest_pair() -> None:
    strongest = strongest_per_listing(np.array([7, 8, 7]), np.array([1.0, 5.0, 3.0]))
    assert strongest.tolist() == [3, 5]


def test_one_pair_in_ten_thousand_may_pass_for_confirmed() -> None:
    common = [Pair("x", n, evidence(0.0, 3), Truth.UNRELATED) for n in range(20_000)]
    odd = [Pair("x", n, evidence(0.0, 9), Truth.UNRELATED) for n in range(1)]
    assert chance(common + odd)[0] == 3


@pytest.mark.parametrize(
    "strengths", [[0, 2, 1, 3, 4], [0, 1, 1, 2, 3], [0, 1, float("nan"), 2, 3]]
)
def test_strengths_that_do_not_rise_are_refused(strengths: list[float]) -> None:
    knots = list(zip(strengths, [0.0, 50.0, 85.0, 97.0, 100.0], strict=True))
    with pytest.raises(ValueError, match="do not rise"):
        check_rising(knots)


def test_rising_strengths_pass() -> None:
    check_rising([(0, 0), (1, 50), (2, 85), (3, 97), (4, 100)])
