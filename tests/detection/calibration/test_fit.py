"""From labelled pairs to a calibration, on pairs whose truth is known."""

from dataclasses import asdict
from itertools import pairwise
from math import log

import numpy as np
import pytest

from detection.calibration.fit import (
    FALSE_ALERTS,
    VIEWS,
    Pair,
    check_rising,
    fit,
    spurious_inliers,
    strongest_per_listing,
    tail_quantile,
)
from detection.matching.similarity import Calibration
from tests.matchers import calibration, evidence


def pairs(seed: int = 0) -> list[Pair]:
    """Unrelated: low cosines, up to 5 inliers. Copies: high ones, many. Shop photographs between."""
    dice = np.random.default_rng(seed)
    unrelated = [
        Pair("unrelated-photo", number // 3, float(cosine), int(inliers), related=False)
        for number, (cosine, inliers) in enumerate(
            zip(dice.normal(0.05, 0.06, 1500), dice.integers(0, 6, 1500), strict=True)
        )
    ]
    reencoded = [
        Pair(
            "edit-jpeg-85",
            1000 + n,
            float(dice.uniform(0.95, 1)),
            int(dice.integers(150, 400)),
            True,
        )
        for n in range(80)
    ]
    shop = [
        Pair(
            "shop-photo", 2000 + n, float(dice.uniform(0.1, 0.4)), int(dice.integers(10, 80)), True
        )
        for n in range(80)
    ]
    return unrelated + reencoded + shop


@pytest.fixture(scope="module")
def made() -> Calibration:
    return calibration(**asdict(fit(pairs(), views=100)))


def test_the_knots_rise_from_0_to_100(made: Calibration) -> None:
    assert [value for _, value in made.knots] == [0, 50, 85, 97, 100]
    assert all(later[0] > earlier[0] for earlier, later in pairwise(made.knots))


def test_no_weight_is_negative(made: Calibration) -> None:
    assert made.cosine_weight >= 0
    assert made.inlier_weight > 0


def test_the_same_picture_re_encoded_scores_97_or_more(made: Calibration) -> None:
    scores = [
        made.similarity(evidence(pair.cosine, pair.inliers))
        for pair in pairs()
        if pair.family == "edit-jpeg-85"
    ]
    assert np.mean(np.array(scores) >= 97) >= 0.94


def test_unrelated_pairs_stay_below_85(made: Calibration) -> None:
    """The threshold is for a hundred times as many views as were measured here."""
    scores = [
        made.similarity(evidence(pair.cosine, pair.inliers)) for pair in pairs() if not pair.related
    ]
    assert max(scores) < 85


def test_geometry_is_confirmed_beyond_what_unrelated_pairs_reach(made: Calibration) -> None:
    assert made.spurious_inliers == 5
    assert not made.confirms(evidence(0.9, 5))


def test_copies_are_told_from_other_photographs_by_a_cosine_between(made: Calibration) -> None:
    assert 0.35 < made.copy_cosine < 0.95


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
    common = [Pair("x", n, 0.0, 3, related=False) for n in range(20_000)]
    odd = [Pair("x", n, 0.0, 9, related=False) for n in range(1)]
    assert spurious_inliers(common + odd) == 3


@pytest.mark.parametrize(
    "strengths", [[0, 2, 1, 3, 4], [0, 1, 1, 2, 3], [0, 1, float("nan"), 2, 3]]
)
def test_strengths_that_do_not_rise_are_refused(strengths: list[float]) -> None:
    knots = list(zip(strengths, [0.0, 50.0, 85.0, 97.0, 100.0], strict=True))
    with pytest.raises(ValueError, match="do not rise"):
        check_rising(knots)


def test_rising_strengths_pass() -> None:
    check_rising([(0, 0), (1, 50), (2, 85), (3, 97), (4, 100)])
