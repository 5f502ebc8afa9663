"""What kind of match it is, because the law differs."""

from enum import StrEnum

from vision.channels.channel import Lane
from vision.channels.evidence import Evidence
from vision.channels.similarity import Calibration


class MatchKind(StrEnum):
    COPY = "copy"
    SAME_DESIGN = "same_design"
    RESEMBLANCE = "resemblance"


def match_kind(evidence: Evidence, calibration: Calibration) -> MatchKind:
    """A copy is the very picture or an edit of it: its cells are in their very places. The same
    design is another picture of it: some are, as they hardly ever are of another product that
    bears the same mark. A mark whose shape lies on the listing's ink is the same mark. All else only
    resembles.
    """
    if evidence.identical:
        return MatchKind.COPY
    if calibration.lane_of(evidence) == Lane.MARK:
        return MatchKind.SAME_DESIGN
    if not calibration.confirms(evidence):
        return MatchKind.RESEMBLANCE
    if evidence.agreement.exactness >= calibration.copy_exactness:
        return MatchKind.COPY
    if evidence.agreement.exactness >= calibration.design_exactness:
        return MatchKind.SAME_DESIGN
    return MatchKind.RESEMBLANCE
