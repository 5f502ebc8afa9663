from detection.matching.models.image_embedding import ImageEmbedding
from detection.matching.models.match import Match, MatchKind
from detection.matching.models.robustness_test import RobustnessTest

__all__ = ["ImageEmbedding", "Match", "MatchKind", "RobustnessTest"]
