"""What the copy channel computes once for each view, at enrolment, at no cost for listings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brandguard.kernel.messages import gettext_noop
from vision.channels.background import Background
from vision.channels.channel import INVERTED, ORIGINAL, ViewDescription, ViewVector
from vision.channels.copy import NAME
from vision.channels.register import View
from vision.encoders.base import Encoder, Vectors
from vision.geometry.agreement import textured_patches, thumbnail
from vision.geometry.codes import view_codes
from vision.geometry.features import LocalFeatures, extract_view
from vision.pictures.colours import Colours, colours_of
from vision.pictures.encode import from_png, to_png
from vision.pictures.errors import ImageError
from vision.pictures.hashes import perceptual_hash
from vision.pictures.picture import Picture
from vision.pictures.resize import fit

# Below either number a copy is confirmed only if it was not edited: a plain disc has 25 points, a drawn
# silhouette some more; of the 190 views of the bench 9 logos have fewer than 26.
FEW_POINTS = 26
FEW_PATCHES = 6
TOO_LITTLE: ImageError = {
    "code": "too_little_to_match_on",
    "message": gettext_noop(
        "There is too little in this picture to match on: edited copies may go unnoticed, and those that are "
        "found count as a resemblance."
    ),
    "remedy": gettext_noop("Add a larger view, or one that shows print, pattern or detail."),
}


@dataclass(frozen=True)
class CopyView:
    """`vector` is of the picture and `negative` of its negative, `float32[dimension]`. `thumbnail` is as
    vision.geometry.agreement defines it. `background_score` is the cosine that ordinary pictures reach with
    the view (background.py).

    A mirrored and three rotated pictures were once enrolled as well. Measured without them, the right design
    is as often among the first eight in every edit family and more often first for shop photographs (81%
    against 74%), with an index of a third of the size. The negative is needed: without it 38% of inverted
    pictures find their design.
    """

    vector: Vectors
    negative: Vectors
    features: LocalFeatures
    thumbnail: Picture
    background_score: float = 0.0

    @cached_property
    def has_little(self) -> bool:
        """Whether there is too little on it to confirm an edited copy."""
        few = self.features.parts[0] < FEW_POINTS
        return few or textured_patches(self.thumbnail) < FEW_PATCHES

    @cached_property
    def colours(self) -> Colours:
        return colours_of(self.thumbnail)


def copy_view(view: View) -> CopyView:
    """Returns the copy channel's description of the view, which other channels may read."""
    found: CopyView = view.described[NAME]
    return found


def describe_view(picture: Picture, encoder: Encoder, background: Background) -> ViewDescription:
    fitted = fit(picture)
    inverted = np.asarray(255 - fitted, np.uint8)
    vector, negative = encoder.embed([fitted, inverted])
    features, small = extract_view(fitted), thumbnail(fitted)
    view = CopyView(vector, negative, features, small, background.score(vector, negative))
    return ViewDescription(
        vectors=(
            ViewVector(
                ORIGINAL,
                vector,
                perceptual_hash(fitted),
                features.to_bytes(),
                view_codes(features).to_bytes(),
                to_png(small),
            ),
            ViewVector(INVERTED, negative, perceptual_hash(inverted)),
        ),
        view=view,
        warnings=[TOO_LITTLE] if view.has_little else [],
    )


def load_view(vectors: Mapping[str, ViewVector], background: Background) -> CopyView | None:
    if not {ORIGINAL, INVERTED} <= vectors.keys():
        return None
    original, inverted = vectors[ORIGINAL], vectors[INVERTED]
    return CopyView(
        original.vector,
        inverted.vector,
        LocalFeatures.from_bytes(original.features),
        from_png(original.thumbnail),
        background.score(original.vector, inverted.vector),
    )
