"""What kind of match it is, because the law differs."""

from detection.matching.evidence import Evidence
from detection.matching.similarity import Calibration
from detection.models import MatchKind


def match_kind(evidence: Evidence, calibration: Calibration) -> MatchKind:
    """A copy is the very picture or an edit of it: its cells are in their very places. The same
    design is another picture of it, most of which geometry finds again. All else only resembles,
    so also another product that bears the same mark.
    """
    if evidence.identical:
        return MatchKind.COPY
    if not calibration.confirms(evidence):
        return MatchKind.RESEMBLANCE
    if evidence.agreement.exactness >= calibration.copy_exactness:
        return MatchKind.COPY
    if evidence.agreement.share >= calibration.design_share:
        return MatchKind.SAME_DESIGN
    return MatchKind.RESEMBLANCE
