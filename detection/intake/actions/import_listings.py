"""Imports listings from one file, row by row. A bad row never stops the others, and when a worker is
killed another one continues where it ended.
"""

import logging
import time
from collections import defaultdict
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.files.base import File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts.models import AuditEvent, Marketplace
from accounts.models.person import Person
from brandguard.kernel.api.errors import entries, entry
from brandguard.kernel.errors import DomainError
from brandguard.kernel.lease import free
from brandguard.kernel.queueing import enqueue_on_commit
from brandguard.kernel.tables import NUMBER, Columns, Table, TableFault, UnreadableImport
from brandguard.kernel.transient import is_transient
from detection.intake.actions.ingest import Intake, Offer, ingest_listing
from detection.intake.models import ImportRow, Listing, ListingImport
from fingerprints.imports.reading import ImportFile, Row
from fingerprints.models import SentTable
from fingerprints.pictures.stored import FileLost, lost

COLUMNS = Columns(
    csv_name="listings.csv",
    required=("external_id", "seller_id"),
    optional=(
        "title", "url", "category", "price", "currency", "territories", "images",
        "image_urls",
    ),
    lists=("territories", "images", "image_urls"),
    most_rows=10_000,
    sorts={"price": NUMBER},
)  # fmt: skip
logger = logging.getLogger(__name__)
UNEXPECTED = "The row could not be imported because of an unexpected error in the service."
ASK_THE_OPERATOR = "Ask the operator: the log has the details."
LEASE = timedelta(seconds=60)  # longer than one row may take
SECONDS_A_TURN = 20


def start_import(  # noqa: PLR0913 - an import has that many properties
    *,
    marketplace: Marketplace,
    file: File[bytes],
    by: Person,
    encoding: str = "",
    name: str = "",
    sandbox: bool = False,
) -> ListingImport:
    """Queues an import. `encoding` is as for ImportFile; a stored file is reused, not copied."""
    with transaction.atomic():
        job = ListingImport.objects.create(
            marketplace=marketplace,
            by=by if isinstance(by, User) else None,
            name=(name or file.name or "listings.csv")[-255:],
            file=file.name if isinstance(file, FieldFile) else file,
            encoding=encoding,
            sandbox=sandbox,
        )
        AuditEvent.objects.record("import.started", subject=job, by=by, name=job.name)
        enqueue_on_commit("detection.intake.tasks.import_listings", import_id=str(job.pk))
    return job


def import_sent_table(
    *, table: SentTable, marketplace: Marketplace, by: Person, encoding: str
) -> ListingImport | None:
    """Returns None if the table was imported meanwhile: a button pressed twice imports once."""
    with transaction.atomic():
        deleted, _ = SentTable.objects.filter(pk=table.pk).delete()
        if not deleted:
            return None
        return start_import(
            marketplace=marketplace, file=table.file, by=by, encoding=encoding, name=table.name
        )


def run_import(*, job: ListingImport) -> bool:
    """Returns whether rows are left, because other imports get their turn after a while. Does nothing
    while another worker holds the import.
    """
    mine = ListingImport.objects.filter(free(timezone.now()), pk=job.pk, done_at=None)
    if not mine.update(state=ListingImport.State.RUNNING, leased_until=timezone.now() + LEASE):
        return False
    end_of_turn = time.monotonic() + SECONDS_A_TURN
    try:
        with opened(job) as file, ImportFile(file, COLUMNS, job.encoding) as source:
            begin(job, source.table)
            done = set(job.rows.values_list("number", flat=True))
            for row in source.rows:
                if row.number in done:
                    continue
                if time.monotonic() >= end_of_turn:
                    ListingImport.objects.filter(pk=job.pk).update(leased_until=None)
                    return True
                import_row(job, row, source)
    except (FileLost, UnreadableImport) as error:
        end(job, ListingImport.State.REFUSED, entry(None, error.code, error.message, error.remedy))
        return False
    end(job, ListingImport.State.DONE, None)
    return False


def opened(job: ListingImport) -> File[bytes]:
    """Raises FileLost."""
    try:
        return job.file.open()
    except OSError as error:
        raise lost(error) from error


def begin(job: ListingImport, table: Table) -> None:
    """Stores how the file was understood, and the rows that cannot be read."""
    ListingImport.objects.filter(pk=job.pk).update(
        rows_in_all=len(table), understood=asdict(table.understood)
    )
    refused = [
        ImportRow(of=job, number=number, errors=errors)
        for number, errors in refused_rows(table).items()
    ]
    ImportRow.objects.bulk_create(refused, ignore_conflicts=True)


def refused_rows(table: Table) -> dict[int, list[dict[str, Any]]]:
    """Returns the errors of each unreadable row, by its number."""
    errors: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for fault in table.faults:
        errors[fault.row].append(cell_entry(fault))
    return dict(errors)


def cell_entry(fault: TableFault) -> dict[str, Any]:
    return entry(
        fault.name or None, fault.code, fault.message, fault.remedy, column=fault.column or None
    )


def import_row(job: ListingImport, row: Row, source: ImportFile) -> None:
    listing, errors = None, []
    try:
        listing = ingested(job, row, source)
    except ValidationError as error:
        errors = entries(error)
    except DomainError as error:
        errors = [entry(error.field, error.code, error.message, error.remedy)]
    except Exception as error:
        if is_transient(error):
            raise
        logger.exception("Row %s of import %s failed.", row.number, job.pk)
        errors = [entry(None, "unexpected", UNEXPECTED, ASK_THE_OPERATOR)]
    ImportRow.objects.get_or_create(
        of=job,
        number=row.number,
        defaults={
            "external_id": str(row.fields.get("external_id", ""))[:200],
            "listing": listing,
            "errors": errors,
        },
    )
    ListingImport.objects.filter(pk=job.pk).update(leased_until=timezone.now() + LEASE)


def ingested(job: ListingImport, row: Row, source: ImportFile) -> Listing:
    """Ingests the row as the API would. Raises ValidationError, DomainError."""
    from detection.intake.serializers import NewListingSerializer

    files = [source.picture(name) for name in row.images]
    given = NewListingSerializer(data={**row.fields, **({"images": files} if files else {})})
    given.is_valid(raise_exception=True)
    fields: dict[str, Any] = dict(given.validated_data)
    return ingest_listing(
        marketplace=job.marketplace,
        pictures=[*fields.pop("images", []), *fields.pop("image_urls", [])],
        offer=Offer(**fields),
        intake=Intake(sandbox=job.sandbox),
        by=job.by or AnonymousUser(),
    )


def end(job: ListingImport, state: ListingImport.State, error: dict[str, Any] | None) -> None:
    ListingImport.objects.filter(pk=job.pk, done_at=None).update(
        state=state, error=error, done_at=timezone.now(), leased_until=None
    )
