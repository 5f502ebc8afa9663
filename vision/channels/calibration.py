"""Calibration maps evidence to similarity. Each encoder has one file, with a part for each channel.

`manage.py calibrate` writes it. An encoder without a calibration refuses to serve; a channel without a part
is off.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from brandguard.kernel.errors import DomainError
from vision.encoders.base import EncoderSpec
from vision.encoders.generation import generation_of

FOLDER = Path(__file__).resolve().parent / "calibrations"

type Knots = tuple[tuple[float, float], ...]
"""(strength, similarity), both rising, joined by straight lines."""


class NotCalibrated(DomainError):
    code = "not_calibrated"


@dataclass(frozen=True)
class ChannelCalibration:
    """Applies only to vectors of its `generation`. `weights` and `parameters` belong to the channel."""

    generation: str
    knots: Knots
    weights: tuple[float, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "ChannelCalibration":
        return cls(
            stored["generation"],
            tuple((float(x), float(y)) for x, y in stored["knots"]),
            tuple(map(float, stored["weights"])),
            dict(stored["parameters"]),
        )


@dataclass(frozen=True)
class Calibration:
    """`background` is the sha256 of the file of ordinary pictures that belongs to this calibration."""

    name: str
    geometry_version: str
    background: str
    channels: Mapping[str, ChannelCalibration]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def knows(self, channel: str, encoder: EncoderSpec) -> bool:
        """Whether the channel's part was fitted to the vectors that this encoder makes."""
        known = self.channels.get(channel)
        return known is not None and known.generation == generation_of(encoder)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


def calibration_path(spec: EncoderSpec) -> Path:
    return FOLDER / f"{spec.name}-{spec.version}.json"


def background_path(spec: EncoderSpec) -> Path:
    return calibration_path(spec).with_suffix(".npz")


def stored_calibration(spec: EncoderSpec) -> Calibration | None:
    """Returns the stored calibration, whatever the geometry version is; None where no file exists."""
    path = calibration_path(spec)
    if not path.exists():
        return None
    stored = json.loads(path.read_text())
    channels = {name: ChannelCalibration.read(part) for name, part in stored["channels"].items()}
    return Calibration(**{**stored, "channels": channels})


@lru_cache
def load_calibration(spec: EncoderSpec) -> Calibration:
    """Returns the calibration. Raises NotCalibrated if none fits this encoder and this geometry version."""
    from vision.geometry.features import VERSION  # loads OpenCV

    made = stored_calibration(spec)
    if made is None or made.geometry_version != VERSION:
        raise not_calibrated(spec)
    if generation_of(spec) not in {channel.generation for channel in made.channels.values()}:
        raise not_calibrated(spec)
    return made


def check_background(spec: EncoderSpec) -> Path:
    """Returns the path of the ordinary pictures. Raises NotCalibrated if they are not the calibration's."""
    path = background_path(spec)
    found = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    if found != load_calibration(spec).background:
        raise not_calibrated(spec)
    return path


def interpolate(knots: Knots, x: float) -> float:
    """Returns the value on the straight lines between knots, constant beyond the first and last knot."""
    right = bisect_right(knots, x, key=lambda knot: knot[0])
    if right == 0:
        return knots[0][1]
    if right == len(knots):
        return knots[-1][1]
    (x0, y0), (x1, y1) = knots[right - 1], knots[right]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def not_calibrated(spec: EncoderSpec) -> NotCalibrated:
    return NotCalibrated(
        f"The encoder {spec.name} {spec.version} has no calibration of its own.",
        remedy=f"Run: manage.py calibrate DIR --encoder {spec.name}",
        field="ENCODER",
    )
