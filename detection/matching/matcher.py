"""Everything a worker process matches with. It is loaded at the first listing, never by the web process."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, version

import cv2
import faiss
from django.conf import settings

from detection.matching.register import DatabaseRegister
from detection.matching.versions import features_version, matching_version
from fingerprints.index.live import live_index
from vision.channels.calibration import Calibration, load_calibration
from vision.channels.matching import Scoring
from vision.channels.register import Register
from vision.channels.registry import Channels, calibrated, generation, load_channels
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_encoder, load_windows_encoder
from vision.encoders.onnx import threads

LIBRARIES = (
    ("numpy",),
    ("onnxruntime", "onnxruntime-gpu"),
    ("opencv-python-headless",),
    ("pillow",),
    ("faiss-cpu", "faiss-gpu"),
)


@dataclass(frozen=True)
class Matcher:
    """`encoder` embeds a listing's picture, and `quick`, an encoder of the same embedding space, embeds
    its windows.
    """

    encoder: Encoder
    quick: Encoder
    register: Register
    scoring: Scoring
    libraries: dict[str, str]

    @property
    def channels(self) -> Channels:
        return self.scoring.channels

    @property
    def calibration(self) -> Calibration:
        return self.scoring.calibration

    @cached_property
    def generations(self) -> dict[str, str]:
        """Returns the generation of the searched vectors by channel."""
        return {name: generation(channel) for name, channel in self.channels.items()}

    @cached_property
    def features_version(self) -> str:
        return features_version(self.encoder.spec, self.quick.spec)

    @cached_property
    def version(self) -> str:
        return matching_version(self.features_version, self.calibration, self.generations)


@lru_cache
def this_process_matcher() -> Matcher:
    """Raises EncoderUnavailable, NotCalibrated."""
    # Several processes share the cores: a thread pool in each would slow all of them down.
    cv2.setNumThreads(threads())
    faiss.omp_set_num_threads(threads())
    encoder = load_encoder(settings.ENCODER)
    calibration = load_calibration(encoder.spec)
    channels = calibrated(load_channels(), calibration)
    indexes = {
        name: live_index(channel.encoder.spec)
        for name, channel in channels.items()
        if channel.spec.is_searched
    }
    return Matcher(
        encoder,
        load_windows_encoder(encoder.spec),
        DatabaseRegister(channels, indexes),
        Scoring(channels, calibration),
        libraries(),
    )


def libraries() -> dict[str, str]:
    """Returns versions by distribution; of two distributions of one library, the installed one."""
    versions = {}
    for names in LIBRARIES:
        for name in names:
            with suppress(PackageNotFoundError):
                versions[name] = version(name)
    return versions
