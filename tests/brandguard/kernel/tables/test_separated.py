"""Tables as text: separators and quotes."""

import pytest

from brandguard.kernel.tables import UnreadableImport
from tests.brandguard.kernel.tables.scenes import HEADER, ROW, faults, read, titles


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_header_tells_the_delimiter(sign: str, ends: str) -> None:
    table = read(ends.join([HEADER, ROW, ""]).replace(",", sign))
    assert titles(table) == {2: "A bottle"}
    assert table.rows[0].cells["price"] == "9.90"


def test_a_line_that_names_the_separator_is_no_row() -> None:
    table = read(f"sep=;\r\n{HEADER}\r\n{ROW}".replace(",", ";"))
    assert (titles(table), table.understood.delimiter) == ({2: "A bottle"}, "semicolon")
    odd = read(f'"sep=^"\n{HEADER}\n{ROW}'.replace(",", "^"))
    assert (titles(odd), odd.understood.delimiter) == ({2: "A bottle"}, "^")


@pytest.mark.parametrize("sign", ["\0", "\udc89", "x"])
def test_only_a_sign_separates(sign: str) -> None:
    with pytest.raises(UnreadableImport, match="lacks external_id"):
        read(f"sep={sign}\n{HEADER}".encode("utf-8", "surrogateescape"), "utf-8")


def test_a_quote_that_is_never_closed_takes_its_own_row_alone() -> None:
    table = read(f'{HEADER}\n{ROW}\no-2,s-1,"A,1\n{ROW}\n{ROW}\n')
    assert list(titles(table)) == [2, 4, 5]
    assert [(row, column) for row, column, _ in faults(table)] == [(3, "C")]


def test_a_quote_that_another_closes_too_late_takes_its_own_row_alone() -> None:
    table = read(f'{HEADER}\no-2,s-1,"A,1\n{ROW}\no-3,s-1,"B",1\n{ROW}\n')
    assert list(titles(table)) == [3, 4, 5]
    assert [(row, column) for row, column, _ in faults(table)] == [(2, "C")]


def test_lines_within_an_open_quote_are_rows_only_where_they_have_all_cells() -> None:
    table = read(f'{HEADER}\no-2,s-1,"A text\nof two lines, and\n{ROW}')
    assert list(titles(table)) == [4]
    assert [row for row, _, _ in faults(table)] == [2, 3]


def test_a_cell_may_have_lines_of_its_own_and_rows_are_counted_as_a_spreadsheet_does() -> None:
    table = read(f'{HEADER}\no-1,s-1,"two\nlines",1\n\n;\n{ROW}'.replace(";", ",,,"))
    assert titles(table) == {2: "two\nlines", 5: "A bottle"}


def test_cells_that_a_program_leaves_out_at_the_end_are_empty() -> None:
    table = read(f"{HEADER},,\no-1,s-1\n{ROW},,")
    assert (titles(table), table.faults) == ({2: "", 3: "A bottle"}, ())


def test_a_row_without_end_is_no_row_and_costs_no_more_than_others() -> None:
    table = read("\n".join([HEADER, ",".join(["x"] * 501), ROW]))
    assert list(titles(table)) == [3]
    assert faults(table) == [(2, "SG", "The row has more cells than any table may.")]


def test_quotes_opened_in_every_line_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brandguard.kernel.tables.separated.MAX_BROKEN", 5)
    with pytest.raises(UnreadableImport, match="quotes of more than 5 rows"):
        read("\n".join([HEADER, *['o-1,s-1,"A'] * 7]))
