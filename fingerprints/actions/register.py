"""Registers designs: stores them with their views and queues them for enrolment."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from brandguard.kernel.queueing import enqueue_on_commit
from fingerprints.models import Brand, Design, DesignImage
from fingerprints.pictures.received import Received, WrongNumberOfImages, receive


class Retired(Conflict):
    code = "retired"


def register_design(
    *,
    brand: Brand,
    name: str,
    design_kind: str,
    files: Sequence[File[bytes]],
    by: Person,
) -> Design:
    """Stores a design. A picture that cannot be read is kept as refused, with the reason.

    Raises WrongNumberOfImages, NoReadableImage.
    """
    received = receive(files)
    with transaction.atomic():
        design = Design.objects.create(
            brand=brand, name=name, design_kind=design_kind, queued_at=timezone.now()
        )
        store_views(design, received, first=0)
        AuditEvent.objects.record("design.registered", subject=design, by=by, views=len(received))
    return design


def store_views(design: Design, received: Sequence[Received], *, first: int) -> None:
    """Stores views from position `first` on and queues them, in the caller's transaction."""
    for position, picture in enumerate(received, first):
        DesignImage.objects.create(design=design, position=position, **picture.fields())
    enqueue_on_commit("fingerprints.tasks.enrol_design", design_id=str(design.pk))


def add_views(*, design: Design, files: Sequence[File[bytes]], by: Person) -> None:
    """Adds pictures to a design.

    Raises Retired, WrongNumberOfImages, NoReadableImage.
    """
    received = receive(files)
    with transaction.atomic():
        held = held_in_force(design.pk)
        room = settings.MAX_IMAGES - held.images.kept().count()
        if len(received) > room:
            raise WrongNumberOfImages(
                f"There are {len(received)} pictures, and the design has room for {room} more.",
                remedy=f"A design has at most {settings.MAX_IMAGES} views: send fewer.",
                field="images",
            )
        store_views(held, received, first=held.next_position())
        held.queued_at = timezone.now()
        held.save(update_fields=["queued_at"])
        AuditEvent.objects.record("design.views_added", subject=held, by=by, views=len(received))


def held_in_force(design: UUID) -> Design:
    """Locks the design within a transaction. Raises Retired."""
    held = Design.objects.select_for_update().get(pk=design)
    if held.retired_at:
        raise Retired(f"{held} is retired.", remedy="Register it again.", field="design")
    return held
