"""Versions of stored results: a result is reused only if matching would produce the same one now.

Thresholds, rights and licences are not part of a version, because they are read for every listing.
Nor are versions of libraries, between which similarities differ by at most 0.5.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from django.conf import settings

from vision.channels.calibration import Calibration, load_calibration
from vision.channels.registry import channel_named, models
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import spec_of
from vision.encoders.generation import generation_of
from vision.geometry import features
from vision.geometry.regions import REGIONS


def features_version(encoder: EncoderSpec, windows: EncoderSpec) -> str:
    """Returns the version of the features, which are computed before any search."""
    return digest([generation_of(encoder), generation_of(windows), features.VERSION, REGIONS])


def matching_version(
    features_digest: str, calibration: Calibration, generations: Mapping[str, str]
) -> str:
    """Returns the version of all that a result depends on except the register. `features_digest`
    is the version of the features; `generations` has the channels that are on.
    """
    channels = {
        name: [channel_named(name).version, generation] for name, generation in generations.items()
    }
    return digest([features_digest, asdict(calibration), channels])


def serving_version() -> str:
    """Returns this installation's matching version without loading an encoder.

    Raises EncoderUnavailable, NotCalibrated.
    """
    encoder = spec_of(settings.ENCODER)
    calibration = load_calibration(encoder)
    generations = {
        name: generation_of(model)
        for name, model in models().items()
        if calibration.knows(name, model)
    }
    windows = spec_of(encoder.windows or encoder.name)
    return matching_version(features_version(encoder, windows), calibration, generations)


def digest(parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
