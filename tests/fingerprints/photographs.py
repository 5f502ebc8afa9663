"""A carton: its official picture, and photographs of it in a shop."""

import numpy as np
from django.core.files.base import ContentFile

from fingerprints.actions.enrol import enrol_design
from fingerprints.models import Brand, Design, DesignImage
from tests import factories
from tests.matchers import channels
from tests.pictures import drawn, encoded, photograph
from vision.encoders.base import Encoder
from vision.pictures.picture import Picture

CARTON = drawn(3, width=180, height=240)
SHELF = photograph("coffee.png")


def in_a_shop(carton: Picture = CARTON) -> Picture:
    made = SHELF.copy()
    made[100:340, 200:380] = carton
    return made


def official() -> Picture:
    made = np.full((320, 260, 3), 255, np.uint8)
    made[40:280, 40:220] = CARTON
    return made


def views(
    brand: Brand, encoder: Encoder, *pictures: Picture, kind: str = "packaging"
) -> list[DesignImage]:
    design = factories.design(brand, design_kind=kind)
    for position, picture in enumerate(pictures):
        DesignImage.objects.create(
            design=design,
            position=position,
            name=f"{position}.png",
            file=ContentFile(encoded(picture), f"{position}.png"),
            sha256="0" * 64,
        )
    enrol(design, encoder)
    return list(design.images.order_by("position"))


def enrol(design: Design, encoder: Encoder) -> None:
    enrol_design(design=design, encoder=encoder, channels=channels())
