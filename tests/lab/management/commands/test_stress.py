"""What a stress run counts, and when it says no."""

from typing import Any

import pytest

from lab.management.commands.stress import limits_broken, table
from lab.stress.load import Sent, figures

LIMITS: dict[str, Any] = {"most_errors": 0.0, "p95": 1000, "verdict_p95": 60_000}
GOOD = Sent("a", "1", 0.1, "allow", 1.0)


def test_a_good_run_breaks_no_limit() -> None:
    found = figures([GOOD, Sent("b", "2", 0.2, "hold", 2.0)], 0, 4.0)
    assert limits_broken(found, LIMITS) == []
    assert (found.throughput, found.lost) == (0.5, 0)
    assert found.settling == (1000, 2000, 2000)
    assert "allow 1, hold 1" in table(found)


@pytest.mark.parametrize(
    ("sent", "repeated", "said"),
    [
        (Sent("b", "2", 0.1), 0, "1 accepted listings have no verdict"),
        (Sent("b"), 0, "1 were never accepted"),
        (GOOD, 1, "1 listings are there twice"),
        (Sent("b", "2", 0.1, "allow", 1.0, ["500"]), 0, "errors 50.0%"),
        (Sent("b", "2", 5.0, "allow", 6.0), 0, "p95 5000 ms until accepted"),
        (Sent("b", "2", 0.1, "allow", 90.0), 0, "p95 90000 ms until the verdict"),
    ],
)
def test_what_is_lost_repeated_wrong_or_slow_is_said(sent: Sent, repeated: int, said: str) -> None:
    assert limits_broken(figures([GOOD, sent], repeated, 4.0), LIMITS) == [said]
