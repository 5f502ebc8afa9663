"""Many listings from one file, row by row: a bad one never stops the rest, and a worker that was
killed is followed by one that goes on where it ended.
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
UNEXPECTED = "The row could not be taken in: something here failed."
ASK_THE_OPERATOR = "Ask the operator: the log has the details."
LEASE = timedelta(seconds=60)  # longer than one row may take
SECONDS_A_TURN = 20


def start_import(  # noqa: PLR0913 - what an import is
    *,
    marketplace: Marketplace,
    file: File[bytes],
    by: Person,
    encoding: str = "",
    name: str = "",
    sandbox: bool = False,
) -> ListingImport:
    """`encoding` as ImportFile takes it. A stored file is not copied: the import takes it over."""
    with transaction.atomic():
        made = ListingImport.objects.create(
            marketplace=marketplace,
            by=by if isinstance(by, User) else None,
            name=(name or file.name or "listings.csv")[-255:],
            file=file.name if isinstance(file, FieldFile) else file,
            encoding=encoding,
            sandbox=sandbox,
        )
        AuditEvent.objects.record("import.started", subject=made, by=by, name=made.name)
        enqueue_on_commit("detection.intake.tasks.import_listings", import_id=str(made.pk))
    return made


def import_sent_table(
    *, table: SentTable, marketplace: Marketplace, by: Person, encoding: str
) -> ListingImport | None:
    """None where it was done meanwhile: a button pressed twice imports once."""
    with transaction.atomic():
        deleted, _ = SentTable.objects.filter(pk=table.pk).delete()
        if not deleted:
            return None
        return start_import(
            marketplace=marketplace, file=table.file, by=by, encoding=encoding, name=table.name
        )


def run_import(*, job: ListingImport) -> bool:
    """Whether there is more to do: after a while others have their turn. Does nothing while another
    worker is at it.
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
                take_in(job, row, source)
    except (FileLost, UnreadableImport) as fault:
        end(job, ListingImport.State.REFUSED, entry(None, fault.code, fault.message, fault.remedy))
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
    """How the file was understood, and the rows that could not be."""
    ListingImport.objects.filter(pk=job.pk).update(
        rows_in_all=len(table), understood=asdict(table.understood)
    )
    refused = [
        ImportRow(of=job, number=number, errors=errors)
        for number, errors in refused_rows(table).items()
    ]
    ImportRow.objects.bulk_create(refused, ignore_conflicts=True)


def refused_rows(table: Table) -> dict[int, list[dict[str, Any]]]:
    """What is wrong with each row that cannot be read, by its number."""
    errors: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for fault in table.faults:
        errors[fault.row].append(cell_entry(fault))
    return dict(errors)


def cell_entry(fault: TableFault) -> dict[str, Any]:
    return entry(
        fault.name or None, fault.code, fault.message, fault.remedy, column=fault.column or None
    )


def take_in(job: ListingImport, row: Row, source: ImportFile) -> None:
    listing, errors = None, []
    try:
        listing = ingested(job, row, source)
    except ValidationError as error:
        errors = entries(error)
    except DomainError as fault:
        errors = [entry(fault.field, fault.code, fault.message, fault.remedy)]
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
    """As the API would have taken it. Raises ValidationError, DomainError."""
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
