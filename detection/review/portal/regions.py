"""The other matches in the picture of a match, so that a reviewer sees what else the picture shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from accounts.models.person import Person
from detection.matching.models import Match, MatchKind
from detection.review.models import Alert

MAX_BESIDE = 12  # matches beside the one in question; more outlines hide the picture

type Polygon = Sequence[Sequence[float]]
"""Corners in order, x and y in normalised coordinates (0..1)."""


@dataclass(frozen=True)
class Beside:
    """Another match in the same picture, with its regions there and the alert on whose page it is shown."""

    number: int
    match: Match
    alert: Alert
    regions: Sequence[Polygon]


def regions_of(match: Match) -> list[Polygon]:
    """Returns every region of the match in its picture, the best one first."""
    return [match.listing_polygon, *match.further_polygons]


def beside(match: Match, user: Person) -> list[Beside]:
    """Returns the other matches in the picture that raise an alert which the user may see, strongest first.

    Several views of one design find the same product: in each place of a design only the strongest is told.
    """
    alerts = alerts_of(match, user)
    taken: dict[UUID, list[Polygon]] = {match.view.design_id: regions_of(match)}
    found: list[Beside] = []
    for other in matches_beside(match, list(alerts)):
        design = other.view.design
        known = taken.setdefault(design.pk, [])
        regions = list(apart(regions_of(other), known))
        if regions and len(found) < MAX_BESIDE:
            known += regions
            found.append(Beside(len(found) + 1, other, alerts[design.brand_id], regions))
    return found


def alerts_of(match: Match, user: Person) -> dict[UUID, Alert]:
    """Returns the alerts on the listing that the user may see, by brand."""
    listing = match.listing_image.listing_id
    return {
        alert.brand_id: alert for alert in Alert.objects.visible_to(user).filter(listing=listing)
    }


def matches_beside(match: Match, brands: Sequence[UUID]) -> QuerySet[Match]:
    rows = Match.objects.filter(
        listing_image=match.listing_image_id,
        rendition=match.rendition_id,
        view__design__brand__in=brands,
        similarity__gte=F("view__design__brand__review_threshold"),
    ).exclude(match_kind=MatchKind.RESEMBLANCE)
    return rows.exclude(pk=match.pk).select_related("view__design__brand").best_first()


def apart(regions: Sequence[Polygon], known: Sequence[Polygon]) -> Iterator[Polygon]:
    """Yields the regions whose middle lies in none of those known."""
    for region in regions:
        if region and not any(contains(other, middle(region)) for other in known):
            yield region


def middle(polygon: Polygon) -> tuple[float, float]:
    return (
        sum(corner[0] for corner in polygon) / len(polygon),
        sum(corner[1] for corner in polygon) / len(polygon),
    )


def contains(polygon: Polygon, point: tuple[float, float]) -> bool:
    """Whether a convex polygon contains the point: it lies on the same side of every edge."""
    x, y = point
    edges = zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)
    sides = [(x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) for (x1, y1), (x2, y2) in edges]
    return bool(sides) and (min(sides) >= 0 or max(sides) <= 0)
