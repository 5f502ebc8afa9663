"""Transforms of a view: what sellers do to a picture, and the picture seen from four sides."""

import random
from collections.abc import Iterator

from detection.matching.robustness.groups import DEGREES, SIDES
from vision.edits import transforms as edits
from vision.edits.families import FAMILIES, edit
from vision.pictures.decode import Picture


def transformed(picture: Picture, scene: Picture, seed: str) -> Iterator[tuple[str, Picture]]:
    """Name and picture of each that this picture allows; the same seed makes the same."""
    for family in FAMILIES:
        made = edit(family, picture, scene, seed)
        if made is not None:
            yield family, made.picture
    dice = random.Random(f"sides {seed}")  # noqa: S311 - chooses places, keeps no secret
    for side, (axis, way) in SIDES.items():
        for degrees in DEGREES:
            turned = edits.tilt(picture, degrees=way * degrees, axis=axis)
            wide = edits.resize(scene, width=640, height=480)
            yield (
                f"side-{side}-{degrees}",
                edits.paste(turned, wide, area=0.4, x=dice.random(), y=dice.random()),
            )
