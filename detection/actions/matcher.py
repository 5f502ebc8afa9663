"""What this process matches with, loaded at the first listing and never by the web process."""

from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

import cv2
import faiss
from django.conf import settings

from detection.actions.catalogue import DatabaseCatalogue
from detection.actions.match import Matcher
from detection.matching.similarity import Calibration, load_background, load_calibration
from fingerprints.encoders.catalogue import load_encoder, load_windows_encoder
from fingerprints.encoders.lanes import Lanes, load_lanes
from fingerprints.encoders.onnx import threads
from fingerprints.index.live import live_index

LIBRARIES = (
    ("numpy",),
    ("onnxruntime", "onnxruntime-gpu"),
    ("opencv-python-headless",),
    ("pillow",),
    ("faiss-cpu", "faiss-gpu"),
)


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
