"""Encoders turn pictures into unit vectors; their spec names the weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from brandguard.kernel.errors import DomainError
from vision.pictures.picture import Picture

type Vectors = NDArray[np.float32]
"""`float32[n, dimension]`, each row of length 1."""


class EncoderUnavailable(DomainError):
    code = "encoder_unavailable"


@dataclass(frozen=True)
class EncoderSpec:
    """One entry of the catalogue. Any change here makes another version."""

    name: str
    version: str
    dimension: int
    input_side: int  # pixels; pictures are squashed to a square of this side
    licence: str
    source: str
    package: str  # Python package that holds the weights; empty: the folder of exported encoders
    weights: str  # file in it
    weights_sha256: str
    windows: str = ""  # encoder of the same embedding space for windows; empty: this one
    made_from: str = ""  # sha256 of the weights it was exported from; empty: of `weights` itself
    model_sha256: str = ""  # of the model that is built from the weights; empty: they are the model

    @property
    def identity(self) -> str:
        """Returns the sha256 of what determines its vectors. Two exports of the same weights differ in their
        bytes and hardly in their vectors.
        """
        return self.made_from or self.weights_sha256


class Encoder(Protocol):
    @property
    def spec(self) -> EncoderSpec: ...

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        """Returns one unit vector for each picture, in the given order; `float32[0, dimension]` for none."""
        ...
