"""A design comes in: stored with its views, to be enrolled by a worker."""

from collections.abc import Sequence

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from fingerprints.images.intake import receive
from fingerprints.models import AuditEvent, Brand, Design, DesignImage
from fingerprints.models.person import Person


def register_design(
    *,
    brand: Brand,
    name: str,
    design_kind: str,
    files: Sequence[File[bytes]],
    by: Person,
) -> Design:
    """A picture that cannot be read is kept as refused, with the reason; the others go on.

    Raises WrongNumberOfImages, NoReadableImage.
    """
    from fingerprints.tasks import enrol_design

    received = receive(files)
    with transaction.atomic():
        design = Design.objects.create(
            brand=brand, name=name, design_kind=design_kind, queued_at=timezone.now()
        )
        for position, picture in enumerate(received):
            DesignImage.objects.create(design=design, position=position, **picture.fields())
        AuditEvent.objects.record("design.registered", subject=design, by=by, views=len(received))
        transaction.on_commit(lambda: enrol_design.delay(design_id=str(design.pk)), robust=True)
    return design
