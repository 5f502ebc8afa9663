"""An object as the object channel looks at it: cut out of a plain ground, without its hue."""

import cv2
import numpy as np

from vision.channels.object.spec import SPEC
from vision.edits.transforms import thing_on_plain_ground
from vision.pictures.picture import Picture


def framed(picture: Picture) -> Picture:
    """Returns the object in the middle of a black square, or the whole picture where its ground is not
    plain.
    """
    thing = thing_on_plain_ground(picture)
    if thing is None or thing.mean() < SPEC.smallest:
        return picture
    rows, columns = np.flatnonzero(thing.any(axis=1)), np.flatnonzero(thing.any(axis=0))
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    found = np.where(thing[part][..., None] > 0, picture[part], 0)
    height, width = found.shape[:2]
    longest = max(height, width)
    side = longest + 2 * max(2, round(longest * SPEC.margin))
    made = np.zeros((side, side, 3), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    made[top : top + height, left : left + width] = found
    return made


def brightness(picture: Picture) -> Picture:
    """Returns the brightest of the three colours of each pixel, which a shift of hue does not change."""
    return as_grey(picture.max(axis=2))


def luma(picture: Picture) -> Picture:
    """Returns the picture as a grey copy shows it."""
    return as_grey(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8))


def as_grey(levels: Picture) -> Picture:
    return np.ascontiguousarray(np.repeat(levels[..., None], 3, axis=2))
