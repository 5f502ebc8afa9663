"""Checks that a view must pass before it is enrolled.

What runs matching belongs to other apps, which this one must not import: they register their checks
here when they are ready. The web process does that too, so a check imports what is heavy only once
it is asked.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from celery.exceptions import SoftTimeLimitExceeded

from brandguard.transient import is_transient
from fingerprints.encoders.base import Encoder
from fingerprints.images.decode import Picture
from fingerprints.images.errors import ImageError
from fingerprints.models import DesignImage

if TYPE_CHECKING:  # it loads OpenCV
    from fingerprints.enrolment import ViewPrint

type Check = Callable[[DesignImage, Picture, ViewPrint, Encoder], ImageError | None]
"""Of a view, its pixels, and what was computed of it: why it is refused, or None."""

CHECKS: list[Check] = []
logger = logging.getLogger(__name__)


def register(check: Check) -> None:
    """Once is enough. Checks are asked in the order in which they came."""
    if check not in CHECKS:
        CHECKS.append(check)


def refusal(
    image: DesignImage, picture: Picture, prints: "ViewPrint", encoder: Encoder
) -> ImageError | None:
    """The first reason to refuse the view. A check that fails refuses nothing: a fault in a forecast
    must not cost anybody their design. What will pass is tried again, as the whole enrolment is.
    """
    for check in CHECKS:
        try:
            if error := check(image, picture, prints, encoder):
                return error
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            if is_transient(error):
                raise
            logger.exception("A check of view %s failed; the view is enrolled without.", image.pk)
    return None
