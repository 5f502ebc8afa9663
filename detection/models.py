"""Lets Django find the models of the slices; code imports a model from its slice."""

from detection.delivery import models as delivery
from detection.intake import models as intake
from detection.matching import models as matching
from detection.review import models as review

__all__ = ["delivery", "intake", "matching", "review"]
