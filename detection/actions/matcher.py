"""What this process matches with, loaded at the first listing and never by the web process."""

from functools import lru_cache
from importlib.metadata import version

import cv2
import faiss
from django.conf import settings

from detection.actions.catalogue import DatabaseCatalogue
from detection.actions.match import Matcher
from detection.matching.similarity import load_background, load_calibration
from fingerprints.encoders.catalogue import load_encoder, load_windows_encoder
from fingerprints.encoders.onnx import threads
from fingerprints.index.live import live_index

LIBRARIES = ("numpy", "onnxruntime", "opencv-python-headless", "pillow", "faiss-cpu")


@lru_cache
def this_process_matcher() -> Matcher:
    """Raises EncoderUnavailable, NotCalibrated."""
    # Several processes share the cores: a pool of threads in each would make all of them slower.
    cv2.setNumThreads(threads())
    faiss.omp_set_num_threads(threads())
    encoder = load_encoder(settings.ENCODER)
    return Matcher(
        encoder,
        load_windows_encoder(encoder.spec),
        DatabaseCatalogue(live_index(settings.ENCODER), load_background(encoder.spec)),
        load_calibration(encoder.spec),
        {name: version(name) for name in LIBRARIES},
    )
