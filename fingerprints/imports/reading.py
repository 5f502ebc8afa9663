"""Rows from a CSV, or from a ZIP with a CSV and pictures: hostile until read.

Nothing is unpacked to the disk: pictures are read one by one, each up to its limit, under names that
only ever look up an entry. What is wrong with the file as a whole refuses it; what is wrong with a
row refuses that row.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, Self

from django.conf import settings
from django.core.files.base import ContentFile

from brandguard.faults import Fault

MOST_ENTRIES = 50_000
MOST_CSV_BYTES = 50_000_000
FORMULAS = ("=", "@", "\t", "\r")  # what a spreadsheet would run, were the cell ever shown in one


class UnreadableImport(Fault):
    code = "import_unreadable"


class WrongRow(Fault):
    code = "row_wrong"


@dataclass(frozen=True)
class Columns:
    """What a file of one sort holds. `lists` are cells of several values, separated by spaces or
    semicolons.
    """

    csv_name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    lists: tuple[str, ...]
    most_rows: int


@dataclass(frozen=True)
class Row:
    """`number` as a spreadsheet counts, the header being 1; `images` are names within the ZIP."""

    number: int
    fields: dict[str, Any]
    images: tuple[str, ...]


class ImportFile(AbstractContextManager["ImportFile"]):
    """Raises UnreadableImport on entering and while rows are read."""

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        self._file = file
        self.columns = columns
        self._archive: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        if zipfile.is_zipfile(self._file):
            self._archive = opened(self._file)
        self._file.seek(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._archive:
            self._archive.close()

    def rows(self) -> Iterator[Row]:
        reader = csv.DictReader(io.StringIO(self._text(), newline=""))
        check_header(reader.fieldnames or [], self.columns)
        try:
            for number, cells in enumerate(reader, 2):
                if number > self.columns.most_rows + 1:
                    raise UnreadableImport(
                        f"There are more than {self.columns.most_rows} rows.",
                        remedy="Send several files.",
                    )
                if any(cells.values()):
                    yield as_row(number, cells, self.columns)
        except csv.Error as error:
            raise UnreadableImport(
                f"Row {reader.line_num} is no CSV: {error}.", remedy="Save it as CSV again."
            ) from error

    def picture(self, name: str) -> ContentFile[bytes]:
        """One byte more than may be: enough for it to be refused. Raises WrongRow."""
        if not self._archive or name not in self._archive.NameToInfo:
            raise WrongRow(
                f"The archive has no file {name}.",
                remedy=f"Name pictures by their path in the ZIP, beside {self.columns.csv_name}.",
                field="images",
            )
        try:
            with self._archive.open(name) as entry:
                data = entry.read(settings.MAX_IMAGE_BYTES + 1)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise WrongRow(
                f"{name} cannot be read from the archive: {error}.",
                remedy="Make the ZIP anew, without a password.",
                field="images",
            ) from error
        return ContentFile(data, name.rpartition("/")[2])

    def _text(self) -> str:
        name = self.columns.csv_name
        try:
            if self._archive:
                with self._archive.open(name) as entry:
                    data = entry.read(MOST_CSV_BYTES + 1)
            else:
                data = self._file.read(MOST_CSV_BYTES + 1)
        except KeyError:
            raise UnreadableImport(
                f"The archive has no {name}.", remedy=f"Put {name} at its top."
            ) from None
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise UnreadableImport(
                f"{name} cannot be read from the archive: {error}.",
                remedy="Make the ZIP anew, without a password.",
            ) from error
        if len(data) > MOST_CSV_BYTES:
            raise UnreadableImport(
                f"The CSV has more than {MOST_CSV_BYTES} bytes.", remedy="Send several files."
            )
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnreadableImport(
                f"The CSV is not UTF-8 (byte {error.start}).", remedy="Save it as CSV UTF-8."
            ) from error


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableImport(f"The ZIP is damaged: {error}.", remedy="Make it anew.") from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise UnreadableImport(
            f"The ZIP has {len(entries)} entries, more than {MOST_ENTRIES}.",
            remedy="Send several files.",
        )
    outside = [entry.filename for entry in entries if leads_outside(entry.filename)]
    if outside:
        raise UnreadableImport(
            f"The ZIP has an entry that leads outside of it: {outside[0]}.",
            remedy="Make it anew, with plain names.",
        )
    return archive


def leads_outside(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or ":" in plain.split("/")[0]


def check_header(names: Any, columns: Columns) -> None:
    known = columns.required + columns.optional
    missing = [name for name in columns.required if name not in names]
    unknown = [name for name in names if name not in known]
    if missing or unknown:
        wrong = [f"lacks {', '.join(missing)}"] * bool(missing)
        wrong += [f"has {', '.join(map(str, unknown))}, which is unknown"] * bool(unknown)
        raise UnreadableImport(
            f"The header {' and '.join(wrong)}.",
            remedy=f"Use the names {', '.join(known)}, separated by commas.",
        )


def as_row(number: int, cells: dict[str, Any], columns: Columns) -> Row:
    """Cells beyond the header are kept as a field that nothing has, and refused with the row."""
    fields: dict[str, Any] = {}
    for name, cell in cells.items():
        if name in columns.lists:
            fields[name] = (cell or "").replace(";", " ").split()
        elif cell:
            fields[str(name)] = cell
    images = tuple(fields.pop("images", ()))
    return Row(number, {name: value for name, value in fields.items() if value}, images)


def refuse_formulas(row: Row) -> None:
    """Raises WrongRow."""
    for name, value in row.fields.items():
        if name == "None":
            raise WrongRow("It has more cells than the header.", remedy="Quote commas.", field=None)
        for cell in value if isinstance(value, list) else [value]:
            if cell.startswith(FORMULAS):
                raise WrongRow(
                    "It begins as a spreadsheet's formula does.",
                    remedy="Leave the leading sign out.",
                    field=name,
                )
