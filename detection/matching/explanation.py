"""Where the match is, on both pictures."""

from detection.matching.evidence import Evidence
from fingerprints.geometry.polygons import WHOLE, Polygon, matching_region


def polygons(evidence: Evidence, *, confirmed: bool) -> tuple[Polygon, Polygon]:
    """The matching region on the listing's picture and on the view as it was registered.

    Without confirmed geometry: the window that was nearest, and the whole view.
    """
    if evidence.identical:
        return WHOLE, WHOLE
    if evidence.geometry is None or not confirmed:
        return evidence.region.polygon(), WHOLE
    on_listing, on_variant = matching_region(evidence.geometry.homography)
    return on_listing, as_registered(on_variant, evidence.variant)


def as_registered(on_variant: Polygon, variant: str) -> Polygon:
    if variant != "mirrored":
        return on_variant
    return [(round(1 - x, 4), y) for x, y in on_variant]
