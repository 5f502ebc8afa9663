"""A small encoder for unit tests. It encodes a picture's coarse shades, so that similar pictures are close.

The contract suite holds it and the real encoders to the same promises.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from vision.encoders.base import EncoderSpec, Vectors
from vision.pictures.picture import Picture

SPEC = EncoderSpec(
    name="fake",
    version="1",
    dimension=48,
    input_side=4,
    licence="none",
    source="tests",
    package="tests",
    weights="none",
    weights_sha256="0" * 64,
)


class FakeEncoder:
    spec = SPEC

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        made = [self._vector(picture) for picture in pictures]
        return np.stack(made) if made else np.empty((0, self.spec.dimension), np.float32)

    def _vector(self, picture: Picture) -> Vectors:
        small = cv2.resize(picture, (4, 4), interpolation=cv2.INTER_AREA).astype(np.float32)
        centred = small.ravel() - small.mean() + 1e-3
        return np.asarray(centred / np.linalg.norm(centred), np.float32)


class OfThings(FakeEncoder):
    """Stands for an encoder of the object channel: its vectors have their own generation."""

    spec = replace(SPEC, name="fake-things")


class OfShapes(FakeEncoder):
    """Encodes where a picture has ink, whatever its colour: a picture and its negative are the same to it."""

    spec = replace(SPEC, name="fake-shapes", dimension=64, input_side=64)

    def _vector(self, picture: Picture) -> Vectors:
        small = cv2.resize(picture, (8, 8), interpolation=cv2.INTER_AREA).astype(np.float32)
        grey = small.mean(axis=2).ravel()
        ink = (grey - np.median(grey)) ** 2
        centred = ink - ink.mean() + 1e-3
        return np.asarray(centred / np.linalg.norm(centred), np.float32)
