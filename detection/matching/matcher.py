"""What this process matches with, loaded at the first listing and never by the web process."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, version

import cv2
import faiss
from django.conf import settings

from detection.matching.catalogue import DatabaseCatalogue
from detection.matching.versions import features_version, matching_version
from fingerprints.index.live import live_index
from vision.channels.encoders import NO_LANES, Lanes, load_lanes
from vision.channels.evidence import Catalogue
from vision.channels.similarity import Calibration, load_background, load_calibration
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
    """What one worker process matches with."""

    encoder: Encoder
    quick: Encoder  # of the same embedding space, for windows
    catalogue: Catalogue
    calibration: Calibration
    libraries: dict[str, str]
    lanes: Lanes = NO_LANES

    @cached_property
    def features_version(self) -> str:
        return features_version(self.encoder.spec, self.quick.spec)

    @cached_property
    def version(self) -> str:
        return matching_version(self.features_version, self.calibration, self.channels)

    @property
    def channels(self) -> set[str]:
        """Generations of those that are on beside that of pictures."""
        return {self.lanes.objects_generation, self.lanes.marks_generation} - {""}


@lru_cache
def this_process_matcher() -> Matcher:
    """Raises EncoderUnavailable, NotCalibrated."""
    # Several processes share the cores: a pool of threads in each would make all of them slower.
    cv2.setNumThreads(threads())
    faiss.omp_set_num_threads(threads())
    encoder = load_encoder(settings.ENCODER)
    calibration = load_calibration(encoder.spec)
    lanes = calibrated(load_lanes(), calibration)
    catalogue = DatabaseCatalogue(
        live_index(settings.ENCODER),
        load_background(encoder.spec),
        lanes,
        live_index(lanes.marks.spec.name) if lanes.marks else None,
    )
    return Matcher(
        encoder,
        load_windows_encoder(encoder.spec),
        catalogue,
        calibration,
        libraries(),
        lanes,
    )


def calibrated(lanes: Lanes, calibration: Calibration) -> Lanes:
    """Without a lane whose encoder the calibration does not know: its numbers would mean nothing."""
    known = calibration.generations
    return Lanes(
        lanes.objects if lanes.objects_generation in known else None,
        lanes.marks if lanes.marks_generation in known else None,
    )


def libraries() -> dict[str, str]:
    """Versions; of two distributions of one library the one that is installed."""
    found = {}
    for names in LIBRARIES:
        for name in names:
            with suppress(PackageNotFoundError):
                found[name] = version(name)
    return found
