"""What a stored result was made by: it is used again only where the same would be made now.

Thresholds, rights and licences are no part of it: they are asked anew for every listing. Nor are the
versions of libraries, between which similarities differ by no more than 0.5.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from django.conf import settings

from vision.channels.evidence import SEARCH_VERSION
from vision.channels.similarity import Calibration, load_calibration
from vision.encoders.base import EncoderSpec
from vision.encoders.catalogue import logo_encoder_spec, object_encoder_spec, spec_of
from vision.encoders.generation import generation_of
from vision.geometry import features
from vision.geometry.regions import REGIONS


def features_version(encoder: EncoderSpec, windows: EncoderSpec) -> str:
    """Of what is made of a picture before anything is searched for."""
    return digest([generation_of(encoder), generation_of(windows), features.VERSION, REGIONS])


def matching_version(observation: str, calibration: Calibration, channels: Iterable[str]) -> str:
    """Of what is found, but for what is registered. `channels` are the generations of those that are on
    beside that of pictures.
    """
    return digest([observation, SEARCH_VERSION, asdict(calibration), sorted(channels)])


def serving_version() -> str:
    """That of this installation, without loading an encoder. Raises EncoderUnavailable, NotCalibrated."""
    encoder = spec_of(settings.ENCODER)
    calibration = load_calibration(encoder)
    others = [spec for spec in (object_encoder_spec(), logo_encoder_spec()) if spec]
    channels = {generation_of(spec) for spec in others} & calibration.generations
    windows = spec_of(encoder.windows or encoder.name)
    return matching_version(features_version(encoder, windows), calibration, channels)


def digest(parts: object) -> str:
    said = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
