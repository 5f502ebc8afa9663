"""The edits by which sellers hide a copied picture from detection.

Pure functions on RGB pictures, `uint8[height, width, 3]`. The same input gives the same output. Angles are
degrees, areas are shares of the picture (0..1), positions run from 0 (left, top) to 1.
"""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.pictures.picture import Picture
from vision.pictures.resize import squash

PLAIN_WITHIN = 18  # of 255: how far the pixels of a plain ground may lie from its colour
PLAIN_SHARE = 0.9  # share of the picture's edge pixels that must be plain
LAMPLIGHT = (1.2, 1.0, 0.65)  # gains of red, green and blue
PLAIN = (236, 236, 236)  # ground that fills the frame around a rotated picture


def crop(picture: Picture, *, area: float, x: float = 0.5, y: float = 0.5) -> Picture:
    height, width = picture.shape[:2]
    side = area**0.5
    h, w = round(height * side), round(width * side)
    top, left = round((height - h) * y), round((width - w) * x)
    return np.ascontiguousarray(picture[top : top + h, left : left + w])


def mirror(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[:, ::-1])


def shift_hue(picture: Picture, *, degrees: float) -> Picture:
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV_FULL)
    # a full turn is 256 and wraps in uint8
    hsv[..., 0] += np.uint8(round(degrees / 360 * 256) % 256)
    return as_picture(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB_FULL))


def write_over(picture: Picture, *, text: str, y: float = 0.5) -> Picture:
    """Writes outlined text across the picture, as shops put prices and offers."""
    out = picture.copy()
    height, width = out.shape[:2]
    (text_width, text_height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 1.0, 2)
    scale = 0.8 * width / text_width
    at = (round(width * 0.1), round((height - text_height * scale) * y + text_height * scale))
    for colour, thickness in (((255, 255, 255), 6), ((200, 20, 40), 2)):
        thick = max(1, round(thickness * scale))
        cv2.putText(out, text, at, cv2.FONT_HERSHEY_DUPLEX, scale, colour, thick, cv2.LINE_AA)
    return out


def rotate(picture: Picture, *, degrees: float, ground: tuple[int, int, int] = PLAIN) -> Picture:
    """Rotates counter-clockwise and grows the frame so that nothing is cut off."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    w, h = round(height * sin + width * cos), round(height * cos + width * sin)
    matrix[:, 2] += ((w - width) / 2, (h - height) / 2)
    return as_picture(
        cv2.warpAffine(picture, matrix, (w, h), flags=cv2.INTER_AREA, borderValue=ground)
    )


def tilt(
    picture: Picture, *, degrees: float, axis: str, ground: tuple[int, int, int] = PLAIN
) -> Picture:
    """Shows the picture at an angle: `axis` "vertical" turns it left or right, "horizontal" tips it back or
    forth. The camera stands 1.5 picture widths away.
    """
    height, width = picture.shape[:2]
    angle = np.deg2rad(degrees)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float) * (width / 2, height / 2)
    distance = 1.5 * max(width, height)
    turned = corners.copy()
    turning = 0 if axis == "vertical" else 1
    depth = distance + corners[:, turning] * np.sin(angle)
    turned[:, turning] *= np.cos(angle)
    projected = turned * (distance / depth)[:, None]
    projected -= projected.min(axis=0)
    size = tuple(int(edge) for edge in np.ceil(projected.max(axis=0)))
    start = corners + np.array([width / 2, height / 2])
    homography = cv2.getPerspectiveTransform(start.astype(np.float32), projected.astype(np.float32))
    return as_picture(
        cv2.warpPerspective(picture, homography, size, flags=cv2.INTER_AREA, borderValue=ground)
    )


def paste(
    picture: Picture, scene: Picture, *, area: float, x: float = 0.5, y: float = 0.5
) -> Picture:
    """Puts the picture into a scene, covering `area` of the scene or as much as its shape allows."""
    height, width = scene.shape[:2]
    scale = (area * height * width / (picture.shape[0] * picture.shape[1])) ** 0.5
    scale = min(scale, height / picture.shape[0], width / picture.shape[1])
    h, w = max(1, int(picture.shape[0] * scale)), max(1, int(picture.shape[1] * scale))
    top, left = round((height - h) * y), round((width - w) * x)
    out = scene.copy()
    out[top : top + h, left : left + w] = resize(picture, width=w, height=h)
    return out


def collage(pictures: list[Picture], *, tile: int = 320) -> Picture:
    """Puts four whole pictures on white in a 2x2 grid of square tiles."""
    tiles = [paste(p, ground(tile, tile, (255, 255, 255)), area=1.0) for p in pictures]
    return np.vstack([np.hstack(tiles[:2]), np.hstack(tiles[2:])])


def ground(height: int, width: int, colour: tuple[int, int, int]) -> Picture:
    return np.full((height, width, 3), colour, np.uint8)


def resize(picture: Picture, *, width: int, height: int) -> Picture:
    return squash(picture, width=width, height=height)


def as_picture(array: NDArray[np.generic]) -> Picture:
    return np.ascontiguousarray(array, np.uint8)


def recompress(picture: Picture, *, quality: int) -> Picture:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def scale(picture: Picture, *, share: float) -> Picture:
    """Scales width and height by `share`."""
    height, width = picture.shape[:2]
    return resize(picture, width=max(1, int(width * share)), height=max(1, int(height * share)))


def grey(picture: Picture) -> Picture:
    return as_picture(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))


def warm(picture: Picture) -> Picture:
    """Shows the picture as a camera set for daylight sees it by lamplight: more red, less blue."""
    return as_picture(np.clip(picture * np.array(LAMPLIGHT), 0, 255))


def invert(picture: Picture) -> Picture:
    return as_picture(255 - picture)


def adjust(picture: Picture, *, saturation: float, brightness: float) -> Picture:
    """Multiplies both by the factors; 1 leaves them unchanged."""
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 1] = np.clip(hsv[..., 1] * saturation, 0, 255)
    hsv[..., 2] = np.clip(hsv[..., 2] * brightness, 0, 255)
    return as_picture(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB))


def blur(picture: Picture, *, share: float) -> Picture:
    """Blurs by a Gaussian whose standard deviation is that share of the picture's longer side."""
    return as_picture(cv2.GaussianBlur(picture, (0, 0), share * max(picture.shape)))


def sharpen(picture: Picture) -> Picture:
    soft = cv2.GaussianBlur(picture, (0, 0), 2)
    return as_picture(cv2.addWeighted(picture, 2.2, soft, -1.2, 0))


def sharp_subject(picture: Picture) -> Picture:
    """Sharpens an ellipse in the middle and blurs everything around it."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    axes = (round(width * 0.38), round(height * 0.42))
    cv2.ellipse(mask, (width // 2, height // 2), axes, 0, 0, 360, 255, -1)
    inside = cv2.GaussianBlur(mask, (0, 0), 0.02 * max(height, width))[..., None] / 255
    return as_picture(sharpen(picture) * inside + blur(picture, share=0.02) * (1 - inside))


def border(picture: Picture, *, share: float, colour: tuple[int, int, int]) -> Picture:
    edge = round(share * max(picture.shape))
    return as_picture(
        cv2.copyMakeBorder(picture, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=colour)
    )


def screenshot(picture: Picture) -> Picture:
    """Shows the picture as a shop's page on a phone: bars above and below, a line of text, a button."""
    height, width = picture.shape[:2]
    bar = max(24, round(0.09 * height))
    top, bottom = ground(2 * bar, width, (250, 250, 250)), ground(4 * bar, width, (250, 250, 250))
    top[:bar] = (30, 34, 44)
    bottom[2 * bar : 3 * bar, round(width * 0.08) : round(width * 0.92)] = (240, 120, 30)
    size = bar / 42
    for canvas, text, x, y in ((top, "12:45", 0.05, 0.8), (bottom, "In stock - 19.90", 0.08, 1.2)):
        ink = (255, 255, 255) if canvas is top else (40, 40, 40)
        at = (round(width * x), round(bar * y))
        cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, 2, cv2.LINE_AA)
    return np.vstack([top, picture, bottom])


def on_another_ground(picture: Picture, scene: Picture) -> Picture | None:
    """Replaces the plain ground around the object by a scene; None where the ground is not plain."""
    thing = thing_on_plain_ground(picture)
    if thing is None:
        return None
    behind = resize(scene, width=picture.shape[1], height=picture.shape[0])
    return as_picture(np.where(thing[..., None] > 0, picture, behind))


def thing_on_plain_ground(picture: Picture) -> NDArray[np.uint8] | None:
    """Returns `uint8[height, width]`, 1 on the object; None where the ground is not plain."""
    edges = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    colour = np.median(edges, axis=0)
    if (np.abs(edges - colour).max(axis=1) < PLAIN_WITHIN).mean() < PLAIN_SHARE:
        return None
    far = np.abs(picture.astype(np.int16) - colour).max(axis=2) >= PLAIN_WITHIN
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    solid = cv2.morphologyEx(far.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(solid), outlines, -1, 1, -1))
