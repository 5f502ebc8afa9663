"""A design comes in: stored with its views, to be enrolled by a worker."""

from collections.abc import Sequence

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from brandguard.faults import Conflict
from fingerprints.images.intake import WrongNumberOfImages, receive
from fingerprints.models import AuditEvent, Brand, Design, DesignImage
from fingerprints.models.person import Person


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


def add_views(*, design: Design, files: Sequence[File[bytes]], by: Person) -> None:
    """More pictures of a design, enrolled as its first were.

    Raises Retired, WrongNumberOfImages, NoReadableImage.
    """
    from fingerprints.tasks import enrol_design

    received = receive(files)
    with transaction.atomic():
        held = Design.objects.select_for_update().get(pk=design.pk)
        if held.retired_at:
            raise Retired(f"{held} is retired.", remedy="Register it again.", field="design")
        room = settings.MAX_IMAGES - held.images.count()
        if len(received) > room:
            raise WrongNumberOfImages(
                f"There are {len(received)} pictures, and room for {room} more.",
                remedy=f"A design has at most {settings.MAX_IMAGES} views: send fewer.",
                field="images",
            )
        last = held.images.aggregate(last=Max("position"))["last"]
        for position, picture in enumerate(received, start=-1 if last is None else last):
            DesignImage.objects.create(design=held, position=position + 1, **picture.fields())
        held.queued_at = timezone.now()
        held.save(update_fields=["queued_at"])
        AuditEvent.objects.record("design.views_added", subject=held, by=by, views=len(received))
        transaction.on_commit(lambda: enrol_design.delay(design_id=str(held.pk)), robust=True)
