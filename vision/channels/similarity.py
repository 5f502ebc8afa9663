"""Similarity: a number from 0 to 100, a monotone map of one pair's evidence.

Three lanes give evidence: of pictures, of solids, of marks. Each has a strength of its own and a map of
it, all fitted together so that 85 means the same; the similarity is the highest of them.

It depends on nothing else that is registered. The map is data with its provenance, made by
`manage.py calibrate`; an encoder without a calibration of its own refuses to serve.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import log, log1p
from typing import Any

from brandguard.kernel.errors import DomainError
from vision.channels.background import Background
from vision.channels.calibrations import background_path, stored_calibration
from vision.channels.channel import Lane
from vision.channels.evidence import Evidence
from vision.channels.marks import Marked
from vision.encoders.base import EncoderSpec
from vision.encoders.generation import generation_of
from vision.geometry import features

IDENTICAL = 100.0


class NotCalibrated(DomainError):
    code = "not_calibrated"


# Of the same picture, encoded anew. A picture with hardly any texture has few points to match, and
# still every cell of it is in its place; unrelated pictures never come near this cosine.
SAME_COSINE = 0.9
SAME_CELLS = 8
SAME_EXACTNESS = 0.97
ENCODED_ANEW = 97.0

SLACK = 0.05  # of a mark's shape, that pixels and blur always leave unexplained
MOST = 25  # points, and cells, beyond which more of them prove nothing more


@dataclass(frozen=True)
class Signals:
    """What similarity is made of. `cosine` beyond what ordinary pictures reach; `points` are inliers
    beyond chance, as far as the cells of the view agree with them; `cells` those in their very
    place, as far as all are: the share counts twice, as a few of many are so by chance.
    """

    cosine: float
    points: float
    cells: float

    def terms(self) -> tuple[float, float, float]:
        """Each of them in the measure in which it adds to strength."""
        return self.cosine, log1p(min(MOST, self.points)), log1p(min(MOST, self.cells))


def signals(evidence: Evidence, *, chance_inliers: int, chance_cells: float) -> Signals:
    agreement = evidence.agreement
    return Signals(
        max(0.0, evidence.cosine - evidence.floor),
        max(0, evidence.inliers - chance_inliers) * agreement.share,
        max(0.0, agreement.in_place * agreement.exactness**2 - chance_cells),
    )


@dataclass(frozen=True)
class LaneMap:
    """Of one lane beside that of pictures: for the vectors of that generation and no others."""

    generation: str
    knots: tuple[tuple[float, float], ...]
    weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class Calibration:
    """`strength` is the sum of the signals' terms, each by its weight, none of them negative;
    `knots` are (strength, similarity), both rising, with straight lines between.

    `chance_inliers` and `chance_cells` are what pictures that share nothing reach by chance.
    From `copy_exactness` on a confirmed match counts as the very picture, from `design_exactness`
    on as another picture of the design. `background` is the sha256 of the file of ordinary
    pictures that belongs to it.
    """

    name: str
    generation: str
    geometry_version: str
    weights: tuple[float, float, float]
    knots: tuple[tuple[float, float], ...]
    chance_inliers: int
    chance_cells: float
    copy_exactness: float
    design_exactness: float
    background: str
    provenance: dict[str, Any]
    objects: LaneMap | None = None
    marks: LaneMap | None = None

    @property
    def generations(self) -> set[str]:
        """Of the lanes that it knows beside that of pictures."""
        return {lane.generation for lane in (self.objects, self.marks) if lane}

    def signals(self, evidence: Evidence) -> Signals:
        return signals(evidence, chance_inliers=self.chance_inliers, chance_cells=self.chance_cells)

    def strength(self, evidence: Evidence) -> float:
        terms = self.signals(evidence).terms()
        return sum(weight * term for weight, term in zip(self.weights, terms, strict=True))

    def confirms(self, evidence: Evidence) -> bool:
        """Whether geometry alone says that both pictures show the same plane."""
        found = self.signals(evidence)
        return found.points > 0 or found.cells > 0

    def similarity(self, evidence: Evidence) -> float:
        """0..100, rounded to hundredths so that no platform's last bit shows."""
        return max(self.by_lane(evidence).values())

    def lane_of(self, evidence: Evidence) -> Lane:
        """The one that the similarity is of."""
        scored = self.by_lane(evidence)
        return max(scored, key=lambda lane: scored[lane])

    def by_lane(self, evidence: Evidence) -> dict[Lane, float]:
        """Of each lane that says anything; that of pictures first, which is taken when others equal it."""
        scored = {Lane.PICTURE: self.of_picture(evidence)}
        if self.objects and evidence.solid:
            strength = evidence.solid.strength(evidence.cosine)
            scored[Lane.OBJECT] = round(interpolate(self.objects.knots, strength), 2)
        if self.marks and evidence.mark:
            strength = mark_strength(self.marks.weights, evidence.mark)
            scored[Lane.MARK] = round(interpolate(self.marks.knots, strength), 2)
        return scored

    def of_picture(self, evidence: Evidence) -> float:
        if evidence.identical:
            return IDENTICAL
        mapped = interpolate(self.knots, self.strength(evidence))
        return round(max(mapped, ENCODED_ANEW) if encoded_anew(evidence) else mapped, 2)


def mark_terms(marked: Marked) -> tuple[float, ...]:
    """What a mark's strength is made of, each in the measure in which it adds to it: how little of the
    outlines, of the areas, is left unexplained, and the cosine.
    """
    lying = marked.lying
    return (
        -log(1 - lying.outline + SLACK),
        -log(1 - lying.overlap + SLACK),
        -log(1 - max(0.0, lying.correlation) + SLACK),
        max(0.0, marked.cosine),
    )


def mark_strength(weights: tuple[float, ...], marked: Marked) -> float:
    return sum(w * term for w, term in zip(weights, mark_terms(marked), strict=True))


def encoded_anew(evidence: Evidence) -> bool:
    agreement = evidence.agreement
    return (
        evidence.cosine >= SAME_COSINE
        and agreement.cells >= SAME_CELLS
        and agreement.exactness >= SAME_EXACTNESS
    )


def interpolate(knots: tuple[tuple[float, float], ...], x: float) -> float:
    """Straight lines between the knots, level beyond the first and the last."""
    right = bisect_right(knots, x, key=lambda knot: knot[0])
    if right == 0:
        return knots[0][1]
    if right == len(knots):
        return knots[-1][1]
    (x0, y0), (x1, y1) = knots[right - 1], knots[right]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


@lru_cache
def load_background(spec: EncoderSpec) -> Background:
    """Raises NotCalibrated when it is not the one that the calibration was made with."""
    path = background_path(spec)
    found = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    if found != load_calibration(spec).background:
        raise not_calibrated(spec)
    return Background.load(path)


@lru_cache
def load_calibration(spec: EncoderSpec) -> Calibration:
    """Raises NotCalibrated when there is none for these very weights and this geometry."""
    stored = stored_calibration(spec)
    if stored.get("generation") != generation_of(spec) or (
        stored.get("geometry_version") != features.VERSION
    ):
        raise not_calibrated(spec)
    knots = tuple((float(x), float(y)) for x, y in stored.pop("knots"))
    cosine, points, cells = map(float, stored.pop("weights"))
    objects, marks = (lane_map(stored.pop(name, None)) for name in ("objects", "marks"))
    return Calibration(
        knots=knots, weights=(cosine, points, cells), objects=objects, marks=marks, **stored
    )


def lane_map(stored: dict[str, Any] | None) -> LaneMap | None:
    if stored is None:
        return None
    knots = tuple((float(x), float(y)) for x, y in stored["knots"])
    return LaneMap(stored["generation"], knots, tuple(map(float, stored["weights"])))


def not_calibrated(spec: EncoderSpec) -> NotCalibrated:
    return NotCalibrated(
        f"The encoder {spec.name} {spec.version} has no calibration of its own.",
        remedy=f"Run: manage.py calibrate DIR --encoder {spec.name}",
        field="ENCODER",
    )
