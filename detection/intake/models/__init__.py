from detection.intake.models.listing import Listing, ListingImage, Verdict
from detection.intake.models.listing_import import ImportRow, ListingImport
from detection.intake.models.rendition import Look

__all__ = ["ImportRow", "Listing", "ListingImage", "ListingImport", "Look", "Verdict"]
