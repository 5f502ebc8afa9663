"""What is made of a listing's picture once, and kept: vectors, local features, hash."""

from dataclasses import dataclass

from detection.matching.regions import REGIONS, Region, cut
from detection.matching.stages import stage
from fingerprints.encoders.base import Encoder, Vectors
from fingerprints.geometry.features import LISTING_POINTS, LocalFeatures, extract
from fingerprints.images.decode import Decoded
from fingerprints.images.hashes import perceptual_hash
from fingerprints.images.resize import fit


@dataclass(frozen=True)
class Observation:
    """`vectors float32[len(regions), dimension]`, the whole picture first."""

    pixel_sha256: str
    perceptual_hash: int
    regions: tuple[Region, ...]
    vectors: Vectors
    features: LocalFeatures


def observe(decoded: Decoded, encoder: Encoder) -> Observation:
    """About 0.25 s on one core with `sscd`, nearly all of it in the encoder."""
    working = fit(decoded.pixels)
    with stage("perceptual hash"):
        hashed = perceptual_hash(working)
    with stage("embed"):
        vectors = encoder.embed([cut(working, region) for region in REGIONS])
    with stage("local features"):
        features = extract(working, most=LISTING_POINTS)
    return Observation(decoded.pixel_sha256, hashed, REGIONS, vectors, features)
