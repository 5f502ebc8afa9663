"""What a stored result was made by: it is reused only where the same would be made now.

Thresholds, rights and licences are no part of it: they are asked anew for every listing. Nor are the
versions of libraries, between which similarities differ by no more than 0.5.
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
    """Of what is made of a picture before anything is searched for."""
    return digest([generation_of(encoder), generation_of(windows), features.VERSION, REGIONS])


def matching_version(made: str, calibration: Calibration, generations: Mapping[str, str]) -> str:
    """Of what is found, but for what is registered. `made` is the features' version; `generations` are
    by channel, of those that are on.
    """
    channels = {
        name: [channel_named(name).version, generation] for name, generation in generations.items()
    }
    return digest([made, asdict(calibration), channels])


def serving_version() -> str:
    """That of this installation, without loading an encoder. Raises EncoderUnavailable, NotCalibrated."""
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
    said = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
