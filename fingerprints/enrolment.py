"""What is computed of a view once, at enrolment, so that it is free for every listing."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fingerprints.encoders.base import Encoder, Vectors
from fingerprints.geometry.features import VIEW_POINTS, LocalFeatures, extract
from fingerprints.images.decode import Picture
from fingerprints.images.hashes import perceptual_hash
from fingerprints.images.resize import fit
from fingerprints.models import Fingerprint

Variant = Fingerprint.Variant

# SIFT does not see that a mirrored or inverted picture is the same: these variants bring their own
# features. Turned pictures share those of the original.
OWN_FEATURES = (Variant.ORIGINAL, Variant.MIRRORED, Variant.INVERTED)


@dataclass(frozen=True)
class VariantPrint:
    variant: Fingerprint.Variant
    vector: Vectors  # float32[dimension]
    features: LocalFeatures | None
    perceptual_hash: int


def prints_of(pixels: Picture, encoder: Encoder) -> list[VariantPrint]:
    """Every variant of a view; about a quarter of a second on one core."""
    altered = dict(variants_of(fit(pixels)))
    vectors = encoder.embed(list(altered.values()))
    return [
        VariantPrint(
            variant,
            vector,
            extract(picture, most=VIEW_POINTS) if variant in OWN_FEATURES else None,
            perceptual_hash(picture),
        )
        for (variant, picture), vector in zip(altered.items(), vectors, strict=True)
    ]


def variants_of(picture: Picture) -> Iterator[tuple[Fingerprint.Variant, Picture]]:
    yield Variant.ORIGINAL, picture
    yield Variant.MIRRORED, np.ascontiguousarray(picture[:, ::-1])
    yield Variant.INVERTED, np.asarray(255 - picture, np.uint8)
    yield Variant.TURNED_90, np.ascontiguousarray(np.rot90(picture, 1))
    yield Variant.TURNED_180, np.ascontiguousarray(np.rot90(picture, 2))
    yield Variant.TURNED_270, np.ascontiguousarray(np.rot90(picture, 3))
