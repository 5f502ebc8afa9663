"""From the signs of one pair to its strength."""

from dataclasses import dataclass

from vision.channels.calibration import ChannelCalibration
from vision.channels.object.spec import COLOURS, POINTS

DOZENS = 10  # points, so that all signs are of one size


@dataclass(frozen=True)
class ObjectMatch:
    """`likeness` is the cosine of copy detection and `cosine` that of the object encoder, each with what other
    objects reach. `points` are local features in common, `colours` the share of colours in common, and
    `tinted` the share of the less coloured picture that is not grey.
    """

    likeness: float
    cosine: float
    points: int = 0
    colours: float = 0.0
    tinted: float = 1.0
    likeness_background: float = 0.0
    cosine_background: float = 0.0

    @property
    def signs(self) -> tuple[float, float, float, float]:
        """Returns how far each sign is beyond chance; more is stronger."""
        beyond = min(POINTS.enough, max(0, self.points - POINTS.chance))
        return (
            self.likeness - self.likeness_background,
            self.cosine - self.cosine_background,
            beyond / DOZENS,
            max(0.0, self.colours - COLOURS.ordinary) * self.tinted,
        )


def strength(finding: ObjectMatch, calibration: ChannelCalibration) -> float:
    pairs = zip(calibration.weights, finding.signs, strict=True)
    return sum(weight * sign for weight, sign in pairs)
