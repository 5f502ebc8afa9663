"""Reads rows from a table, or from a ZIP with a table and pictures; both may be hostile.

Nothing is unpacked to the disk: pictures are read one by one, each up to a limit, and names only look up
entries. An error of the whole file refuses the file; an error of a row refuses that row.
"""

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from types import TracebackType
from typing import IO, Any, Self
from unicodedata import normalize

from django.conf import settings
from django.core.files.base import ContentFile

from brandguard.kernel.errors import DomainError
from brandguard.kernel.tables import (
    Columns,
    Table,
    TableRow,
    UnreadableImport,
    is_workbook,
    read_table,
)
from brandguard.kernel.tables.read import MAX_BYTES

BETWEEN = re.compile(r"[;\s]+|,\s+")  # between values of one cell; a URL may contain a comma
MAX_ENTRIES = 50_000
NAMED_IN_UTF_8 = 0x800  # an entry's flag bit
NAMED_OTHERWISE = ("utf-8", "gb18030", "cp1252", "cp850")
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError),  # unsupported compression, or a password
)
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


class WrongRow(DomainError):
    code = "row_wrong"


@dataclass(frozen=True)
class Row:
    """`number` is the row number as in a spreadsheet (the header is 1); `images` are names in the ZIP."""

    number: int
    fields: dict[str, Any]
    images: tuple[str, ...]


class ImportFile(AbstractContextManager["ImportFile"]):
    """Entering and `table` raise UnreadableImport. `encoding` is the table's: one of ENCODINGS, or empty
    to recognise it.
    """

    def __init__(self, file: IO[bytes], columns: Columns, encoding: str = "") -> None:
        self._file = file
        self.columns = columns
        self.encoding = encoding
        self._archive: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        if zipfile.is_zipfile(self._file) and not is_workbook(self._file):
            self._archive = opened(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._archive:
            self._archive.close()

    @cached_property
    def table(self) -> Table:
        file = io.BytesIO(packed(self._archive, self.columns)) if self._archive else self._file
        return read_table(file, self.columns, self.encoding)

    @property
    def rows(self) -> list[Row]:
        return [as_row(row, self.columns) for row in self.table.rows]

    def _entries(self, name: str) -> set[str]:
        """Returns the entries that a table may mean by the name, in any spelling of the archive."""
        if self._archive and name in self._archive.NameToInfo:
            return {name}
        return set(self._spelt.get(normalize("NFC", name), ()))

    @cached_property
    def _spelt(self) -> dict[str, set[str]]:
        entries: dict[str, set[str]] = defaultdict(set)
        for entry in self._archive.infolist() if self._archive else ():
            for spelling in spellings(entry):
                entries[spelling].add(entry.filename)
        return entries

    def picture(self, name: str) -> ContentFile[bytes]:
        """Returns at most one byte more than the limit, enough to refuse the file. Raises WrongRow."""
        found = self._entries(name)
        if not self._archive or len(found) != 1:
            raise WrongRow(
                f"The archive has no file {name}.",
                remedy=f"Give each picture's path in the ZIP, relative to {self.columns.csv_name}.",
                field="images",
            )
        try:
            with self._archive.open(found.pop()) as entry:
                data = entry.read(settings.MAX_IMAGE_BYTES + 1)
        except (*DAMAGED, OSError) as error:
            raise WrongRow(
                f"{name} cannot be read from the archive: {error}.",
                remedy="Create the ZIP again, without a password.",
                field="images",
            ) from error
        return ContentFile(data, name.rpartition("/")[2])


def spellings(entry: zipfile.ZipInfo) -> Iterator[str]:
    """Yields the possible spellings of an entry's name. macOS separates letters from accents. Older
    programs use an encoding of their own without a flag, and zipfile decodes it as CP437.
    """
    yield normalize("NFC", entry.filename)
    if entry.flag_bits & NAMED_IN_UTF_8 or entry.filename.isascii():
        return
    for codec in NAMED_OTHERWISE:
        with suppress(UnicodeError):
            yield normalize("NFC", entry.filename.encode("cp437").decode(codec))


def packed(archive: zipfile.ZipFile, columns: Columns) -> bytes:
    """Returns the table in the archive's root folder. Raises UnreadableImport."""
    stem = PurePosixPath(columns.csv_name).stem
    names = [name for name in archive.NameToInfo if is_table(name, stem)]
    if len(names) != 1:
        several = f"The archive has {len(names)} tables: {', '.join(names)}."
        raise UnreadableImport(
            several if names else f"The archive has no {columns.csv_name}.",
            remedy=f"Put exactly one into its root folder, as {columns.csv_name} or {stem}.xlsx.",
        )
    try:
        with archive.open(names[0]) as entry:
            return entry.read(MAX_BYTES + 1)
    except DAMAGED as error:
        raise UnreadableImport(
            f"{names[0]} cannot be read from the archive: {error}.",
            remedy="Create the ZIP again, without a password.",
        ) from error


def is_table(name: str, stem: str) -> bool:
    lower = name.lower()
    return any(lower == stem + ending for ending in ENDINGS)


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableImport(
            f"The ZIP is damaged: {error}.", remedy="Create it again."
        ) from error
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise UnreadableImport(
            f"The ZIP has {len(entries)} entries, more than {MAX_ENTRIES}.",
            remedy="Send several files.",
        )
    outside = [entry.filename for entry in entries if leads_outside(entry.filename)]
    if outside:
        raise UnreadableImport(
            f"The ZIP has an entry with a path outside of it: {outside[0]}.",
            remedy="Create it again, with plain file names.",
        )
    return archive


def leads_outside(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or ":" in plain.split("/")[0]


def as_row(row: TableRow, columns: Columns) -> Row:
    fields: dict[str, Any] = dict(row.cells)
    for name in columns.lists:
        if name in fields:
            fields[name] = [one for one in BETWEEN.split(fields[name]) if one]
    images = tuple(fields.pop("images", ()))
    return Row(row.number, fields, images)
