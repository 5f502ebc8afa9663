from detection.models.alert import Alert
from detection.models.appeal import Appeal
from detection.models.comment import Comment
from detection.models.coverage import Coverage
from detection.models.decision import Decision, PastDecision
from detection.models.event import Event, EventType
from detection.models.listing import ImageEmbedding, Listing, ListingImage, Verdict
from detection.models.listing_import import ImportRow, ListingImport
from detection.models.look import Look
from detection.models.marketplace import Marketplace
from detection.models.match import Match, MatchKind
from detection.models.referral import Referral
from detection.models.replay import Replay
from detection.models.report import Report
from detection.models.resettlement import Resettlement
from detection.models.webhook import Attempt, Delivery, WebhookEndpoint

__all__ = [
    "Alert",
    "Appeal",
    "Attempt",
    "Comment",
    "Coverage",
    "Decision",
    "Delivery",
    "Event",
    "EventType",
    "ImageEmbedding",
    "ImportRow",
    "Listing",
    "ListingImage",
    "ListingImport",
    "Look",
    "Marketplace",
    "Match",
    "MatchKind",
    "PastDecision",
    "Referral",
    "Replay",
    "Report",
    "Resettlement",
    "Verdict",
    "WebhookEndpoint",
]
