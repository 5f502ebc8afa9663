"""Keeps uploaded tables between the upload and the confirmed import."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from fingerprints.models import SentTable

KEPT = timedelta(days=1)
MAX_WAITING = 5  # newest tables of one sender, so that nobody fills the disk with unconfirmed ones


def keep_table(
    *, purpose: SentTable.Purpose, about: UUID, file: File[bytes], by: User
) -> SentTable:
    for older in SentTable.objects.filter(by=by)[MAX_WAITING - 1 :]:
        discard_table(table=older)
    file.seek(0)
    name = (file.name or "table")[-255:]
    return SentTable.objects.create(purpose=purpose, about=about, by=by, name=name, file=file)


def discard_table(*, table: SentTable) -> None:
    """Deletes the table and its file."""
    storage, name = table.file.storage, table.file.name or ""
    with transaction.atomic():
        SentTable.objects.filter(pk=table.pk).delete()
        transaction.on_commit(lambda: storage.delete(name))


def discard_old_tables(*, now: datetime) -> int:
    """Deletes tables older than KEPT and returns their number."""
    old = SentTable.objects.filter(sent_at__lt=now - KEPT).order_by("sent_at")
    return each(old[:MAX_A_SWEEP], lambda table: discard_table(table=table))
