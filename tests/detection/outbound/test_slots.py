"""Slow hosts leave threads to the others."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from detection.outbound import slots
from detection.outbound.slots import QUICK_AT_ONCE, SLOW_AT_ONCE, Slots


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "PATIENCE", 0)


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def visited(mine: Slots, *keys: str, slow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(slots, "SLOW_SECONDS", -1.0 if slow else 60.0)
        for key in keys:
            with mine.taken(key) as free:
                assert free


def taken(mine: Slots, key: str, held: ExitStack, times: int) -> list[bool]:
    return [held.enter_context(mine.taken(key)) for _ in range(times)]


def test_one_that_is_not_known_has_one_at_once(held: ExitStack) -> None:
    assert taken(Slots(threads=16), "a", held, 2) == [True, False]


def test_a_quick_one_has_many(held: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Slots(threads=16)
    visited(mine, "a", slow=False, monkeypatch=monkeypatch)
    got = taken(mine, "a", held, QUICK_AT_ONCE + 1)
    assert got == [True] * QUICK_AT_ONCE + [False]


def test_a_slow_one_has_few_and_all_slow_ones_a_share(
    held: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Slots(threads=4 * (SLOW_AT_ONCE + 1))
    visited(mine, "a", "b", slow=True, monkeypatch=monkeypatch)
    visited(mine, "quick", slow=False, monkeypatch=monkeypatch)
    assert taken(mine, "a", held, SLOW_AT_ONCE + 1) == [True] * SLOW_AT_ONCE + [False]
    assert taken(mine, "b", held, 2) == [True, False]
    assert taken(mine, "quick", held, 1) == [True]


def test_what_is_given_back_is_free_again_also_after_a_failure() -> None:
    mine = Slots(threads=16)
    with pytest.raises(ValueError, match="broken"), mine.taken("a"):
        raise ValueError("broken")
    with mine.taken("a") as free:
        assert free


def test_all_that_are_not_known_have_half_of_the_threads(
    held: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Slots(threads=8)
    visited(mine, "quick", slow=False, monkeypatch=monkeypatch)
    visited(mine, "slow", slow=True, monkeypatch=monkeypatch)
    strangers = [taken(mine, f"host-{number}", held, 1)[0] for number in range(40)]
    assert strangers.count(True) == 4
    assert taken(mine, "slow", held, 1) == [False]
    assert taken(mine, "quick", held, 4) == [True] * 4


def test_slow_ones_leave_some_to_those_that_are_not_known(
    held: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Slots(threads=8)
    slow = [f"slow-{number}" for number in range(5)]
    visited(mine, *slow, slow=True, monkeypatch=monkeypatch)
    assert [taken(mine, key, held, 1)[0] for key in slow].count(True) == 2
    assert taken(mine, "new", held, 1) == [True]
