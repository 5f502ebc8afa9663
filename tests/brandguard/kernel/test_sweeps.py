"""What sweeps have in common."""

import pytest
from django.db import OperationalError

from brandguard.kernel.sweeps import each


def test_one_that_fails_is_logged_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []

    def act(number: int) -> None:
        if number == 2:
            raise ValueError("broken")
        done.append(number)

    assert each([1, 2, 3], act) == 2
    assert done == [1, 3]
    assert "A sweep failed on 2" in caplog.text


def test_a_database_that_is_away_ends_the_sweep() -> None:
    def act(_: int) -> None:
        raise OperationalError("away")

    with pytest.raises(OperationalError):
        each([1], act)
