"""Asks the rooms above whether a view may be enrolled."""

from collections.abc import Mapping

from celery.exceptions import SoftTimeLimitExceeded

from brandguard.kernel.transient import is_transient
from fingerprints.models import DesignImage
from fingerprints.signals import view_described
from vision.channels.channel import ViewDescription
from vision.encoders.base import Encoder
from vision.pictures.errors import ImageError
from vision.pictures.picture import Picture


def refusal(
    image: DesignImage,
    picture: Picture,
    descriptions: Mapping[str, ViewDescription],
    encoder: Encoder,
) -> ImageError | None:
    """Returns the first reason to refuse the view, or None. A check that fails refuses nothing, because a
    bug in a check must not cost anybody their design; Django logs it. A transient failure travels up, and
    the whole enrolment is tried again.
    """
    answers = view_described.send_robust(
        DesignImage, image=image, picture=picture, descriptions=descriptions, encoder=encoder
    )
    for _, answer in answers:
        if isinstance(answer, SoftTimeLimitExceeded) or (
            isinstance(answer, Exception) and is_transient(answer)
        ):
            raise answer
    return next(
        (answer for _, answer in answers if answer and not isinstance(answer, Exception)), None
    )
