"""Enrols designs in a channel that was switched on after they were registered."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from fingerprints.actions.enrol import describe, keep_fingerprints
from fingerprints.models import DesignImage, Fingerprint
from fingerprints.pictures.goods import registered
from fingerprints.pictures.stored import FileLost, read_stored
from vision.channels.registry import Channels, generation
from vision.pictures.decode import UnreadableImage
from vision.pictures.renditions import decode_view


def switched_on(channels: Channels) -> Channels:
    """Returns the optional channels; a view without a required one is not enrolled at all."""
    return {name: channel for name, channel in channels.items() if not channel.spec.is_required}


def lacking(channels: Channels) -> Iterator[DesignImage]:
    """Yields the enrolled views that lack the vectors of a channel that serves their kind, each once."""
    lacks_any = Q(pk__in=[])
    for channel in switched_on(channels).values():
        has = Fingerprint.objects.filter(image=OuterRef("pk"), generation=generation(channel))
        lacks = Q(~Exists(has))
        if channel.spec.design_kinds is not None:
            lacks &= Q(design__design_kind__in=channel.spec.design_kinds)
        lacks_any |= lacks
    views = DesignImage.objects.filter(
        lacks_any, state=DesignImage.State.ENROLLED, design__retired_at=None
    )
    yield from views.select_related("design").order_by("pk").iterator()


def enrol_in_channels(*, image: DesignImage, channels: Channels) -> bool:
    """Returns whether there was anything to enrol. Repeating leaves the same rows."""
    try:
        whole = decode_view(read_stored(image.file)).decoded
    except (FileLost, UnreadableImage):
        return False
    pixels = registered(image, whole).pixels
    descriptions = describe(pixels, image.design.design_kind, switched_on(channels))
    with transaction.atomic():
        # The lock keeps two workers from both finding nothing there.
        locked = DesignImage.objects.select_for_update().filter(
            pk=image.pk, state=DesignImage.State.ENROLLED, design__retired_at=None
        )
        row = locked.first()
        if row is None:
            return False
        stored = set(row.fingerprints.values_list("generation", flat=True))
        missing = {
            name: one
            for name, one in descriptions.items()
            if generation(channels[name]) not in stored
        }
        return keep_fingerprints(row, missing, channels) > 0
