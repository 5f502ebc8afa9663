"""Designs that were registered before a lane was switched on become findable by it."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef

from fingerprints.actions.enrol import keep_lanes
from fingerprints.models import DesignImage, Fingerprint
from fingerprints.pictures.stored import FileLost, read_stored
from vision.channels.encoders import Lanes
from vision.channels.fingerprinting import MARK_KINDS, SOLID_KINDS, lane_prints_of
from vision.pictures.decode import UnreadableImage
from vision.pictures.renditions import decode_view


def lacking(lanes: Lanes) -> Iterator[DesignImage]:
    """Enrolled views of designs of a lane's kinds, without its vectors."""
    wanted = ((lanes.objects_generation, SOLID_KINDS), (lanes.marks_generation, MARK_KINDS))
    for generation, kinds in wanted:
        if not generation:
            continue
        has = Fingerprint.objects.filter(image=OuterRef("pk"), generation=generation)
        views = DesignImage.objects.filter(
            ~Exists(has),
            state=DesignImage.State.ENROLLED,
            design__retired_at=None,
            design__design_kind__in=kinds,
        )
        yield from views.select_related("design").order_by("pk").iterator()


def enrol_in_channels(*, image: DesignImage, lanes: Lanes) -> bool:
    """Whether there was anything to enrol. Doing it twice leaves the same rows."""
    try:
        pixels = decode_view(read_stored(image.file)).decoded.pixels
    except (FileLost, UnreadableImage):
        return False
    prints = lane_prints_of(pixels, image.design.design_kind, lanes)
    with transaction.atomic():
        # Locked, so that two at once do not both find nothing there.
        locked = DesignImage.objects.select_for_update().filter(
            pk=image.pk, state=DesignImage.State.ENROLLED, design__retired_at=None
        )
        row = locked.first()
        generations = [lanes.objects_generation, lanes.marks_generation]
        if row is None or row.fingerprints.filter(generation__in=generations).exists():
            return False
        return keep_lanes(row, prints, lanes)
