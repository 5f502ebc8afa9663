"""Tables as programs write them: read for certain, or named by row and column."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandguard.kernel.tables import ENCODINGS, UnclearEncoding, UnreadableImport
from tests.brandguard.kernel.tables.scenes import HEADER, ROW, faults, read, titles


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


def test_limits_refuse_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableImport, match="more than 10 rows"):
        read("\n".join([HEADER, *[ROW] * 11]))
    monkeypatch.setattr("brandguard.kernel.tables.read.MAX_BYTES", 20)
    with pytest.raises(UnreadableImport, match="more than 20 bytes"):
        read(HEADER)


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
    assert faults(table) == [(3, "C", "It holds bytes that are invalid in this encoding.")]


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
