"""Numbers and days are taken only where they can be nothing else."""

import pytest

from tests.brandguard.kernel.tables.scenes import HEADER, faults, read


@pytest.mark.parametrize(
    ("cell", "number"),
    [("9,90", "9.90"), ("1.234,5", "1234.5"), ("1,234.50", "1234.50"), ("9.9", "9.9"), ("x", "x")],
)
def test_a_decimal_comma_is_one_where_it_can_be_nothing_else(cell: str, number: str) -> None:
    assert read(f'{HEADER}\no-1,s-1,A,"{cell}"').rows[0].cells["price"] == number


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2026/4/3", "2026-04-03"),
        ("3.4.2026", "2026-04-03"),
        ("31/12/2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("04-04-2026", "2026-04-04"),
        ("31.02.2026", "31.02.2026"),
        ("tomorrow", "tomorrow"),
    ],
)
def test_a_day_is_one_where_it_can_be_no_other(cell: str, day: str) -> None:
    assert read(f"external_id,seller_id,until\no-1,s-1,{cell}").rows[0].cells["until"] == day


def test_a_day_that_may_be_another_is_named() -> None:
    table = read("external_id,seller_id,until\no-1,s-1,03/04/2026")
    assert faults(table) == [(2, "C", "The day and the month cannot be told apart.")]
