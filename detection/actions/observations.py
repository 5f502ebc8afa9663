"""Observations that were made before, from what was stored of them."""

import numpy as np

from detection.matching.observation import Observation
from detection.matching.regions import Region
from detection.models import ImageEmbedding
from fingerprints.geometry import features
from fingerprints.geometry.features import LocalFeatures
from fingerprints.images.decode import Decoded
from fingerprints.images.resize import fit


def remembered(decoded: Decoded, generation: str) -> Observation | None:
    """What was made of these very pixels: the same picture sent again is not embedded again."""
    same = ImageEmbedding.objects.filter(
        image__pixel_sha256=decoded.pixel_sha256,
        generation=generation,
        geometry_version=features.VERSION,
    )
    row = same.select_related("image").first()
    return as_observation(row, decoded) if row else None


def as_observation(row: ImageEmbedding, decoded: Decoded) -> Observation:
    vectors = np.frombuffer(row.vectors, "<f4").reshape(len(row.regions), -1)
    return Observation(
        decoded.pixel_sha256,
        row.image.perceptual_hash or 0,
        tuple(Region(*sides) for sides in row.regions),
        vectors.astype(np.float32),
        LocalFeatures.from_bytes(bytes(row.features)),
        fit(decoded.pixels),
    )
