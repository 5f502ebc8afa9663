"""What a table was understood to say, and what of it could not be."""

from dataclasses import dataclass
from typing import ClassVar

from brandguard.kernel.errors import DomainError

MAX_SAID = 60  # characters of a name


class UnreadableImport(DomainError):
    """The file as a whole: nothing of it is certain."""

    code = "import_unreadable"


class UnclearEncoding(UnreadableImport):
    """Choosing the encoding is enough."""

    code = "encoding_unclear"


@dataclass(frozen=True)
class Understood:
    """How the file was read, to be shown; empty what its format has not."""

    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Problem:
    """Of one cell, or of a row where `index` is None."""

    index: int | None
    message: str
    remedy: str


@dataclass(frozen=True)
class RawRow:
    """`number` as a spreadsheet counts. `cells` may be those before the first problem only."""

    number: int
    cells: list[str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class TableFault:
    """`column` as a spreadsheet calls it, `name` as the header does; empty where it is the whole row."""

    code: ClassVar[str] = "cell_unreadable"

    row: int
    column: str
    name: str
    message: str
    remedy: str


@dataclass(frozen=True)
class TableRow:
    """`cells` by known name, without those that are empty."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """`names` in the file's order. A row with any fault is not among `rows`."""

    names: tuple[str, ...]
    rows: tuple[TableRow, ...]
    faults: tuple[TableFault, ...]
    understood: Understood

    def __len__(self) -> int:
        return len(self.rows) + len({fault.row for fault in self.faults})


def letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def printable(text: str) -> str:
    """Of a stranger's text what a message may hold: neither a NUL, nor half of a pair, nor too much."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:MAX_SAID])
