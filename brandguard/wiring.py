"""Connects the signals of lower rooms with the reactions of higher rooms, all in this place.

A room that must be told or asked something by a lower room connects a receiver here. The lower room declares
the signal in its `signals.py` and knows no receiver. Vision, which knows no Django, gets its configuration
here.

Receivers import what they need when called, because the web process connects them too and must load no
encoder.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from vision.configuration import Configuration, configure

if TYPE_CHECKING:
    from accounts.models import Organisation
    from detection.intake.models import Listing
    from fingerprints.models import Brand, DesignImage
    from vision.channels.channel import ViewDescription
    from vision.encoders.base import Encoder
    from vision.pictures.errors import ImageError
    from vision.pictures.picture import Picture


def connect() -> None:
    """Called once every model is loaded."""
    from accounts.signals import claimant_changed
    from detection.matching.signals import pictures_matched
    from fingerprints.signals import enforcement_changed, view_described

    configure(from_settings)
    claimant_changed.connect(search_by_standing)
    claimant_changed.connect(pass_on_to_brands)
    enforcement_changed.connect(reassess_brand)
    view_described.connect(refuse_what_is_common)
    pictures_matched.connect(assess)


def from_settings() -> Configuration:
    names = (name.strip() for name in settings.ONNX_PROVIDERS.split(","))
    return Configuration(
        max_image_bytes=settings.MAX_IMAGE_BYTES,
        max_image_pixels=settings.MAX_IMAGE_PIXELS,
        encoders_dir=Path(settings.ENCODERS_DIR),
        onnx_providers=tuple(name for name in names if name),
        processes=settings.WORKER_CONCURRENCY,
        encoder=settings.ENCODER,
        object_encoder=settings.OBJECT_ENCODER,
        logo_encoder=settings.LOGO_ENCODER,
    )


def search_by_standing(*, organisation: "Organisation", **_: object) -> None:
    """Searches verified claimants in their own part of the index."""
    from fingerprints.models import IndexChange

    IndexChange.objects.claimant_changed(organisation)


def pass_on_to_brands(*, organisation: "Organisation", **_: object) -> None:
    """Passes a change of the claimant on to each of its brands."""
    from fingerprints.models import Brand
    from fingerprints.signals import enforcement_changed

    for brand in Brand.objects.filter(organisation=organisation):
        enforcement_changed.send(Brand, brand=brand)


def reassess_brand(*, brand: "Brand", **_: object) -> None:
    from detection.review.actions.reassess import ask_for_reassessment

    ask_for_reassessment(brand)


def refuse_what_is_common(
    *,
    image: "DesignImage",
    picture: "Picture",
    descriptions: "Mapping[str, ViewDescription]",
    encoder: "Encoder",
    **_: object,
) -> "ImageError | None":
    from detection.matching.actions.check_distinctiveness import too_common

    return too_common(image, picture, descriptions, encoder)


def assess(*, listing: "Listing", complete: bool, **_: object) -> None:
    from detection.review.actions.assess import assess_early, assess_listing

    (assess_listing if complete else assess_early)(listing=listing)
