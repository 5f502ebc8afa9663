"""The preview of a table: how it is understood, shown before anything is imported."""

from contextlib import suppress
from dataclasses import dataclass

from django import forms
from django.core.files.base import File
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models.person import Person
from brandguard.kernel.errors import DomainError
from brandguard.kernel.tables import (
    ENCODINGS,
    Columns,
    Table,
    TableFault,
    TableRow,
    UnclearEncoding,
    UnreadableImport,
)
from fingerprints.imports.reading import ImportFile
from fingerprints.models import SentTable
from fingerprints.pictures.stored import FileLost, lost

ROWS_SHOWN = 5
FAULTS_SHOWN = 100
GONE = _(
    "This file is no longer here: it was imported or removed, or it is older than a day. Upload it again."
)
SIGNS = {
    "comma": _("comma"),
    "semicolon": _("semicolon"),
    "tab": _("tab"),
    "vertical bar": _("vertical bar"),
}


class EncodingForm(forms.Form):
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        choices=[("", _("As recognised")), *ENCODINGS.items()],
        required=False,
    )

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data.get("encoding", "")) if self.is_valid() else ""


@dataclass(frozen=True)
class Preview:
    """`table` is None if the file as a whole cannot be read; `problem` says why."""

    table: Table | None
    problem: DomainError | None

    @property
    def delimiter(self) -> object:
        sign = self.table.understood.delimiter if self.table else ""
        return SIGNS.get(sign, sign)

    @property
    def rows(self) -> list[tuple[int, list[str]]]:
        """Returns the first rows, and the first rows that a wrong encoding might have garbled."""
        if self.table is None:
            return []
        names, rows = self.table.names, self.table.rows
        shown = [*rows[:ROWS_SHOWN]]
        if not self.table.understood.encoding.startswith("UTF"):
            rest = (row for row in rows[ROWS_SHOWN:] if not is_plain(row))
            shown += [row for row, _ in zip(rest, range(ROWS_SHOWN), strict=False)]
        return [(row.number, [row.cells.get(name, "") for name in names]) for row in shown]

    @property
    def faults(self) -> tuple[TableFault, ...]:
        return self.table.faults[:FAULTS_SHOWN] if self.table else ()

    @property
    def wrong(self) -> int:
        """Returns the number of rows with an error."""
        return len({fault.row for fault in self.table.faults}) if self.table else 0

    @property
    def is_unclear(self) -> bool:
        return isinstance(self.problem, UnclearEncoding)

    @property
    def candidates(self) -> str:
        """Returns the possible encodings."""
        return ", ".join(self.problem.details.get("candidates", ())) if self.problem else ""

    @property
    def is_encoding_open(self) -> bool:
        """Whether choosing another encoding may help."""
        known = self.table.understood.encoding if self.table else ""
        return self.is_unclear or bool(known)


def is_plain(row: TableRow) -> bool:
    return all(cell.isascii() for cell in row.cells.values())


def preview_of(sent: SentTable, columns: Columns, encoding: str) -> Preview:
    try:
        with opened(sent) as file, ImportFile(file, columns, encoding) as source:
            return Preview(source.table, None)
    except (FileLost, UnreadableImport) as error:
        return Preview(None, error)


def opened(sent: SentTable) -> File[bytes]:
    """Raises FileLost."""
    try:
        return sent.file.open()
    except OSError as error:
        raise lost(error) from error


def refuse_hopeless(file: File[bytes], columns: Columns) -> None:
    """Raises UnreadableImport if no choice of an encoding would help."""
    with suppress(UnclearEncoding), ImportFile(file, columns) as source:
        source.table  # noqa: B018 - reading it is the check


def tables_of(user: Person, purpose: SentTable.Purpose) -> QuerySet[SentTable]:
    return SentTable.objects.filter(by=user.pk, purpose=purpose)
