"""Reads numbers and days as people write them, where they have only one meaning.

Each function returns the plain form, or None where the meaning is ambiguous. Other text is returned
unchanged; the importer refuses it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),(?:\d{1,2}|\d{4,})", re.ASCII)
POINT_AND_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+", re.ASCII)
DIGITS_AND_COMMAS = re.compile(r"[+-]?[\d.]*,[\d.,]*", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)


@dataclass(frozen=True)
class Sort:
    """`plain` converts a cell; the other fields are reported where it returns None."""

    plain: Callable[[str], str | None]
    message: str
    remedy: str


def number(cell: str) -> str | None:
    """9,90 is 9.90; 1,234 may be either."""
    if DECIMAL_COMMA.fullmatch(cell):
        return cell.replace(".", "").replace(",", ".")
    if POINT_AND_THOUSANDS.fullmatch(cell):
        return cell.replace(",", "")
    return None if DIGITS_AND_COMMAS.fullmatch(cell) else cell


def day(cell: str) -> str | None:
    """31.12.2026 and 2026/12/31 are 2026-12-31; 03/04/2026 may be April or March."""
    if found := YEAR_FIRST.fullmatch(cell):
        return iso(int(found[1]), int(found[3]), int(found[4])) or cell
    if not (found := YEAR_LAST.fullmatch(cell)):
        return cell
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    day_first, month_first = iso(year, second, first), iso(year, first, second)
    if found[2] == ".":  # nobody writes the month first with points
        return day_first or cell
    if day_first and month_first and first != second:
        return None
    return day_first or month_first or cell


def iso(year: int, month: int, day_of_month: int) -> str | None:
    try:
        return date(year, month, day_of_month).isoformat()
    except ValueError:
        return None


NUMBER = Sort(
    number,
    "The comma may mark thousands or decimals.",
    "Write a decimal point and no other sign.",
)
DAY = Sort(day, "The day and the month cannot be told apart.", "Write it as 2026-12-31.")
