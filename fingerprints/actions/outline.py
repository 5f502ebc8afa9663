"""Tells the goods in a view's picture from hand and shelf. Only workers load this: it needs OpenCV."""

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from fingerprints.models import Design, DesignImage, Fingerprint
from fingerprints.pictures.goods import Outline
from vision.channels.registry import Channels, generation
from vision.geometry.features import LocalFeatures
from vision.geometry.outline import (
    KnownView,
    goods_on_plain_ground,
    outline_by_views,
    within_box,
)
from vision.geometry.polygons import WHOLE, Polygon
from vision.pictures.encode import from_png
from vision.pictures.errors import ImageError
from vision.pictures.picture import Picture

DRAW_OUTLINE: ImageError = {
    "code": "goods_not_told_apart",
    "message": gettext_noop(
        "No other view of the design shows what this picture shows, so all of it is registered. A hand or a "
        "shelf in it would be found in pictures of other goods."
    ),
    "remedy": gettext_noop("If it shows more than the goods, draw their outline."),
}


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
    if goods_on_plain_ground(picture):
        return Outline()
    if not others.exists():
        return Outline(is_open=True)
    corners = outline_by_views(picture, known_views(others, channels))
    if corners is None:
        return Outline(warnings=(DRAW_OUTLINE,), is_open=True)
    return Outline() if corners == WHOLE else Outline(corners, DesignImage.OutlineBy.VIEWS)


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
    """Returns the outline of the goods on what is registered of a view. A picture without a plain ground is
    print up to its edge, as official pictures of boxes are, unless its owner was asked for an outline.
    """
    if row.image.outline:
        return within_box(row.image.outline)
    if DRAW_OUTLINE["code"] in {warning["code"] for warning in row.image.warnings}:
        return None
    return goods_on_plain_ground(from_png(bytes(row.thumbnail))) or WHOLE
