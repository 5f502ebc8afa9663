"""Workbooks: the sheet with the header, and cells at their value."""

import pytest

from brandguard.kernel.tables import UnreadableImport
from tests.brandguard.kernel.tables.scenes import HEADINGS, faults, read, titles
from tests.workbooks import sheet, workbook


def test_a_workbook_is_read_by_its_sheet_with_the_header() -> None:
    rows: list[list[object]] = [
        list(HEADINGS),
        ["o-1", 4006381333931, "Gr\u00f6\u00dfe", 9.9],
        ["o-2", "s-1", '<c r="@" s="1"><v>46023</v></c>'],
        ["o-3", "s-1", '<c r="@" t="b"><v>1</v></c>', 9],
    ]
    table = read(workbook({"Notes": sheet([["How to"]]), "Offers": sheet(rows, first=3)}))
    assert (table.understood.format, table.understood.sheet) == ("XLSX", "Offers")
    assert [(row.number, *row.cells.values()) for row in table.rows] == [
        (4, "o-1", "4006381333931", "Gr\u00f6\u00dfe", "9.9"),
        (5, "o-2", "s-1", "2026-01-01"),
        (6, "o-3", "s-1", "TRUE", "9"),
    ]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "shows an error"),
        ('<c r="@"><f>A2</f><v></v></c>', "no stored value"),
        (12345678901234567, "15 digits"),
        ("=1+1", "formula"),
        ("_x0000_", "NUL"),
    ],
)
def test_a_cell_that_cannot_be_taken_at_its_value_is_named(cell: object, said: str) -> None:
    table = read(workbook({"Offers": sheet([HEADINGS, ["o-1", "s-1"], ["o-2", "s-1", cell]])}))
    assert list(titles(table)) == [2]
    [(row, column, message)] = faults(table)
    assert (row, column) == (3, "C")
    assert said in message


def test_which_sheet_is_meant_is_never_guessed() -> None:
    one = sheet([HEADINGS, ["o-1", "s-1"]])
    with pytest.raises(UnreadableImport, match="could be meant: May, June"):
        read(workbook({"May": one, "June": one}))
    assert read(workbook({"May": one, "June": one}, hidden="June")).understood.sheet == "May"
    with pytest.raises(UnreadableImport, match="no sheet with content"):
        read(workbook({"May": sheet([])}))
