"""What of a view's picture is registered: the whole of it, or what lies within the outline of the goods."""

from dataclasses import dataclass, replace

from django.core.files.base import ContentFile

from fingerprints.models import DesignImage
from fingerprints.pictures.stored import preview_file
from vision.geometry.outline import cut_out
from vision.geometry.polygons import Polygon
from vision.pictures.decode import Decoded
from vision.pictures.errors import ImageError
from vision.pictures.picture import pixel_sha256


@dataclass(frozen=True)
class Outline:
    """`corners` is None where the whole picture is registered; `by` is a DesignImage.OutlineBy or empty.
    `is_open` says that a further view of the design might tell the goods from what is around them.
    """

    corners: Polygon | None = None
    by: str = ""
    warnings: tuple[ImageError, ...] = ()
    is_open: bool = False


@dataclass(frozen=True)
class Goods:
    """`decoded` is what is registered; `photograph` is a preview of the whole picture where that is less."""

    decoded: Decoded
    outline: Outline
    preview: ContentFile[bytes]
    photograph: ContentFile[bytes] | None


def goods_in(whole: Decoded, outline: Outline) -> Goods:
    decoded = within(whole, outline.corners)
    photograph = preview_file(whole.pixels) if outline.corners else None
    return Goods(decoded, outline, preview_file(decoded.pixels), photograph)


def registered(view: DesignImage, whole: Decoded) -> Decoded:
    """Returns what is registered of an enrolled view."""
    return within(whole, view.outline)


def within(whole: Decoded, outline: Polygon | None) -> Decoded:
    if not outline:
        return whole
    pixels = cut_out(whole.pixels, outline)
    return replace(whole, pixels=pixels, pixel_sha256=pixel_sha256(pixels), on_dark=None)
