"""Where Django finds the models of the slices; code imports them from their slice."""

from detection.delivery import models as delivery
from detection.intake import models as intake
from detection.matching import models as matching
from detection.review import models as review

__all__ = ["delivery", "intake", "matching", "review"]
