"""Similarity and match kind of a verified pair."""

from dataclasses import dataclass
from math import log1p

from vision.channels.calibration import ChannelCalibration, interpolate
from vision.channels.copy.verification import CopyMatch
from vision.channels.spec import MatchKind


@dataclass(frozen=True)
class StrengthSpec:
    """Limits for a re-encoded copy. A picture with hardly any texture has few points to match, and still all
    its patches are in place; unrelated pictures never come near this cosine.
    """

    same_cosine: float = 0.9
    same_patches: int = 8
    same_ratio: float = 0.97
    encoded_anew: float = 97.0  # least similarity of a re-encoded copy
    # Cosine beyond the background score from which patches count without points beyond chance: things of one
    # shape on a plain ground have up to 25 of 62 patches in place, and at most 0.1. Of 1,325 related pairs only 3
    # logos in scenes have patches in place, no points and less likeness than this.
    likeness: float = 0.2
    most_counted: int = 25  # points, and patches, beyond which more of them prove nothing more


SPEC = StrengthSpec()
EQUAL_PIXELS = 100.0


@dataclass(frozen=True)
class Signals:
    """The parts of similarity. `cosine` counts above the background score. `points` are inliers beyond
    chance, scaled by the share of the view's patches that agree. `patches` are those in place, scaled by
    their share: the share counts twice, because a few of many agree by chance. They count only where points
    beyond chance or likeness say that the place is right.
    """

    cosine: float
    points: float
    patches: float

    def terms(self) -> tuple[float, float, float]:
        """Returns each signal on the scale on which it adds to strength."""
        most = SPEC.most_counted
        return self.cosine, log1p(min(most, self.points)), log1p(min(most, self.patches))


def signals(match: CopyMatch, *, chance_inliers: float, chance_patches: float) -> Signals:
    agreement = match.agreement
    cosine = max(0.0, match.cosine - match.background_score)
    points = max(0, match.inliers - chance_inliers) * agreement.share
    in_place = agreement.in_place * agreement.in_place_ratio**2 - chance_patches
    is_placed = points > 0 or cosine >= SPEC.likeness
    return Signals(cosine, points, max(0.0, in_place) if is_placed else 0.0)


def signals_of(match: CopyMatch, calibration: ChannelCalibration) -> Signals:
    known = calibration.parameters
    return signals(
        match, chance_inliers=known["chance_inliers"], chance_patches=known["chance_patches"]
    )


def strength(match: CopyMatch, calibration: ChannelCalibration) -> float:
    """Returns the weighted sum of the signals' terms; no weight is negative."""
    terms = signals_of(match, calibration).terms()
    return sum(weight * term for weight, term in zip(calibration.weights, terms, strict=True))


def similarity(match: CopyMatch, calibration: ChannelCalibration) -> float:
    if match.identical:
        return EQUAL_PIXELS
    mapped = interpolate(calibration.knots, strength(match, calibration))
    return round(max(mapped, SPEC.encoded_anew) if encoded_anew(match) else mapped, 2)


def encoded_anew(match: CopyMatch) -> bool:
    agreement = match.agreement
    return (
        match.cosine >= SPEC.same_cosine
        and agreement.patches >= SPEC.same_patches
        and agreement.in_place_ratio >= SPEC.same_ratio
    )


def confirms(match: CopyMatch, calibration: ChannelCalibration) -> bool:
    """Whether geometry alone shows that both pictures show the same plane."""
    found = signals_of(match, calibration)
    return found.points > 0 or found.patches > 0


def match_kind(match: CopyMatch, calibration: ChannelCalibration) -> MatchKind:
    """Returns the kind. A copy is the same picture or an edit of it: its patches are in place. Another
    picture of the same design has some of them in place; another product with the same logo hardly ever has.
    Everything else is a resemblance, and so is all but the same picture of a view with hardly anything on it: a
    blue disc lies on a red one as its copy would.
    """
    if match.identical:
        return MatchKind.COPY
    if not confirms(match, calibration) or (match.has_little and not encoded_anew(match)):
        return MatchKind.RESEMBLANCE
    if match.agreement.in_place_ratio >= calibration.parameters["copy_ratio"]:
        return MatchKind.COPY
    if match.agreement.in_place_ratio >= calibration.parameters["design_ratio"]:
        return MatchKind.SAME_DESIGN
    return MatchKind.RESEMBLANCE
