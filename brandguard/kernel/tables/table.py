"""A table as it was understood, and the faults of what was not."""

from dataclasses import dataclass
from typing import ClassVar

from brandguard.kernel.errors import DomainError

MAX_SAID = 60  # characters of a name


class UnreadableImport(DomainError):
    """The file as a whole cannot be trusted."""

    code = "import_unreadable"


class UnclearEncoding(UnreadableImport):
    """Choosing the encoding solves this."""

    code = "encoding_unclear"


@dataclass(frozen=True)
class Understood:
    """How the file was read, for display; empty where the format has no such property."""

    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Problem:
    """A problem of one cell, or of a row where `index` is None."""

    index: int | None
    message: str
    remedy: str


@dataclass(frozen=True)
class RawRow:
    """`number` is counted as a spreadsheet does. `cells` may end before the first problem."""

    number: int
    cells: list[str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class TableFault:
    """`column` is the spreadsheet's letter and `name` the header's; both are empty for a whole row."""

    code: ClassVar[str] = "cell_unreadable"

    row: int
    column: str
    name: str
    message: str
    remedy: str


@dataclass(frozen=True)
class TableRow:
    """`cells` by known name, without empty ones."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """`names` are in the file's order. A row with a fault is not among `rows`."""

    names: tuple[str, ...]
    rows: tuple[TableRow, ...]
    faults: tuple[TableFault, ...]
    understood: Understood

    def __len__(self) -> int:
        return len(self.rows) + len({fault.row for fault in self.faults})


def letters(index: int) -> str:
    """Returns the column's letters: 0 is A, 25 is Z, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def printable(text: str) -> str:
    """Returns text from strangers that is safe in a message: no NUL, no lone surrogate, limited length."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:MAX_SAID])
