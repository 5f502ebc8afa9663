"""The background score of a logo: how well its shape lies on ordinary pictures.

A few bars lie on many things, a dragon on none. The same agreement therefore means less for a plain logo than for
a rich one. The normalisation cohort is a set of windows that show nothing registered; it belongs to the
calibration, so a logo's score does not depend on what else is registered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from vision.channels.calibration import FOLDER
from vision.channels.logo.alignment import align, placements
from vision.channels.logo.ink import Window, window_of
from vision.channels.logo.shapes import Shape
from vision.channels.logo.strength import unexplained
from vision.encoders.base import EncoderSpec, Vectors
from vision.pictures.picture import Picture

LOOKED_AT = 32  # windows nearest to a logo that its shape is laid over
STRONGEST = 4  # of these, windows whose mean evidence is the background score
# Weight of the first look against the outline. Alone, the first look tells marks that were found by chance from
# others as well as the outline does (area under the curve 0.96 and 0.89), and it is never zero.
PROMISE_COUNTS = 2.0
SCALE = 127  # the byte that stores 1


@dataclass(frozen=True)
class Cohort:
    """`vectors float32[windows, dimension]`; `pictures` are the same windows as WebP."""

    vectors: Vectors
    pictures: Sequence[bytes]

    def score(self, shape: Shape, original: Vectors, mirrored: Vectors) -> float:
        """Returns the mean evidence of the strongest chance alignments; 0 without windows."""
        if not len(self.vectors):
            return 0.0
        likeness = self.vectors @ np.stack([original, mirrored]).T
        nearest = np.argsort(-likeness.max(axis=1), kind="stable")[:LOOKED_AT].tolist()
        found = [
            self.evidence(
                shape.mirrored if likeness[number].argmax() else shape,
                number,
                float(likeness[number].max()),
            )
            for number in nearest
        ]
        strongest = np.sort(np.array(found), axis=0)[-STRONGEST:]
        return float(strongest.mean(axis=0).sum())

    def evidence(self, shape: Shape, number: int, cosine: float) -> tuple[float, float]:
        """Returns what the first look promises, and how well the shape is laid; each on the scale on which it
        adds to the score.
        """
        places = placements(shape, self.window(number))
        promise = cosine + max((place.score for place in places), default=0.0)
        alignment = align(shape, places)
        return PROMISE_COUNTS * promise, unexplained(alignment.outline) if alignment else 0.0

    def window(self, number: int) -> Window:
        return decoded_window(self.pictures[number])

    def save(self, path: Path) -> None:
        """Stores one byte a coordinate, and the pictures one after the other, in NumPy's open format."""
        ends = np.cumsum([len(picture) for picture in self.pictures])
        with path.open("wb") as file:
            np.savez(
                file,
                vectors=np.round(self.vectors * SCALE).astype(np.int8),
                pictures=np.frombuffer(b"".join(self.pictures), np.uint8),
                ends=ends,
            )

    @classmethod
    def load(cls, path: Path) -> "Cohort":
        with np.load(path, allow_pickle=False) as stored:
            whole, ends = stored["pictures"].tobytes(), stored["ends"].tolist()
            vectors = stored["vectors"].astype(np.float32) / np.float32(SCALE)
        starts = [0, *ends[:-1]]
        return cls(vectors, [whole[start:end] for start, end in zip(starts, ends, strict=True)])


NO_COHORT = Cohort(np.empty((0, 1), np.float32), ())


def cohort_path(spec: EncoderSpec) -> Path:
    return FOLDER / f"{spec.name}-{spec.version}.npz"


@lru_cache
def load_cohort(spec: EncoderSpec) -> Cohort:
    """Returns the cohort of the encoder; an encoder without one normalises nothing."""
    path = cohort_path(spec)
    return Cohort.load(path) if path.exists() else NO_COHORT


@lru_cache(maxsize=1024)
def decoded_window(picture: bytes) -> Window:
    return window_from(as_pixels(picture))


def window_from(pixels: Picture) -> Window:
    return window_of(pixels, 0, 0, pixels.shape[1])


def as_pixels(picture: bytes) -> Picture:
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(decoded, np.uint8)[:, :, ::-1])
