"""Labelled pairs of objects and logos whose truth is known."""

import numpy as np

from tests.matchers import evidence
from tests.vision.channels.scenes import alignment, object_match
from vision.channels.fitting import Pair, Truth
from vision.channels.logo.windows import LogoMatch
from vision.geometry.regions import WHOLE


def logo_match(outline: float, overlap: float) -> LogoMatch:
    aligned = alignment(outline=outline, overlap=overlap, correlation=overlap)
    return LogoMatch(0.7, WHOLE, aligned, mirrored=False)


def pairs(of: int = 60, strongest: float = 0.6, unrelated: int = 400) -> list[Pair]:
    """So many related pairs of each channel; `strongest` is how well outlines of other logos agree."""
    dice = np.random.default_rng(1)

    def thing(number: int, low: float, high: float, truth: Truth) -> Pair:
        cosine, colours, likeness = dice.uniform(low, high, 3).tolist()
        match = object_match(likeness, cosine, colours)
        said = evidence(match.likeness, object=match)
        return Pair("turntable-30", number, said.findings, truth)

    def sign(number: int, low: float, high: float, truth: Truth) -> Pair:
        said = evidence(0.1, logo=logo_match(*dice.uniform(low, high, 2).tolist()))
        return Pair("logo-scene-8", number, said.findings, truth)

    return [
        *(thing(n, 1.05, 1.6, Truth.RELATED) for n in range(of)),
        *(thing(1000 + n, 0.2, 0.7, Truth.UNRELATED) for n in range(unrelated)),
        *(sign(2000 + n, 0.85, 1.0, Truth.RELATED) for n in range(of)),
        *(sign(3000 + n, 0.2, strongest, Truth.UNRELATED) for n in range(unrelated)),
    ]
