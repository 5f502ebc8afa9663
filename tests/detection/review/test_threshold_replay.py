"""Another threshold, replayed over pairs that were judged and pairs that were not."""

from hypothesis import given
from hypothesis import strategies as st

from detection.review.models import Decision
from detection.review.threshold_replay import JudgedPair, replay

INFRINGING, CLEARED = Decision.Outcome.INFRINGING, Decision.Outcome.NOT_INFRINGING
PAIRS = [
    JudgedPair(99, INFRINGING),
    JudgedPair(90, INFRINGING, overturned=True),
    JudgedPair(88, CLEARED),
    JudgedPair(86, Decision.Outcome.NEEDS_MORE),
    JudgedPair(84),
    JudgedPair(72, INFRINGING),
]


def test_each_pair_is_counted_where_it_belongs() -> None:
    found = replay(PAIRS, 85)
    assert (found.flagged, found.blocked, found.cleared, found.overturned) == (4, 1, 1, 1)
    assert (found.not_judged, found.missed) == (1, 1)


def test_a_lower_threshold_misses_less_and_asks_for_more() -> None:
    found = replay(PAIRS, 70)
    assert (found.flagged, found.not_judged, found.missed) == (6, 2, 0)


pairs = st.builds(
    JudgedPair,
    similarity=st.floats(50, 100),
    outcome=st.sampled_from([None, *Decision.Outcome]),
    overturned=st.booleans(),
)


@given(st.lists(pairs), st.integers(70, 100))
def test_what_is_flagged_is_the_sum_of_what_became_of_it(
    given_pairs: list[JudgedPair], threshold: int
) -> None:
    found = replay(given_pairs, threshold)
    parts = found.blocked + found.cleared + found.overturned + found.not_judged
    assert parts == found.flagged
    assert min(found.blocked, found.cleared, found.overturned, found.not_judged) >= 0
