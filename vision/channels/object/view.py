"""What the object channel computes once for each view, at enrolment."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vision.channels.channel import ORIGINAL, ViewVector
from vision.channels.object.cohort import Cohort, nearest
from vision.channels.object.framing import brightness, framed, luma
from vision.channels.object.points import points_of
from vision.channels.object.spec import POINTS
from vision.encoders.base import Encoder, Vectors
from vision.geometry.features import LocalFeatures
from vision.pictures.picture import Picture
from vision.pictures.resize import fit

GREY, WHOLE = "grey", "whole"


@dataclass(frozen=True)
class ObjectView:
    """`vectors float32[3, dimension]` are of the object's brightness and luma and of the whole picture's
    brightness: a listing is compared in brightness, which is the luma of a grey copy. `points` are of the
    first two. `background` is the cosine that other objects reach.
    """

    vectors: Vectors
    points: tuple[LocalFeatures, ...]
    background: float


def describe(picture: Picture, encoder: Encoder) -> list[ViewVector]:
    whole = fit(picture)
    thing = framed(whole)
    levels = {ORIGINAL: brightness(thing), GREY: luma(thing)}
    vectors = encoder.embed([*levels.values(), brightness(whole)])
    made = [
        ViewVector(name, vector, features=points_of(grey, POINTS.view_points).to_bytes())
        for (name, grey), vector in zip(levels.items(), vectors[:2], strict=True)
    ]
    return [*made, ViewVector(WHOLE, vectors[2])]


def load(vectors: Mapping[str, ViewVector], cohort: Cohort) -> ObjectView | None:
    """Returns None where a variant is missing."""
    if not {ORIGINAL, GREY, WHOLE} <= vectors.keys():
        return None
    ours = np.stack([vectors[name].vector for name in (ORIGINAL, GREY, WHOLE)])
    return ObjectView(
        ours,
        tuple(LocalFeatures.from_bytes(vectors[name].features) for name in (ORIGINAL, GREY)),
        nearest(cohort.things, ours),
    )
