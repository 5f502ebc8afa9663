"""What kind of match it is, because the law differs."""

from detection.matching.evidence import Evidence
from detection.matching.similarity import Calibration
from detection.models import MatchKind


def match_kind(evidence: Evidence, calibration: Calibration) -> MatchKind:
    """A copy is the very picture or an edit of it; the same design another picture of it, which
    geometry confirms; all else only resembles.
    """
    if evidence.identical:
        return MatchKind.COPY
    if not calibration.confirms(evidence):
        return MatchKind.RESEMBLANCE
    if evidence.cosine >= calibration.copy_cosine:
        return MatchKind.COPY
    return MatchKind.SAME_DESIGN
