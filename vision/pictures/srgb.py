"""Brings whatever a file holds to sRGB with 8 bits: profiles, deep grey, and transparency on a page."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from vision.pictures.picture import Picture

LIGHT, DARK = (255, 255, 255), (24, 24, 24)  # page colours of browsers in light and dark mode
OPAQUE_FROM = 250  # of 255
TOLD_APART = 32  # of 255: difference at which a viewer tells two colours apart
GROUND_MATTERS = 0.005  # share of the pixels: less is rounded corners and soft edges
WHITES = ((255, 65535), (1, 255, 65535))  # of integers, of floats
TINY = 1e-30  # guards the division for a constant picture


def to_colours(image: Image.Image) -> Image.Image:
    """Returns RGB or RGBA, converted by the file's own profile; deep grey is scaled to 8 bits."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(eight_bits(np.asarray(image))).convert("RGB")
    image = to_srgb(image)
    if image.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
    return image if image.mode == "RGBA" else image.convert("RGB")


def eight_bits(deep: NDArray[Any]) -> NDArray[np.uint8]:
    """Keeps the upper byte of 16-bit integers. For other numbers no file says which one is white: it is the
    least customary white that no pixel exceeds, or else the greatest pixel. Black is 0, or the least pixel
    below it.
    """
    if deep.dtype.itemsize <= 2:  # noqa: PLR2004 - bytes
        return (deep.astype(np.uint16) >> 8).astype(np.uint8)
    numbers = np.nan_to_num(deep.astype(np.float32), posinf=0, neginf=0)
    black, most = min(float(numbers.min()), 0.0), float(numbers.max())
    whites = [
        float(white) for white in WHITES[deep.dtype.kind == "f"] if most <= white and not black
    ]
    span = max(next(iter(whites), most) - black, TINY)
    shades: NDArray[np.float32] = (numbers - black) * (255 / span)
    return shades.round().astype(np.uint8)


def on_ground(image: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    """Shows the picture on a page of that colour; pixels that are hardly opaque are hardly visible."""
    if image.mode != "RGBA":
        return image
    page = Image.new("RGB", image.size, ground)
    page.paste(image, mask=image.getchannel("A"))
    return page


def on_dark(image: Image.Image, on_light: Picture) -> Picture | None:
    """Returns None where the ground makes no visible difference."""
    if image.mode != "RGBA" or np.asarray(image.getchannel("A")).min() >= OPAQUE_FROM:
        return None
    dark = np.asarray(on_ground(image, DARK))
    differing = (on_light - dark > TOLD_APART).any(axis=2)  # light is never darker than dark
    return dark if differing.mean() > GROUND_MATTERS else None


def to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            image, own, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile: the unconverted colours are the best available
    return converted or image
