"""Reads rows of delimited text (RFC 4180 and its variants); each bad row stands for itself.

A quote that is never closed swallows what follows, in any reader. Here the row with the opening quote is
reported, and reading continues with the next line. Of the swallowed lines, only those with exactly as many
cells as the header count as rows.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from brandguard.kernel.tables.columns import Columns
from brandguard.kernel.tables.table import Problem, RawRow, UnreadableImport

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
# As in Excel: only the first line, which is then not a row.
SEPARATOR_LINE = re.compile(
    r'\A"?sep=([!#-/:-@\[-`{-~\t])"?[;,\t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE
)
MAX_LINES = 1_048_576  # as many rows as a spreadsheet has
MAX_RECORD = 200_000  # characters: an open quote is followed no further
MAX_BROKEN = 1_000
MAX_HEADER = 20_000  # characters
OPEN = Problem(
    None,
    "A quote is opened and not closed where the cell ends.",
    "Close it, or double the quotes within the cell.",
)
STRAY = Problem(
    None,
    "Text follows after the closing quote.",
    "Quote the whole cell, and double the quotes within it.",
)
TOO_LONG = Problem(
    None, f"The cell has more than {csv.field_size_limit()} characters.", "Shorten it."
)
SWALLOWED = Problem(
    None,
    "The line stands within the quote that an earlier row does not close, and does not have as many cells as the header.",
    "Close that quote.",
)


def without_separator_line(text: str) -> tuple[str, str]:
    """Returns the delimiter that the file itself names, if any, and the rest of the text."""
    if found := SEPARATOR_LINE.match(text):
        return found[1], text[found.end() :]
    return "", text


def delimiter_of(text: str, columns: Columns) -> str:
    """Returns the delimiter that gives the header most known names."""
    start = text[:MAX_HEADER]

    def fit(delimiter: str) -> tuple[int, int]:
        header = next(records(start, delimiter), RawRow(1, [])).cells
        return len(set(columns.known(header)) - {None}), len(header)

    return max(DELIMITERS, key=fit)


class Lines(Iterator[str]):
    """The lines that one record may consume, and how many it consumed."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at, self.taken = lines, 0, 0

    def __next__(self) -> str:
        if self.at >= len(self.lines) or (self.taken and self.taken > MAX_RECORD):
            raise StopIteration
        line = self.lines[self.at]
        self.at += 1
        self.taken += len(line)
        return line


@dataclass
class Swallowing:
    """The last line that a quote that was never closed had reached."""

    until: int = 0
    count: int = 0


def records(text: str, delimiter: str) -> Iterator[RawRow]:
    """Yields raw rows; the first that is not empty is the header. Raises UnreadableImport."""
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise UnreadableImport(
            f"There are more than {MAX_LINES} lines.", remedy="Send several files."
        )
    lines = Lines(list(io.StringIO(text, newline="")))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    swallowing, width, number = Swallowing(), 0, 0
    while lines.at < len(lines.lines):
        number, start, lines.taken = number + 1, lines.at, 0
        try:
            cells = next(reader)
        except (csv.Error, StopIteration) as error:
            yield broken(number, lines, start, delimiter, error, swallowing)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if start < swallowing.until and any(cells) and len(cells) != width:
            yield RawRow(number, [], (SWALLOWED,))
        elif any(cells):
            width = width or len(cells)
            yield RawRow(number, cells)


def broken(  # noqa: PLR0913, PLR0917 - where it broke, and how
    number: int,
    lines: Lines,
    start: int,
    delimiter: str,
    error: Exception,
    swallowing: Swallowing,
) -> RawRow:
    """Resets the lines to the one after `start`. Raises UnreadableImport."""
    swallowing.count += 1
    if swallowing.count > MAX_BROKEN:
        raise UnreadableImport(
            f"The quotes of more than {MAX_BROKEN} rows are wrong.",
            remedy="Save the table again, as XLSX or as CSV UTF-8.",
        )
    several = lines.at > start + 1
    swallowing.until = max(swallowing.until, lines.at)
    text = "".join(lines.lines[start : lines.at])
    lines.at = start + 1
    cells = whole_cells(text, delimiter)
    kind = OPEN if several or "unexpected end" in str(error) else STRAY
    kind = TOO_LONG if "field larger" in str(error) else kind
    return RawRow(number, [], (Problem(cells, kind.message, kind.remedy),))


def whole_cells(text: str, delimiter: str) -> int:
    """Returns the number of cells before the broken one."""
    sign = re.escape(delimiter)
    cell = re.compile(rf'(?:"(?:[^"]|"")*+"|[^"{sign}\r\n][^{sign}\r\n]*+)?{sign}')
    count, at = 0, 0
    while found := cell.match(text, at):
        count, at = count + 1, found.end()
    return count
