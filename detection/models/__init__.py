from detection.models.alert import Alert, Decision
from detection.models.listing import ImageEmbedding, Listing, ListingImage, Verdict
from detection.models.marketplace import Marketplace
from detection.models.match import Match, MatchKind

__all__ = [
    "Alert",
    "Decision",
    "ImageEmbedding",
    "Listing",
    "ListingImage",
    "Marketplace",
    "Match",
    "MatchKind",
    "Verdict",
]
