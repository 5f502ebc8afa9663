"""A generation is a set of vectors that can be compared with each other."""

import hashlib

from vision.encoders.base import EncoderSpec

METRIC = "inner-product"


def generation_of(spec: EncoderSpec) -> str:
    """Returns 16 characters that change whenever encoder, metric or dimension change."""
    parts = (spec.name, spec.version, spec.identity, METRIC, str(spec.dimension))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
