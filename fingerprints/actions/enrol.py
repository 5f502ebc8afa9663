"""Enrols a design's views: stores fingerprints and index changes in one transaction."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import AuditEvent
from brandguard.kernel.transient import is_transient
from fingerprints.actions.duplicates import duplicate_warnings
from fingerprints.actions.outline import find_outline
from fingerprints.actions.retire import withdraw_from_index
from fingerprints.models import Design, DesignImage, Fingerprint, IndexChange
from fingerprints.pictures.goods import Goods, goods_in
from fingerprints.pictures.stored import FileLost, read_stored
from fingerprints.view_checks import refusal
from vision.channels.channel import ViewDescription, ViewVector
from vision.channels.registry import Channels, generation
from vision.encoders.base import Encoder
from vision.pictures.decode import Decoded, UnreadableImage
from vision.pictures.errors import ImageError, as_error
from vision.pictures.flat import looks_like_a_logo
from vision.pictures.frames import Frames, frames_in
from vision.pictures.hashes import perceptual_hash
from vision.pictures.picture import Picture
from vision.pictures.quality import quality_warnings
from vision.pictures.renditions import decode_view
from vision.pictures.resize import fit

MAX_ATTEMPTS = 3  # a picture that ended this many workers is refused
ON_DARK: ImageError = {
    "code": "on_dark_ground",
    "message": gettext_noop(
        "The picture is transparent, and a white background would hide most of it: it is registered on "
        "a dark background."
    ),
    "remedy": gettext_noop("If it is sold on another background, add a picture of that too."),
}
SEVERAL: ImageError = {
    "code": "several_pictures",
    "message": gettext_noop(
        "The file holds several pictures, and it is unclear which one shows the design."
    ),
    "remedy": gettext_noop(
        "Upload the frame that you want as a still picture; upload several frames as separate views."
    ),
}
# Listings' pictures may be longer: they are matched in parts, and a view is compared as one picture.
TOO_LONG: ImageError = {
    "code": "view_too_long",
    "message": gettext_noop("The picture is more than 20 times as long as wide."),
    "remedy": gettext_noop(
        "Cut out the part that shows the design, or register its parts as separate views."
    ),
}
LIKE_A_LOGO: ImageError = {
    "code": "looks_like_a_logo",
    "message": gettext_noop(
        "The picture looks like a logo, but the design is of another kind: the logo is not searched for on "
        "goods and in scenes."
    ),
    "remedy": gettext_noop("Register it as a design of the kind logo."),
}
MAX_ASPECT = 20  # 32 pixels are left of the shorter side at working size
# A listing's picture may be incomplete; a registered view must be complete.
DAMAGED: ImageError = {
    "code": "image_unreadable",
    "message": gettext_noop("The file is damaged: part of the picture is missing."),
    "remedy": gettext_noop("Send the whole file again."),
}
GAVE_UP: ImageError = {
    "code": "gave_up",
    "message": gettext_noop("The picture could not be enrolled in several attempts."),
    "remedy": gettext_noop("Register it again as PNG or JPEG, or ask the operator."),
}


def enrol_design(*, design: Design, encoder: Encoder, channels: Channels) -> None:
    """Enrols the pending views; repeating leaves the same rows. `encoder` is that of listing pictures.
    Photographs come after the views that show what the goods in them are.
    """
    pending = list(design.images.filter(state=DesignImage.State.PENDING))
    waiting = [
        image
        for image in pending
        if not enrol_view(
            image=image, encoder=encoder, channels=channels, may_wait=len(pending) > 1
        )
    ]
    for image in waiting:
        enrol_view(image=image, encoder=encoder, channels=channels)


def enrol_view(
    *, image: DesignImage, encoder: Encoder, channels: Channels, may_wait: bool = False
) -> bool:
    """Enrols one view and counts the attempt, unless a transient failure ends it. Returns False where the
    view waits for others, which may show where the goods in it are.
    """
    if image.attempts >= MAX_ATTEMPTS:
        refuse(image, GAVE_UP)
        return True
    image.note_attempts(image.attempts + 1)
    try:
        done = make_findable(image, encoder, channels, may_wait=may_wait)
    except Exception as error:
        if is_transient(error):
            image.note_attempts(image.attempts)
        raise
    if not done:
        image.note_attempts(image.attempts)
    return done


def make_findable(
    image: DesignImage, encoder: Encoder, channels: Channels, *, may_wait: bool
) -> bool:
    """Describes the view outside of the transaction, so that the transaction is short. Returns as
    `enrol_view` does.
    """
    try:
        data = read_stored(image.file)
        rendition, frames = decode_view(data), frames_in(data)
    except (FileLost, UnreadableImage) as refused:
        refuse(image, as_error(refused))
        return True
    if unfit := not_one_view(rendition.decoded, frames):
        refuse(image, unfit)
        return True
    outline = find_outline(image, rendition.decoded.pixels, channels)
    if outline.is_open and may_wait:
        return False
    goods = goods_in(rendition.decoded, outline)
    decoded = goods.decoded
    required = {name: one for name, one in channels.items() if one.spec.is_required}
    descriptions = describe(decoded.pixels, image.design.design_kind, required)
    if error := refusal(image, decoded.pixels, descriptions, encoder):
        refuse(image, error)
        return True
    others = {name: one for name, one in channels.items() if name not in required}
    descriptions |= describe(decoded.pixels, image.design.design_kind, others)
    with transaction.atomic():
        # Locks the design first, as retiring does, so that neither can overtake the other.
        design = Design.objects.select_for_update().active().filter(pk=image.design_id).first()
        waiting = DesignImage.objects.filter(pk=image.pk, state=DesignImage.State.PENDING).first()
        if design and waiting:
            keep(waiting, goods, rendition.ground, descriptions, channels)
    return True


def not_one_view(decoded: Decoded, frames: Frames) -> ImageError | None:
    """Returns why a picture that may be in a listing cannot be a view."""
    if decoded.is_damaged:
        return DAMAGED
    if frames.distinct > 1:
        return SEVERAL
    sides = decoded.pixels.shape[:2]
    return TOO_LONG if max(sides) > MAX_ASPECT * min(sides) else None


def describe(picture: Picture, design_kind: str, channels: Channels) -> dict[str, ViewDescription]:
    """Returns descriptions by channel, of channels that serve this kind and find something to describe."""
    descriptions = {
        name: channel.describe_view(picture)
        for name, channel in channels.items()
        if channel.spec.serves(design_kind)
    }
    return {name: one for name, one in descriptions.items() if one}


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
    goods: Goods,
    ground: str,
    descriptions: Mapping[str, ViewDescription],
    channels: Channels,
) -> None:
    decoded = goods.decoded
    image.height, image.width = decoded.pixels.shape[:2]
    image.pixel_sha256 = decoded.pixel_sha256
    image.outline, image.outline_by = goods.outline.corners, goods.outline.by
    image.preview, image.photograph = goods.preview, goods.photograph or ""
    image.warnings = [
        *([ON_DARK] if ground == "dark" else []),
        *goods.outline.warnings,
        *(warning for one in descriptions.values() for warning in one.warnings),
        *kind_warnings(decoded.pixels, image.design.design_kind),
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
    if image.replaces:
        replace_view(image.replaces, image)
    AuditEvent.objects.record(
        "view.enrolled", subject=image, by=None, design=str(image.design_id), variants=variants
    )


def kind_warnings(picture: Picture, design_kind: str) -> list[ImageError]:
    other_kind = design_kind != Design.DesignKind.LOGO
    return [LIKE_A_LOGO] if other_kind and looks_like_a_logo(picture) else []


def replace_view(view: DesignImage, by: DesignImage) -> None:
    """Stops comparing listings with the view, within a transaction; the other one takes its place on the
    page. Its matches stay in force.
    """
    if view.state != DesignImage.State.ENROLLED:
        return
    view.state = DesignImage.State.REPLACED
    place, view.position = view.position, view.design.next_position()
    view.save(update_fields=["state", "position"])
    by.position = place
    by.save(update_fields=["position"])
    withdraw_from_index(Fingerprint.objects.filter(image=view))


def keep_fingerprints(
    image: DesignImage, descriptions: Mapping[str, ViewDescription], channels: Channels
) -> int:
    """Stores fingerprints with their index changes, within a transaction; returns their number."""
    count = 0
    for name, description in descriptions.items():
        of_channel = generation(channels[name])
        rows = Fingerprint.objects.bulk_create(
            fingerprint(image, of_channel, vector) for vector in description.vectors
        )
        IndexChange.objects.record(IndexChange.Operation.ADD, of_channel, [row.pk for row in rows])
        count += len(rows)
    return count


def fingerprint(image: DesignImage, generation: str, vector: ViewVector) -> Fingerprint:
    return Fingerprint(
        image=image,
        generation=generation,
        variant=vector.variant,
        vector=vector.vector.astype("<f4").tobytes(),
        features=vector.features,
        codes=vector.codes,
        thumbnail=vector.thumbnail,
        background=vector.background,
        perceptual_hash=vector.perceptual_hash,
    )
