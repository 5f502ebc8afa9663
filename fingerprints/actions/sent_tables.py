"""Tables that were sent and are shown before anything of them is imported."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from fingerprints.models import SentTable

KEPT = timedelta(days=1)
MAX_WAITING = (
    5  # of one sender: the newest, so that nobody fills the disk with what is never confirmed
)


def keep_table(
    *, purpose: SentTable.Purpose, about: UUID, file: File[bytes], by: User
) -> SentTable:
    for older in SentTable.objects.filter(by=by)[MAX_WAITING - 1 :]:
        discard_table(table=older)
    file.seek(0)
    name = (file.name or "table")[-255:]
    return SentTable.objects.create(purpose=purpose, about=about, by=by, name=name, file=file)


def discard_table(*, table: SentTable) -> None:
    """With its file."""
    storage, name = table.file.storage, table.file.name or ""
    with transaction.atomic():
        SentTable.objects.filter(pk=table.pk).delete()
        transaction.on_commit(lambda: storage.delete(name))


def discard_old_tables(*, now: datetime) -> int:
    """How many."""
    old = SentTable.objects.filter(sent_at__lt=now - KEPT).order_by("sent_at")
    return each(old[:MAX_A_SWEEP], lambda table: discard_table(table=table))
