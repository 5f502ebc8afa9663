"""Similarity: a number from 0 to 100, a monotone map of one pair's evidence.

It depends on nothing else that is registered. The map is data with its provenance, made by
`manage.py calibrate`; an encoder without a calibration of its own refuses to serve.
"""

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import log1p
from pathlib import Path
from typing import Any

from brandguard.faults import Fault
from detection.matching.evidence import Evidence
from fingerprints.encoders.base import EncoderSpec
from fingerprints.encoders.generation import generation_of
from fingerprints.geometry import features

FOLDER = Path(__file__).resolve().parent.parent / "calibration"
IDENTICAL = 100.0


class NotCalibrated(Fault):
    code = "not_calibrated"


@dataclass(frozen=True)
class Calibration:
    """`strength = cosine_weight * cosine + inlier_weight * ln(1 + inliers beyond the spurious)`,
    neither weight negative; `knots` are (strength, similarity), both rising, with straight lines
    between.

    `spurious_inliers` is what pictures that share nothing reach by chance: geometry is confirmed
    by more than that. From `copy_cosine` on a confirmed match counts as the very picture.
    """

    name: str
    generation: str
    geometry_version: str
    cosine_weight: float
    inlier_weight: float
    knots: tuple[tuple[float, float], ...]
    spurious_inliers: int
    copy_cosine: float
    provenance: dict[str, Any]

    def strength(self, cosine: float, inliers: int) -> float:
        beyond = max(0, inliers - self.spurious_inliers)
        return self.cosine_weight * cosine + self.inlier_weight * log1p(beyond)

    def confirms(self, evidence: Evidence) -> bool:
        """Whether geometry alone says that both pictures show the same plane."""
        return evidence.inliers > self.spurious_inliers

    def similarity(self, evidence: Evidence) -> float:
        """0..100, rounded to hundredths so that no platform's last bit shows."""
        if evidence.identical:
            return IDENTICAL
        strength = self.strength(evidence.cosine, evidence.inliers)
        return round(interpolate(self.knots, strength), 2)


def interpolate(knots: tuple[tuple[float, float], ...], x: float) -> float:
    """Straight lines between the knots, level beyond the first and the last."""
    right = bisect_right(knots, x, key=lambda knot: knot[0])
    if right == 0:
        return knots[0][1]
    if right == len(knots):
        return knots[-1][1]
    (x0, y0), (x1, y1) = knots[right - 1], knots[right]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def calibration_path(spec: EncoderSpec) -> Path:
    return FOLDER / f"{spec.name}-{spec.version}.json"


@lru_cache
def load_calibration(spec: EncoderSpec) -> Calibration:
    """Raises NotCalibrated when there is none for these very weights and this geometry."""
    path = calibration_path(spec)
    stored = json.loads(path.read_text()) if path.exists() else {}
    if stored.get("generation") != generation_of(spec) or (
        stored.get("geometry_version") != features.VERSION
    ):
        raise NotCalibrated(
            f"The encoder {spec.name} {spec.version} has no calibration of its own.",
            remedy=f"Run: manage.py calibrate DIR --encoder {spec.name}",
            field="ENCODER",
        )
    knots = tuple((float(x), float(y)) for x, y in stored.pop("knots"))
    return Calibration(knots=knots, **stored)
