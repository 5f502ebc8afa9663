"""Designs that were registered before a channel was switched on become findable by it."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef

from fingerprints.actions.enrol import describe, keep_fingerprints
from fingerprints.models import DesignImage, Fingerprint
from fingerprints.pictures.stored import FileLost, read_stored
from vision.channels.registry import Channels, generation
from vision.pictures.decode import UnreadableImage
from vision.pictures.renditions import decode_view


def switched_on(channels: Channels) -> Channels:
    """Those that may be off; a view without a required one is not enrolled at all."""
    return {name: channel for name, channel in channels.items() if not channel.spec.is_required}


def lacking(channels: Channels) -> Iterator[DesignImage]:
    """Enrolled views of designs of a channel's kinds, without its vectors."""
    for channel in switched_on(channels).values():
        has = Fingerprint.objects.filter(image=OuterRef("pk"), generation=generation(channel))
        views = DesignImage.objects.filter(
            ~Exists(has), state=DesignImage.State.ENROLLED, design__retired_at=None
        )
        if channel.spec.design_kinds is not None:
            views = views.filter(design__design_kind__in=channel.spec.design_kinds)
        yield from views.select_related("design").order_by("pk").iterator()


def enrol_in_channels(*, image: DesignImage, channels: Channels) -> bool:
    """Whether there was anything to enrol. Doing it twice leaves the same rows."""
    try:
        pixels = decode_view(read_stored(image.file)).decoded.pixels
    except (FileLost, UnreadableImage):
        return False
    made = describe(pixels, image.design.design_kind, switched_on(channels))
    with transaction.atomic():
        # Locked, so that two at once do not both find nothing there.
        locked = DesignImage.objects.select_for_update().filter(
            pk=image.pk, state=DesignImage.State.ENROLLED, design__retired_at=None
        )
        row = locked.first()
        if row is None:
            return False
        there = set(row.fingerprints.values_list("generation", flat=True))
        missing = {
            name: one for name, one in made.items() if generation(channels[name]) not in there
        }
        return keep_fingerprints(row, missing, channels) > 0
