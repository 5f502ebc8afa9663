"""Tables as programs write them: read for certain, or named by row and column."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandguard.kernel.tables import (
    DAY,
    ENCODINGS,
    NUMBER,
    Columns,
    Table,
    UnclearEncoding,
    UnreadableImport,
    read_table,
)
from tests.workbooks import SPREADSHEET, sheet, workbook

COLUMNS = Columns(
    csv_name="listings.csv",
    required=("external_id", "seller_id"),
    optional=("title", "price", "until"),
    lists=(),
    most_rows=10,
    sorts={"price": NUMBER, "until": DAY},
)
HEADER = "external_id,seller_id,title,price"
ROW = "o-1,s-1,A bottle,9.90"
HEADINGS = ["External ID", "Seller ID", "Title", "Price"]


def read(data: str | bytes, encoding: str = "") -> Table:
    return read_table(
        io.BytesIO(data.encode() if isinstance(data, str) else data), COLUMNS, encoding
    )


def titles(table: Table) -> dict[int, str]:
    return {row.number: row.cells.get("title", "") for row in table.rows}


def faults(table: Table) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.message) for fault in table.faults]


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


@pytest.mark.parametrize(
    "header",
    [
        "EXTERNAL_ID,Seller_Id,TITLE,Price",
        "External ID, Seller-ID ,Title,price",
        '"externalId","SellerID"," title","price"',
        "\ufeffexternal_id,seller_id,title,price",
    ],
)
def test_headers_are_known_in_any_case_and_with_spaces(header: str) -> None:
    assert read(f"{header}\n{ROW}").names == ("external_id", "seller_id", "title", "price")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("external_id,seller_id,title,Title", "title more than once, in columns C and D"),
        ("external_id,seller_id,colour", "has colour in column C, which is unknown"),
        ("external_id,titel", "lacks seller_id and has titel in column B"),
        ("", "lacks external_id, seller_id"),
        ('"external_id,seller_id', "A quote is opened"),
    ],
)
def test_a_header_that_is_not_certain_refuses_the_file(header: str, said: str) -> None:
    with pytest.raises(UnreadableImport) as refused:
        read(f"{header}\n{ROW}")
    assert said in refused.value.message


@pytest.mark.parametrize("strange", [b"a\0b", b"a\x89b", b"a\nb"])
def test_what_is_told_of_a_header_can_be_written_anywhere(strange: bytes) -> None:
    with pytest.raises(UnreadableImport) as refused:
        read(b'external_id,seller_id,"' + strange + b'"', "utf-8")
    assert "has a\ufffdb in column C" in refused.value.message


@pytest.mark.parametrize("sign", ["\0", "\udc89", "x"])
def test_only_a_sign_separates(sign: str) -> None:
    with pytest.raises(UnreadableImport, match="lacks external_id"):
        read(f"sep={sign}\n{HEADER}".encode("utf-8", "surrogateescape"), "utf-8")


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(UnreadableImport) as refused:
        read("external_id,seler_id,titel")
    assert "Perhaps seller_id, title is meant." in refused.value.remedy


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        pytest.param(f"{ROW},one,two", "E", "no name", id="cells too many"),
        pytest.param("o-1,s-1,A\0B,1", "C", "NUL", id="a NUL"),
        pytest.param('o-1,s-1,"A" bottle,1', "C", "closing quote", id="text after a quote"),
        pytest.param("o-1,s-1,=1+1,1", "C", "formula", id="a formula"),
        pytest.param('o-1,s-1,A,"1,234"', "D", "thousands or decimals", id="an unclear number"),
    ],
)
def test_what_cannot_be_read_is_named_by_row_and_column_and_the_rest_goes_on(
    row: str, column: str, said: str
) -> None:
    table = read(f"{HEADER}\n{ROW}\n{row}\n{ROW}")
    assert list(titles(table)) == [2, 4]
    [(number, where, message)] = faults(table)
    assert (number, where) == (3, column)
    assert said in message


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
    assert faults(table) == [(2, "C", "Which is the day and which the month is not certain.")]


def test_limits_refuse_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableImport, match="more than 10 rows"):
        read("\n".join([HEADER, *[ROW] * 11]))
    monkeypatch.setattr("brandguard.kernel.tables.read.MAX_BYTES", 20)
    with pytest.raises(UnreadableImport, match="more than 20 bytes"):
        read(HEADER)


def test_a_row_without_end_is_no_row_and_costs_no_more_than_others() -> None:
    table = read("\n".join([HEADER, ",".join(["x"] * 501), ROW]))
    assert list(titles(table)) == [3]
    assert faults(table) == [(2, "SG", "The row has more cells than any table may.")]


def test_quotes_opened_in_every_line_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brandguard.kernel.tables.separated.MAX_BROKEN", 5)
    with pytest.raises(UnreadableImport, match="quotes of more than 5 rows"):
        read("\n".join([HEADER, *['o-1,s-1,"A'] * 7]))


@pytest.mark.parametrize(
    ("start", "said"),
    [(b"\xd0\xcf\x11\xe0", "older or a protected"), (b"PK\x03\x04", "archive"), (b"%PDF-", "PDF")],
)
def test_a_file_of_another_kind_is_called_by_its_name(start: bytes, said: str) -> None:
    with pytest.raises(UnreadableImport, match=said):
        read(start + b"\0" * 600)


def test_an_unclear_encoding_is_asked_for_and_then_obeyed() -> None:
    data = f"{HEADER}\no-1,s-1,Cr\u00e8me,1".encode("cp1252")
    with pytest.raises(UnclearEncoding, match="Windows-1252 or Windows-1250"):
        read(data)
    assert titles(read(data, "cp1252")) == {2: "Cr\u00e8me"}


def test_a_chosen_encoding_that_does_not_fit_is_named_by_cell() -> None:
    table = read(f"{HEADER}\n{ROW}\no-2,s-1,Gr\u00f6\u00dfe,1".encode("cp1252"), "utf-8")
    assert faults(table) == [(3, "C", "It holds bytes that are none of this encoding.")]


# --- workbooks


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
    with pytest.raises(UnreadableImport, match="not certain: May, June"):
        read(workbook({"May": one, "June": one}))
    assert read(workbook({"May": one, "June": one}, hidden="June")).understood.sheet == "May"
    with pytest.raises(UnreadableImport, match="no sheet with anything"):
        read(workbook({"May": sheet([])}))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            workbook({"Offers": sheet([HEADINGS, ['<c r="XFD1048576"><v>1</v></c>']])}),
            id="a cell at the far end",
        ),
        pytest.param(
            workbook(
                {"Offers": sheet([HEADINGS])},
                xl__sharedStrings_xml=f'<sst xmlns="{SPREADSHEET}" uniqueCount="99999999999999"/>',
            ),
            id="a list of strings that claims to be long",
        ),
        pytest.param(workbook({"Offers": "<worksheet><sheetData"}), id="broken XML"),
        pytest.param(
            workbook({"Offers": sheet([HEADINGS, ['<c r="@" t="s"><v>7</v></c>']])}),
            id="a string that is not there",
        ),
    ],
)
def test_a_hostile_workbook_ends_its_own_reader_alone(data: bytes) -> None:
    with pytest.raises(UnreadableImport, match="damaged, protected, or asks for more memory"):
        read(data)


# --- whatever comes
PIECES = st.sampled_from(
    [HEADER, ROW, "external_id", "\n", "\r\n", "\r", ",", ";", "\t", '"', '""', "\0", "sep=;\n",
     "é", "红", "\udc89", "=", " ", "PK\x03\x04", "\ufeff"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(
    data=st.one_of(
        st.binary(max_size=200), TEXTS.map(lambda t: t.encode("utf-8", "surrogatepass"))
    ),
    start=st.sampled_from([b"", f"{HEADER}\n".encode(), f"{HEADER}\n".encode("utf-16")]),
    encoding=st.sampled_from(["", *ENCODINGS]),
)
@settings(max_examples=300, deadline=None)
def test_whatever_comes_is_read_or_refused_and_can_be_stored(
    data: bytes, start: bytes, encoding: str
) -> None:
    try:
        table = read(start + data, encoding)
    except UnreadableImport as fault:
        said = fault.advice
    else:
        said = repr(table.understood) + "".join(
            cell for row in table.rows for cell in row.cells.values()
        )
        assert all(fault.row > 1 for fault in table.faults)
    assert "\0" not in said
    said.encode()
