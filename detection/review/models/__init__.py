from detection.review.models.alert import Alert
from detection.review.models.appeal import Appeal
from detection.review.models.comment import Comment
from detection.review.models.decision import Decision, PastDecision
from detection.review.models.escalation import Escalation
from detection.review.models.reassessment import Reassessment
from detection.review.models.report import Report

__all__ = [
    "Alert",
    "Appeal",
    "Comment",
    "Decision",
    "Escalation",
    "PastDecision",
    "Reassessment",
    "Report",
]
