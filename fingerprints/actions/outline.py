"""Tells the goods in a view's picture from hand and shelf, and lets the owner correct that."""

import numpy as np
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict, DomainError
from brandguard.kernel.queueing import enqueue_on_commit
from fingerprints.actions.register import Retired
from fingerprints.models import Design, DesignImage, Fingerprint
from fingerprints.pictures.goods import Outline
from vision.channels.registry import Channels, generation
from vision.geometry.features import LocalFeatures
from vision.geometry.outline import (
    MIN_CORNERS,
    SPEC,
    KnownView,
    goods_on_plain_ground,
    outline_by_views,
    within_box,
)
from vision.geometry.polygons import Polygon, area_of
from vision.pictures.encode import from_png
from vision.pictures.errors import ImageError
from vision.pictures.picture import Picture

MAX_CORNERS = 40
DRAW_OUTLINE: ImageError = {
    "code": "goods_not_told_apart",
    "message": gettext_noop(
        "No other view of the design shows what this picture shows, so all of it is registered. A hand or a "
        "shelf in it would be found in pictures of other goods."
    ),
    "remedy": gettext_noop("If it shows more than the goods, draw their outline."),
}


class NotAnOutline(DomainError):
    code = "not_an_outline"


class NotEnrolled(Conflict):
    code = "not_enrolled"


def find_outline(image: DesignImage, picture: Picture, channels: Channels) -> Outline:
    """Returns the outline of the goods, with a warning where it cannot be told.

    Packaging alone is looked for: of a photograph or a logo the whole picture is the design, and a solid
    object seen from elsewhere is no plane. The first view of a design is registered whole.
    """
    if image.outline_by == DesignImage.OutlineBy.OWNER:
        return Outline(image.outline, image.outline_by)
    if image.design.design_kind != Design.DesignKind.PACKAGING:
        return Outline()
    others = image.design.images.filter(state=DesignImage.State.ENROLLED).exclude(pk=image.pk)
    if not others.exists() or goods_on_plain_ground(picture):
        return Outline()
    corners = outline_by_views(picture, known_views(others, channels))
    if corners is None:
        return Outline(warnings=(DRAW_OUTLINE,))
    return Outline(corners, DesignImage.OutlineBy.VIEWS)


def known_views(images: QuerySet[DesignImage], channels: Channels) -> list[KnownView]:
    """Returns the enrolled views whose goods are known."""
    required = [generation(one) for one in channels.values() if one.spec.is_required]
    rows = Fingerprint.objects.filter(
        image__in=images, generation__in=required, variant=Fingerprint.Variant.ORIGINAL
    ).select_related("image")
    return [
        KnownView(LocalFeatures.from_bytes(bytes(row.features)), goods)
        for row in rows
        if (goods := goods_on(row))
    ]


def goods_on(row: Fingerprint) -> Polygon | None:
    """Returns the outline of the goods on what is registered of a view."""
    if row.image.outline:
        return within_box(row.image.outline)
    return goods_on_plain_ground(from_png(bytes(row.thumbnail)))


def correct_outline(*, view: DesignImage, outline: Polygon | None, by: Person) -> DesignImage:
    """Registers the view once more with this outline, or whole with None. The new view replaces the old one
    as soon as it is enrolled, so the design is protected all the while.

    Raises NotAnOutline, NotEnrolled, Retired.
    """
    if outline is not None:
        check(outline)
    with transaction.atomic():
        design = Design.objects.select_for_update().get(pk=view.design_id)
        if design.retired_at:
            raise Retired(f"{design} is retired.", remedy="Register it again.", field="design")
        held = DesignImage.objects.get(pk=view.pk)
        if held.state != DesignImage.State.ENROLLED or being_replaced(held):
            raise NotEnrolled(
                f"{held.name} is not enrolled, or is being enrolled with another outline.",
                remedy="Wait until it is enrolled.",
                field="view",
            )
        made = another(held, outline)
        design.queued_at = timezone.now()
        design.save(update_fields=["queued_at"])
        AuditEvent.objects.record(
            "view.outline_corrected", subject=held, by=by, design=str(design.pk), outline=outline
        )
        enqueue_on_commit("fingerprints.tasks.enrol_design", design_id=str(design.pk))
    return made


def being_replaced(view: DesignImage) -> bool:
    return view.replacements.filter(state=DesignImage.State.PENDING).exists()


def another(view: DesignImage, outline: Polygon | None) -> DesignImage:
    last = DesignImage.objects.filter(design=view.design_id).aggregate(last=Max("position"))["last"]
    return DesignImage.objects.create(
        design=view.design,
        position=last + 1,
        name=view.name,
        sha256=view.sha256,
        file=view.file.name,
        outline=outline,
        outline_by=DesignImage.OutlineBy.OWNER,
        replaces=view,
    )


def check(outline: Polygon) -> None:
    """Raises NotAnOutline."""
    points = np.array(outline, np.float64)
    within = bool(((points >= 0) & (points <= 1)).all())  # so not a number is not within
    if not MIN_CORNERS <= len(outline) <= MAX_CORNERS or not within:
        raise NotAnOutline(
            "The outline does not lie in the picture.",
            remedy=f"Send {MIN_CORNERS} to {MAX_CORNERS} corners as [x, y], each 0 to 1.",
            field="outline",
        )
    if area_of(outline) < SPEC.smallest:
        raise NotAnOutline(
            "The outline has hardly any area.",
            remedy="Drag its corners to the edge of the goods.",
            field="outline",
        )
