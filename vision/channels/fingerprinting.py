"""What is computed of a view once, at enrolment, so that it is free for every listing."""

from dataclasses import dataclass

import numpy as np

from brandguard.kernel.messages import gettext_noop
from vision.channels.encoders import Lanes
from vision.encoders.base import Encoder, Vectors
from vision.geometry.agreement import textured_cells, thumbnail
from vision.geometry.codes import Codes, view_codes
from vision.geometry.features import LocalFeatures, extract_view
from vision.geometry.marks import Shape, is_plain, on_square, shape_of
from vision.pictures.decode import Picture
from vision.pictures.errors import ImageError
from vision.pictures.hashes import perceptual_hash
from vision.pictures.resize import fit

# Solids are told by the object lane, one-colour marks by the mark lane.
SOLID_KINDS = frozenset({"object", "packaging"})
MARK_KINDS = frozenset({"logo"})
MARK_SHARE = 0.8  # of the encoder's square that a mark's longer side takes

# Below either of these a copy is confirmed only while nothing was done to it: a plain disc has 8
# cells and no points, a drawn silhouette some 20 of each.
FEW_POINTS = 20
FEW_CELLS = 6
TOO_LITTLE: ImageError = {
    "code": "too_little_to_match_on",
    "message": gettext_noop(
        "There is too little in this picture to match on: edited copies may go unnoticed."
    ),
    "remedy": gettext_noop("Add a larger view, or one that shows print, pattern or detail."),
}


@dataclass(frozen=True)
class ViewPrint:
    """Vectors `float32[dimension]` and perceptual hashes of the picture and of its negative; local
    features, their codes and thumbnail of the picture, which serve for its mirror image and negative
    too.

    A mirrored and three turned pictures were enrolled besides until they were measured: without
    them the right design is as often among the first eight in every edit family, and more often
    the very first for shop photographs (81% against 74%), in an index of a third of the size. The
    negative is needed: without it 38% of inverted pictures find their design.
    """

    vector: Vectors
    negative: Vectors
    perceptual_hash: int
    negative_hash: int
    features: LocalFeatures
    codes: Codes
    thumbnail: Picture

    @property
    def warnings(self) -> list[ImageError]:
        few = self.features.parts[0] < FEW_POINTS or textured_cells(self.thumbnail) < FEW_CELLS
        return [TOO_LITTLE] if few else []


def prints_of(pixels: Picture, encoder: Encoder) -> ViewPrint:
    picture = fit(pixels)
    inverted = np.asarray(255 - picture, np.uint8)
    vector, negative = encoder.embed([picture, inverted])
    features = extract_view(picture)
    return ViewPrint(
        vector,
        negative,
        perceptual_hash(picture),
        perceptual_hash(inverted),
        features,
        view_codes(features),
        thumbnail(picture),
    )


@dataclass(frozen=True)
class LanePrint:
    """What the encoders of the lanes make of a view, `float32[dimension]` each; None where the lane is
    off, or is not for that kind of design, or the picture has no mark on a ground of its own, or a
    plain one.
    """

    solid: Vectors | None = None
    mark: Vectors | None = None
    mirrored_mark: Vectors | None = None


def lane_prints_of(pixels: Picture, design_kind: str, lanes: Lanes) -> LanePrint:
    if lanes.objects and design_kind in SOLID_KINDS:
        return LanePrint(solid=lanes.objects.embed([fit(pixels)])[0])
    shape = shape_of(thumbnail(fit(pixels))) if design_kind in MARK_KINDS else None
    if lanes.marks and shape and not is_plain(shape):
        mark, mirrored = (vector_of(form, lanes.marks) for form in (shape, shape.mirrored()))
        return LanePrint(mark=mark, mirrored_mark=mirrored)
    return LanePrint()


def vector_of(shape: Shape, marks: Encoder) -> Vectors:
    """Halfway between the mark in black and its negative: how light a mark is says nothing."""
    black = on_square(shape, marks.spec.input_side, MARK_SHARE)
    both = marks.embed([black, np.asarray(255 - black, np.uint8)])
    mean = both.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)
