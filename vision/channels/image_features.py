"""Features of a listing picture: vectors, local features and hash, computed once and kept.

All channels share them. A channel that needs more of the picture makes it in `describe`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vision.encoders.base import Encoder, Vectors
from vision.geometry.features import SPEC, LocalFeatures, extract
from vision.geometry.regions import REGIONS, Region, cut
from vision.pictures.decode import Decoded
from vision.pictures.hashes import perceptual_hash
from vision.pictures.picture import Picture
from vision.pictures.resize import fit
from vision.stages import stage


@dataclass(frozen=True)
class ImageFeatures:
    """`vectors` is `float32[len(regions), dimension]`, the whole picture first; `picture` has
    working size. `local` are the points that count most, and `all_local` all of them; None where features
    are stored.
    """

    pixel_sha256: str
    perceptual_hash: int
    regions: tuple[Region, ...]
    vectors: Vectors
    local: LocalFeatures
    picture: Picture
    all_local: LocalFeatures | None = None

    @cached_property
    def all_points(self) -> LocalFeatures:
        """Returns all points of the picture at the size at which it is compared."""
        if self.all_local is not None:
            return self.all_local
        with stage("local features"):
            return extract(self.picture)


def extract_features(decoded: Decoded, encoder: Encoder, quick: Encoder) -> ImageFeatures:
    """Extracts all features. `quick` embeds the windows: it shares the embedding space and is cheaper; it
    may be less exact, because ten vectors vote.
    """
    working = fit(decoded.pixels)
    with stage("perceptual hash"):
        hashed = perceptual_hash(working)
    with stage("embed"):
        windows = quick.embed([cut(working, region) for region in REGIONS[1:]])
        vectors = np.concatenate([encoder.embed([working]), windows])
    with stage("local features"):
        every = extract(working)
    local = every.first(SPEC.listing_points)
    return ImageFeatures(decoded.pixel_sha256, hashed, REGIONS, vectors, local, working, every)
