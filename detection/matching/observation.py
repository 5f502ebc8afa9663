"""What is made of a listing's picture once, and kept: vectors, local features, hash."""

from dataclasses import dataclass

import numpy as np

from detection.matching.regions import REGIONS, Region, cut
from detection.matching.stages import stage
from fingerprints.encoders.base import Encoder, Vectors
from fingerprints.geometry.features import LocalFeatures, extract
from fingerprints.images.decode import Decoded, Picture
from fingerprints.images.hashes import perceptual_hash
from fingerprints.images.resize import fit


@dataclass(frozen=True)
class Observation:
    """`vectors float32[len(regions), dimension]`, the whole picture first; `picture` at working
    size.
    """

    pixel_sha256: str
    perceptual_hash: int
    regions: tuple[Region, ...]
    vectors: Vectors
    features: LocalFeatures
    picture: Picture


def observe(decoded: Decoded, encoder: Encoder, quick: Encoder) -> Observation:
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
        features = extract(working)
    return Observation(decoded.pixel_sha256, hashed, REGIONS, vectors, features, working)
