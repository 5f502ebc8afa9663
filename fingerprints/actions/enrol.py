"""A design's views become findable: fingerprints and journal in one transaction."""

from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import AuditEvent
from brandguard.kernel.transient import is_transient
from fingerprints.actions.duplicates import duplicate_warnings
from fingerprints.models import Design, DesignImage, Fingerprint, IndexChange
from fingerprints.pictures.stored import FileLost, preview_file, read_stored
from fingerprints.view_checks import refusal
from vision.channels.channel import ViewDescription, ViewVector
from vision.channels.registry import Channels, generation
from vision.encoders.base import Encoder
from vision.pictures.decode import Picture, UnreadableImage
from vision.pictures.errors import ImageError, as_error
from vision.pictures.frames import frames_in
from vision.pictures.hashes import perceptual_hash
from vision.pictures.quality import quality_warnings
from vision.pictures.renditions import Rendition, decode_view
from vision.pictures.resize import fit

MAX_ATTEMPTS = 3  # a picture on which this many workers ended is refused
ON_DARK: ImageError = {
    "code": "on_dark_ground",
    "message": gettext_noop(
        "The picture is transparent, and white would hide most of it: it is registered on a dark ground."
    ),
    "remedy": gettext_noop("Add it on another ground, if it is sold on one."),
}
SEVERAL: ImageError = {
    "code": "several_pictures",
    "message": gettext_noop("The file holds several pictures: which one is the design?"),
    "remedy": gettext_noop(
        "Upload the frame that you want as a still picture; several as a view each."
    ),
}
# Of a copy a part will do; what copies are told by is to be whole.
DAMAGED: ImageError = {
    "code": "image_unreadable",
    "message": gettext_noop("The file is damaged: a part of the picture is missing."),
    "remedy": gettext_noop("Send the whole file again."),
}
GAVE_UP: ImageError = {
    "code": "gave_up",
    "message": gettext_noop("The picture could not be enrolled in several attempts."),
    "remedy": gettext_noop("Register it again as PNG or JPEG, or ask the operator."),
}


def enrol_design(*, design: Design, encoder: Encoder, channels: Channels) -> None:
    """Enrols the views that await it; doing it twice leaves the same rows. `encoder` is that of listings'
    pictures.
    """
    for image in design.images.filter(state=DesignImage.State.PENDING):
        enrol_view(image=image, encoder=encoder, channels=channels)


def enrol_view(*, image: DesignImage, encoder: Encoder, channels: Channels) -> None:
    """Counts the attempt, but not one that a transient failure ended."""
    if image.attempts >= MAX_ATTEMPTS:
        refuse(image, GAVE_UP)
        return
    image.note_attempts(image.attempts + 1)
    try:
        make_findable(image, encoder, channels)
    except Exception as error:
        if is_transient(error):
            image.note_attempts(image.attempts)
        raise


def make_findable(image: DesignImage, encoder: Encoder, channels: Channels) -> None:
    """The heavy part runs outside the transaction, which then is short."""
    try:
        data = read_stored(image.file)
        rendition, frames = decode_view(data), frames_in(data)
    except (FileLost, UnreadableImage) as refused:
        refuse(image, as_error(refused))
        return
    decoded = rendition.decoded
    if decoded.is_damaged:
        refuse(image, DAMAGED)
        return
    if frames.distinct > 1:
        refuse(image, SEVERAL)
        return
    required = {name: one for name, one in channels.items() if one.spec.is_required}
    descriptions = describe(decoded.pixels, image.design.design_kind, required)
    if error := refusal(image, decoded.pixels, descriptions, encoder):
        refuse(image, error)
        return
    others = {name: one for name, one in channels.items() if name not in required}
    descriptions |= describe(decoded.pixels, image.design.design_kind, others)
    shown = preview_file(decoded.pixels)
    with transaction.atomic():
        # The design first, as retiring does: neither can slip past the other.
        design = Design.objects.select_for_update().active().filter(pk=image.design_id).first()
        waiting = DesignImage.objects.filter(pk=image.pk, state=DesignImage.State.PENDING).first()
        if design and waiting:
            keep(waiting, rendition, shown, descriptions, channels)


def describe(picture: Picture, design_kind: str, channels: Channels) -> dict[str, ViewDescription]:
    """By those channels that are for this kind of design and find something in the picture."""
    made = {
        name: channel.describe_view(picture)
        for name, channel in channels.items()
        if channel.spec.serves(design_kind)
    }
    return {name: description for name, description in made.items() if description}


def refuse(image: DesignImage, error: ImageError) -> None:
    with transaction.atomic():
        if image.refuse(error):
            AuditEvent.objects.record(
                "view.refused",
                subject=image,
                by=None,
                design=str(image.design_id),
                code=error["code"],
                message=error["message"],
            )


def keep(
    image: DesignImage,
    rendition: Rendition,
    shown: ContentFile[bytes],
    descriptions: Mapping[str, ViewDescription],
    channels: Channels,
) -> None:
    decoded = rendition.decoded
    image.height, image.width = decoded.pixels.shape[:2]
    image.pixel_sha256 = decoded.pixel_sha256
    image.preview = shown
    image.warnings = [
        *([ON_DARK] if rendition.ground == "dark" else []),
        *(warning for one in descriptions.values() for warning in one.warnings),
        *quality_warnings(decoded.pixels),
        *duplicate_warnings(
            image,
            perceptual_hash(fit(decoded.pixels)),
            [generation(one) for one in channels.values() if one.spec.is_required],
        ),
    ]
    image.state = DesignImage.State.ENROLLED
    image.save()
    variants = keep_fingerprints(image, descriptions, channels)
    AuditEvent.objects.record(
        "view.enrolled", subject=image, by=None, design=str(image.design_id), variants=variants
    )


def keep_fingerprints(
    image: DesignImage, descriptions: Mapping[str, ViewDescription], channels: Channels
) -> int:
    """With their lines of the journal, within a transaction; how many."""
    count = 0
    for name, description in descriptions.items():
        made = generation(channels[name])
        rows = Fingerprint.objects.bulk_create(
            fingerprint(image, made, vector) for vector in description.vectors
        )
        IndexChange.objects.record(IndexChange.Operation.ADD, made, [row.pk for row in rows])
        count += len(rows)
    return count


def fingerprint(image: DesignImage, made: str, vector: ViewVector) -> Fingerprint:
    return Fingerprint(
        image=image,
        generation=made,
        variant=vector.variant,
        vector=vector.vector.astype("<f4").tobytes(),
        features=vector.features,
        codes=vector.codes,
        thumbnail=vector.thumbnail,
        perceptual_hash=vector.perceptual_hash,
    )
