"""The arithmetic that channels share to fit their part of a calibration."""

from math import log

import numpy as np
import pytest

from vision.channels.fitting import (
    FALSE_ALERTS,
    FEWEST,
    Pair,
    Truth,
    check_rising,
    enough,
    strongest,
    strongest_per_listing,
    tail_quantile,
)


@pytest.mark.parametrize("exceeding", [0.01, 0.001, FALSE_ALERTS * 100 / 10_000])
def test_the_tail_of_a_known_distribution_is_where_theory_has_it(exceeding: float) -> None:
    values = np.random.default_rng(1).exponential(2.0, 200_000)
    assert tail_quantile(values, exceeding) == pytest.approx(2 * log(1 / exceeding), rel=0.03)


def test_each_listing_counts_by_its_strongest_pair() -> None:
    found = strongest_per_listing(np.array([7, 8, 7]), np.array([1.0, 5.0, 3.0]))
    assert found.tolist() == [3, 5]


def pair(listing: int, finding: float, truth: Truth) -> Pair:
    return Pair("any", listing, {"toy": finding}, truth)


def test_what_a_listing_is_most_mistaken_for_is_something_else() -> None:
    measured = [
        pair(1, 9.0, Truth.RELATED),
        pair(1, 2.0, Truth.UNRELATED),
        pair(1, 8.0, Truth.SIBLING),
        pair(2, 3.0, Truth.UNRELATED),
    ]
    assert strongest(measured, lambda one: one.findings["toy"]).tolist() == [2, 3]


@pytest.mark.parametrize("truth", [Truth.RELATED, Truth.UNRELATED])
def test_there_are_enough_pairs_when_there_are_enough_of_both_kinds(truth: Truth) -> None:
    kinds = (Truth.RELATED, Truth.UNRELATED)
    measured = [pair(n, 1.0, kind) for kind in kinds for n in range(FEWEST)]
    assert enough(measured, "toy")
    assert not enough(measured, "another")
    fewer = [one for one in measured if (one.truth, one.listing) != (truth, 0)]
    assert not enough([*fewer, pair(0, 1.0, Truth.SIBLING)], "toy")


@pytest.mark.parametrize(
    "strengths", [[0, 2, 1, 3, 4], [0, 1, 1, 2, 3], [0, 1, float("nan"), 2, 3]]
)
def test_strengths_that_do_not_rise_are_refused(strengths: list[float]) -> None:
    knots = list(zip(strengths, [0.0, 50.0, 85.0, 97.0, 100.0], strict=True))
    with pytest.raises(ValueError, match="do not rise"):
        check_rising(knots)


def test_rising_strengths_pass() -> None:
    check_rising([(0, 0), (1, 50), (2, 85), (3, 97), (4, 100)])
