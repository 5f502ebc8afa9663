import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.benchmark.statistics import Share, micro_average_precision, percentile, threshold_for


@given(st.integers(0, 200), st.integers(1, 200))
def test_an_interval_holds_its_share(count: int, of: int) -> None:
    share = Share(min(count, of), of)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1


def test_none_of_450_may_still_be_one_in_a_hundred() -> None:
    low, high = Share(0, 450).interval
    assert low == 0
    assert high == pytest.approx(0.0085, abs=0.0002)


def test_average_precision_is_one_when_right_pairs_come_first() -> None:
    assert micro_average_precision([(0.9, True), (0.8, True), (0.1, False)], 2) == 1
    assert micro_average_precision([(0.9, False), (0.8, True)], 1) == 0.5
    assert micro_average_precision([(0.9, True)], 2) == 0.5  # one was not found at all


def test_a_peer_gets_the_threshold_of_as_many_false_alerts() -> None:
    others = [0.1, 0.5, 0.3]
    assert sum(score >= threshold_for(others, 1) for score in others) == 1
    assert sum(score >= threshold_for(others, 0) for score in others) == 0
    assert threshold_for(others, 3) == 0


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([3, 1, 2], 0.95) == 3
    assert percentile([], 0.5) == 0
