"""A separate program: reads an XLSX from its input and writes its visible sheets as JSON.

`workbook.py` runs it with Python's -I, so it imports nothing of ours. Its own limits end it, and a faulty
workbook may crash it. A row is [number, cells, marks]; a mark is [index, kind] of a cell whose value cannot
be trusted.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MAX_MEMORY = 1_000_000_000  # bytes of address space
MAX_CPU = 25  # seconds
EXACT = 10**15  # integers below this are kept digit by digit


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU, MAX_CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most_rows, data = int(sys.argv[1]), sys.stdin.buffer.read()
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    paths = paths_of(data)
    sheets = []
    for name in shown:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(paths[name]) as file:
            marks = Marks(file).found
        sheets.append({"name": name, "rows": list(rows(book, name, marks, most_rows))})
    sys.stdout.write(json.dumps(sheets))


def rows(
    book: CalamineWorkbook, name: str, marks: dict[int, dict[int, str]], most: int
) -> Iterator[list[Any]]:
    """Yields the rows that are not empty."""
    sheet = book.get_sheet_by_name(name)
    left = [""] * (sheet.start[1] if sheet.start else 0)
    count = number = 0
    for number, values in enumerate(sheet.iter_rows(), 1):
        marked = dict(marks.get(number, {}))
        cells = left + [as_text(value) for value in values]
        for index, value in enumerate(values, len(left)):
            if isinstance(value, float) and abs(value) >= EXACT:
                marked[index] = "rounded"
        if any(cells) or marked:
            count += 1
            yield [number, cells, sorted(marked.items())]
        if count > most:
            return
    for below in sorted(row for row in marks if row > number):
        yield [below, [], sorted(marks[below].items())]


def as_text(value: Any) -> str:
    """Returns the value as a person would type it: 9 for 9.0, a day without its midnight."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def paths_of(data: bytes) -> dict[str, str]:
    """Returns the path of each sheet in the archive, by its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - within our limits
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    target = {link.get("Id"): link.get("Target", "") for link in links}
    return {
        sheet.get("name", ""): inside(target[link])
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
        for key, link in sheet.items()
        if key.endswith("}id")
    }


def inside(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


class Marks:
    """Cells that calamine reports as empty though they are not: errors, and formulas without a value. Holds
    `kind` by index by row.
    """

    def __init__(self, sheet: IO[bytes]) -> None:
        self.found: dict[int, dict[int, str]] = {}
        self.cell: dict[str, str] = {}  # its attributes, and the text of its f and v
        self.within = ""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.CharacterDataHandler = self.text
        parser.EndElementHandler = self.end
        parser.ParseFile(sheet)

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self.cell = dict(given)
        elif tag in {"f", "v"}:
            self.within = tag
            self.cell.setdefault(tag, "")

    def text(self, said: str) -> None:
        if self.within:
            self.cell[self.within] += said

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == self.within:
            self.within = ""
        if tag == "c" and "r" in self.cell and (kind := self.kind):
            column, row = placed(self.cell["r"])
            self.found.setdefault(row, {})[column] = kind

    @property
    def kind(self) -> str:
        sort = self.cell.get("t")
        if sort == "e":
            return "error"
        return "formula" if "f" in self.cell and not self.cell.get("v") and sort != "str" else ""


def placed(reference: str) -> tuple[int, int]:
    """B3 is column 1, row 3."""
    name = reference.rstrip("0123456789")
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, int(reference[len(name) :])


if __name__ == "__main__":
    main()
