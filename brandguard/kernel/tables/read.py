"""Turns a file's bytes into a table: its file type, its header, and the cells of each row."""

from collections.abc import Iterator
from typing import IO

from brandguard.kernel.tables.columns import Columns
from brandguard.kernel.tables.encodings import NAMES, Ambiguous, Decoded, decoded
from brandguard.kernel.tables.separated import (
    DELIMITERS,
    delimiter_of,
    records,
    without_separator_line,
)
from brandguard.kernel.tables.table import (
    Problem,
    RawRow,
    Table,
    TableFault,
    TableRow,
    UnclearEncoding,
    Understood,
    UnreadableImport,
    letters,
    printable,
)
from brandguard.kernel.tables.workbook import is_workbook, sheet_of

__all__ = ["is_workbook", "read_table"]

MAX_BYTES = 50_000_000
OTHER_FORMATS = {
    b"\xd0\xcf\x11\xe0": "an older or a protected Excel workbook",
    b"PK\x03\x04": "an archive, or a spreadsheet of another kind",
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document",
}
SAVE_AGAIN = "Save the table as XLSX or as CSV UTF-8."
MAX_CELLS = 500  # in a row
TOO_WIDE = ("The row has more cells than any table may.", "Quote a cell that holds the delimiter.")
NUL = ("It holds a NUL character.", "Leave it out.")
BYTES = ("It holds bytes that are invalid in this encoding.", "Type the cell again.")
FORMULA = ("It begins like a spreadsheet formula.", "Leave the leading sign out.")
FORMULAS = ("=", "@")  # signs that make a spreadsheet run the cell as a formula
NO_HEADER = (
    "The header has no name for its column.",
    "Quote a cell that holds the delimiter, or name the column.",
)


def read_table(file: IO[bytes], columns: Columns, encoding: str = "") -> Table:
    """Reads the table. `encoding` is one of ENCODINGS, or empty to recognise it. Raises UnreadableImport, or
    UnclearEncoding where choosing an encoding is enough.
    """
    workbook = is_workbook(file)
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableImport(
            f"The table has more than {MAX_BYTES} bytes.", remedy="Send several files."
        )
    if workbook:
        name, rows = sheet_of(data, columns)
        return assembled(rows, columns, Understood("XLSX", sheet=printable(name)))
    for start, what in OTHER_FORMATS.items():
        if data.startswith(start):
            raise UnreadableImport(f"The file is {what}, not a table.", remedy=SAVE_AGAIN)
    text = text_of(data, encoding)
    named, rest = without_separator_line(text.text)
    delimiter = named or delimiter_of(rest, columns)
    understood = Understood("CSV", text.encoding, DELIMITERS.get(delimiter, delimiter))
    return assembled(records(rest, delimiter), columns, understood)


def text_of(data: bytes, encoding: str) -> Decoded:
    try:
        return decoded(data, encoding)
    except Ambiguous as error:
        may_be = f" It may be {' or '.join(error.candidates)}." * bool(error.candidates)
        fault = UnclearEncoding(
            f"The encoding of the file is not certain.{may_be}",
            remedy=f"Say which it is ({', '.join(NAMES)}), or save the table as CSV UTF-8 or XLSX.",
        )
        fault.details["candidates"] = list(error.candidates)
        raise fault from error


def assembled(rows: Iterator[RawRow], columns: Columns, understood: Understood) -> Table:
    header = next(rows, RawRow(1, []))
    for problem in header.problems:
        raise UnreadableImport(
            f"The header cannot be read. {problem.message}", remedy=problem.remedy
        )
    cells = [cell.strip() for cell in header.cells]
    names = columns.placed(cells)
    width = len(header.cells) if columns.others else 0
    good: list[TableRow] = []
    faults: list[TableFault] = []
    for count, row in enumerate(rows, 1):
        if count > columns.most_rows:
            raise UnreadableImport(
                f"There are more than {columns.most_rows} rows.", remedy="Send several files."
            )
        if wrong := list(faults_of(row, names, columns, width)):
            faults += wrong
        else:
            good.append(TableRow(row.number, cells_of(row, names, columns)))
    return Table(tuple(names.values()), tuple(good), tuple(faults), understood)


def faults_of(
    row: RawRow, names: dict[int, str], columns: Columns, width: int
) -> Iterator[TableFault]:
    for problem in (*row.problems, *problems_of(row, names, columns, width)):
        column = "" if problem.index is None else letters(problem.index)
        name = "" if problem.index is None else names.get(problem.index, "")
        yield TableFault(row.number, column, name, problem.message, problem.remedy)


def problems_of(
    row: RawRow, names: dict[int, str], columns: Columns, width: int
) -> Iterator[Problem]:
    """Yields the row's problems. `width` is how many cells may be there without being read."""
    if len(row.cells) > MAX_CELLS:
        yield Problem(MAX_CELLS, *TOO_WIDE)
        return
    nameless = [
        at for at, cell in enumerate(row.cells) if at >= width and at not in names and cell.strip()
    ]
    if nameless:
        yield Problem(nameless[0], *NO_HEADER)
    for index, cell in enumerate(row.cells):
        if "\0" in cell:
            yield Problem(index, *NUL)
        if any("\ud800" <= sign <= "\udfff" for sign in cell):
            yield Problem(index, *BYTES)
        if index in names and cell.strip().startswith(FORMULAS):
            yield Problem(index, *FORMULA)
        sort = columns.sorts.get(names.get(index, ""))
        if sort and sort.plain(cell.strip()) is None:
            yield Problem(index, sort.message, sort.remedy)


def cells_of(row: RawRow, names: dict[int, str], columns: Columns) -> dict[str, str]:
    cells = {name: row.cells[at].strip() for at, name in names.items() if at < len(row.cells)}
    for name, sort in columns.sorts.items():
        if name in cells:
            cells[name] = sort.plain(cells[name]) or ""
    return {name: cell for name, cell in cells.items() if cell}
