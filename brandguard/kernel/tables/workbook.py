"""Reads XLSX with calamine, in a separate process.

A workbook of two kilobytes can make calamine ask for terabytes, which ends its process without an exception
(a cell at XFD1048576, a string table that claims to be long). So `sheets.py` runs separately, with limits on
memory and time; if it dies, the workbook is refused.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from brandguard.kernel.tables.columns import Columns
from brandguard.kernel.tables.table import Problem, RawRow, UnreadableImport

PROGRAM = Path(__file__).with_name("sheets.py")
MAX_SECONDS = 30
MAX_ROWS = 20_000  # in a sheet; no table allows more
SAVE_AGAIN = "Save the table again as XLSX, alone in its workbook, or as CSV UTF-8."
PROBLEMS = {
    "error": ("The spreadsheet shows an error here.", "Correct its formula, or type the value."),
    "formula": ("The formula has no stored value.", "Open the file in a spreadsheet and save it."),
    "rounded": (
        "The spreadsheet has rounded this number: it keeps 15 digits.",
        "Format the column as text, and type the value again.",
    ),
}


def is_workbook(file: IO[bytes]) -> bool:
    """Whether the archive is a workbook and not one of other files."""
    try:
        with zipfile.ZipFile(file) as archive:
            return "xl/workbook.xml" in archive.NameToInfo
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    finally:
        file.seek(0)


def sheet_of(data: bytes, columns: Columns) -> tuple[str, Iterator[RawRow]]:
    """Returns name and rows of the one sheet with the header looked for. Raises UnreadableImport."""
    sheets = [sheet for sheet in read(data) if sheet["rows"]]
    fit = [sheet for sheet in sheets if has_header(sheet, columns)] or sheets
    if len(fit) != 1:
        names = ", ".join(sheet["name"] for sheet in fit)
        raise UnreadableImport(
            f"Several sheets could be meant: {names}."
            if fit
            else "The workbook has no sheet with content.",
            remedy="Save only that sheet in a workbook.",
        )
    return fit[0]["name"], rows_of(fit[0])


def has_header(sheet: dict[str, Any], columns: Columns) -> bool:
    _, cells, _ = sheet["rows"][0]
    return set(columns.required) <= set(columns.known(cells))


def rows_of(sheet: dict[str, Any]) -> Iterator[RawRow]:
    for number, cells, marks in sheet["rows"]:
        problems = tuple(Problem(index, *PROBLEMS[kind]) for index, kind in marks)
        yield RawRow(number, cells, problems)


def read(data: bytes) -> list[dict[str, Any]]:
    """Raises UnreadableImport."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, by our own interpreter
            [sys.executable, "-I", str(PROGRAM), str(MAX_ROWS)],
            input=data,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableImport("The workbook takes too long to read.", remedy=SAVE_AGAIN) from error
    except subprocess.CalledProcessError as error:
        raise UnreadableImport(
            "The workbook is damaged, protected, or needs more memory than a table may.",
            remedy=SAVE_AGAIN,
        ) from error
    sheets: list[dict[str, Any]] = json.loads(done.stdout)
    return sheets
