"""A design's views become findable: fingerprints and journal in one transaction."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import AuditEvent
from brandguard.kernel.transient import is_transient
from fingerprints.actions.duplicates import duplicate_warnings
from fingerprints.models import Design, DesignImage, Fingerprint, IndexChange
from fingerprints.pictures.stored import FileLost, preview_file, read_stored
from fingerprints.view_checks import refusal
from vision.channels.encoders import NO_LANES, Lanes
from vision.channels.fingerprinting import LanePrint, ViewPrint, lane_prints_of, prints_of
from vision.encoders.base import Encoder
from vision.encoders.generation import generation_of
from vision.pictures.decode import UnreadableImage, to_png
from vision.pictures.errors import ImageError, as_error
from vision.pictures.frames import frames_in
from vision.pictures.quality import quality_warnings
from vision.pictures.renditions import Rendition, decode_view

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


def enrol_design(*, design: Design, encoder: Encoder, lanes: Lanes = NO_LANES) -> None:
    """Enrols the views that await it; doing it twice leaves the same rows."""
    for image in design.images.filter(state=DesignImage.State.PENDING):
        enrol_view(image=image, encoder=encoder, lanes=lanes)


def enrol_view(*, image: DesignImage, encoder: Encoder, lanes: Lanes = NO_LANES) -> None:
    """Counts the attempt, but not one that a transient failure ended."""
    if image.attempts >= MAX_ATTEMPTS:
        refuse(image, GAVE_UP)
        return
    image.note_attempts(image.attempts + 1)
    try:
        make_findable(image, encoder, lanes)
    except Exception as error:
        if is_transient(error):
            image.note_attempts(image.attempts)
        raise


def make_findable(image: DesignImage, encoder: Encoder, lanes: Lanes) -> None:
    """The heavy part runs outside the transaction, which then is short."""
    try:
        data = read_stored(image.file)
        rendition, frames = decode_view(data), frames_in(data)
    except (FileLost, UnreadableImage) as fault:
        refuse(image, as_error(fault))
        return
    decoded = rendition.decoded
    if decoded.is_damaged:
        refuse(image, DAMAGED)
        return
    if frames.distinct > 1:
        refuse(image, SEVERAL)
        return
    prints = prints_of(decoded.pixels, encoder)
    if error := refusal(image, decoded.pixels, prints, encoder):
        refuse(image, error)
        return
    in_lanes = lane_prints_of(decoded.pixels, image.design.design_kind, lanes)
    shown = preview_file(decoded.pixels)
    with transaction.atomic():
        # The design first, as retiring does: neither can slip past the other.
        design = Design.objects.select_for_update().active().filter(pk=image.design_id).first()
        waiting = DesignImage.objects.filter(pk=image.pk, state=DesignImage.State.PENDING).first()
        if design and waiting:
            keep(waiting, rendition, shown, prints, generation_of(encoder.spec))
            keep_lanes(waiting, in_lanes, lanes)


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
    prints: ViewPrint,
    generation: str,
) -> None:
    decoded = rendition.decoded
    image.height, image.width = decoded.pixels.shape[:2]
    image.pixel_sha256 = decoded.pixel_sha256
    image.preview = shown
    image.warnings = [
        *([ON_DARK] if rendition.ground == "dark" else []),
        *prints.warnings,
        *quality_warnings(decoded.pixels),
        *duplicate_warnings(image, generation, prints.perceptual_hash),
    ]
    image.state = DesignImage.State.ENROLLED
    image.save()
    rows = Fingerprint.objects.bulk_create(fingerprints_of(image, prints, generation))
    IndexChange.objects.record(IndexChange.Operation.ADD, generation, [row.pk for row in rows])
    AuditEvent.objects.record(
        "view.enrolled", subject=image, by=None, design=str(image.design_id), variants=len(rows)
    )


def keep_lanes(image: DesignImage, prints: LanePrint, lanes: Lanes) -> bool:
    """Beside those of the view, within a transaction; whether there were any."""
    made = [
        (lanes.objects_generation, Fingerprint.Variant.ORIGINAL, prints.solid),
        (lanes.marks_generation, Fingerprint.Variant.ORIGINAL, prints.mark),
        (lanes.marks_generation, Fingerprint.Variant.MIRRORED, prints.mirrored_mark),
    ]
    kept = [
        Fingerprint.objects.create(
            image=image,
            generation=generation,
            variant=variant,
            vector=vector.astype("<f4").tobytes(),
            perceptual_hash=0,  # nothing looks for hashes in a lane
        )
        for generation, variant, vector in made
        if vector is not None
    ]
    for row in kept:
        IndexChange.objects.record(IndexChange.Operation.ADD, row.generation, [row.pk])
    return bool(kept)


def fingerprints_of(image: DesignImage, prints: ViewPrint, generation: str) -> list[Fingerprint]:
    return [
        Fingerprint(
            image=image,
            generation=generation,
            variant=Fingerprint.Variant.ORIGINAL,
            vector=prints.vector.astype("<f4").tobytes(),
            features=prints.features.to_bytes(),
            codes=prints.codes.tobytes(),
            thumbnail=to_png(prints.thumbnail),
            perceptual_hash=prints.perceptual_hash,
        ),
        Fingerprint(
            image=image,
            generation=generation,
            variant=Fingerprint.Variant.INVERTED,
            vector=prints.negative.astype("<f4").tobytes(),
            perceptual_hash=prints.negative_hash,
        ),
    ]
