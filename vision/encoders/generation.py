"""A generation: vectors that can be compared with each other."""

import hashlib

from vision.encoders.base import EncoderSpec

METRIC = "inner-product"


def generation_of(spec: EncoderSpec) -> str:
    """16 characters that differ whenever encoder, metric or dimension do."""
    parts = (spec.name, spec.version, spec.identity, METRIC, str(spec.dimension))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
