from detection.intake.models.listing import Listing, ListingImage, Verdict
from detection.intake.models.listing_import import ImportRow, ListingImport
from detection.intake.models.rendition import Rendition

__all__ = ["ImportRow", "Listing", "ListingImage", "ListingImport", "Rendition", "Verdict"]
