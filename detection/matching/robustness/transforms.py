"""Transforms of a view: edits that sellers make, and the picture seen from four sides."""

import random
from collections.abc import Iterator

from detection.matching.robustness.groups import DEGREES, SIDES
from vision.edits import transforms as edits
from vision.edits.families import FAMILIES, edit
from vision.pictures.picture import Picture


def transformed(picture: Picture, scene: Picture, seed: str) -> Iterator[tuple[str, Picture]]:
    """Yields name and picture of each transform that the picture allows; a seed repeats them exactly."""
    for family in FAMILIES:
        edited = edit(family, picture, scene, seed)
        if edited is not None:
            yield family, edited.picture
    dice = random.Random(f"sides {seed}")  # noqa: S311 - chooses places, keeps no secret
    for side, (axis, way) in SIDES.items():
        for degrees in DEGREES:
            turned = edits.tilt(picture, degrees=way * degrees, axis=axis)
            wide = edits.resize(scene, width=640, height=480)
            yield (
                f"side-{side}-{degrees}",
                edits.paste(turned, wide, area=0.4, x=dice.random(), y=dice.random()),
            )
