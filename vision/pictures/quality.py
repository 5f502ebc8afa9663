"""Warnings about pictures that make poor views; they never refuse one."""

from dataclasses import dataclass

import cv2
import numpy as np

from brandguard.kernel.messages import gettext_noop
from vision.pictures.errors import ImageError
from vision.pictures.parts import is_long
from vision.pictures.picture import Picture


@dataclass(frozen=True)
class QualitySpec:
    """The limits below which a view finds less."""

    small: int = 300  # pixels of the longer side
    # Variance of the Laplacian at 256 pixels. Measured on 84 pictures: the least sharp 2% of packaging and
    # photographs have 287, of goods on a plain ground 38. Blurred by 0.6% of their width, the medians are
    # 33, 17 and 75. files.js has the same numbers.
    sharpness_side: int = 256
    sharp_from: float = 30.0


SPEC = QualitySpec()


TOO_SMALL: ImageError = {
    "code": "small",
    "message": gettext_noop(
        "The picture has fewer than 300 pixels a side: edited copies may go unnoticed."
    ),
    "remedy": gettext_noop("Add a larger one."),
}
BLURRED: ImageError = {
    "code": "blurred",
    "message": gettext_noop("The picture is blurred: edited copies may go unnoticed."),
    "remedy": gettext_noop("Add a sharper one."),
}


LONG: ImageError = {
    "code": "long",
    "message": gettext_noop(
        "The picture is much longer than wide: it is compared as a whole, so its parts may go unnoticed."
    ),
    "remedy": gettext_noop(
        "Cut out the part that shows the design, or register its parts as separate views."
    ),
}


def quality_warnings(picture: Picture) -> list[ImageError]:
    height, width = picture.shape[:2]
    found = [LONG] if is_long(width, height) else []
    if max(picture.shape[:2]) < SPEC.small:
        found.append(TOO_SMALL)
    if sharpness(picture) < SPEC.sharp_from:
        found.append(BLURRED)
    return found


def sharpness(picture: Picture) -> float:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    scale = SPEC.sharpness_side / max(grey.shape)
    size = [max(1, round(edge * scale)) for edge in grey.shape[::-1]]
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(small.astype(np.float32), cv2.CV_32F).var())
