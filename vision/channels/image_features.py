"""What is made of every listing picture once, and kept: vectors, local features, hash.

All channels may use it; what else a channel needs of the picture it makes in `describe`.
"""

from dataclasses import dataclass

import numpy as np

from vision.encoders.base import Encoder, Vectors
from vision.geometry.features import LocalFeatures, extract
from vision.geometry.regions import REGIONS, Region, cut
from vision.pictures.decode import Decoded, Picture
from vision.pictures.hashes import perceptual_hash
from vision.pictures.resize import fit
from vision.stages import stage


@dataclass(frozen=True)
class ImageFeatures:
    """`vectors float32[len(regions), dimension]`, the whole picture first; `picture` at working
    size.
    """

    pixel_sha256: str
    perceptual_hash: int
    regions: tuple[Region, ...]
    vectors: Vectors
    local: LocalFeatures
    picture: Picture


def extract_features(decoded: Decoded, encoder: Encoder, quick: Encoder) -> ImageFeatures:
    """`quick` embeds the windows: of the same embedding space, and cheaper, as it may be less
    exact where ten vectors vote.
    """
    working = fit(decoded.pixels)
    with stage("perceptual hash"):
        hashed = perceptual_hash(working)
    with stage("embed"):
        windows = quick.embed([cut(working, region) for region in REGIONS[1:]])
        vectors = np.concatenate([encoder.embed([working]), windows])
    with stage("local features"):
        local = extract(working)
    return ImageFeatures(decoded.pixel_sha256, hashed, REGIONS, vectors, local, working)
