"""A picture that is no listing's, matched as one: nothing of it is kept."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from detection.matching.matcher import Matcher
from fingerprints.models import DesignImage
from vision.channels.evidence import Catalogue, ViewClaim, find
from vision.channels.image_features import extract_features
from vision.pictures.decode import Decoded


class Alone:
    """A catalogue as if nothing but some views were registered: what others have registered takes
    no place from them. All else is asked of the catalogue itself.
    """

    def __init__(self, catalogue: Catalogue, views: set[UUID]) -> None:
        self._catalogue = catalogue
        self._views = views

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    def identical(self, pixel_sha256: str) -> list[UUID]:
        return [view for view in self._catalogue.identical(pixel_sha256) if view in self._views]

    def claims_of(self, fingerprints: Iterable[int]) -> dict[int, ViewClaim]:
        claims = self._catalogue.claims_of(fingerprints)
        return {number: claim for number, claim in claims.items() if claim.view in self._views}


def strongest_of(
    views: QuerySet[DesignImage], decoded: Decoded, matcher: Matcher
) -> tuple[float, DesignImage] | None:
    """Of these views, the similarity and the view; None where the search finds none of them."""
    seen = extract_features(decoded, matcher.encoder, matcher.quick)
    of = {view.pk: view for view in views}
    alone = cast("Catalogue", Alone(matcher.catalogue, set(of)))
    scored = [
        (matcher.calibration.similarity(evidence), of[view.image])
        for view, evidence in find(seen, alone, matcher.lanes)
        if view.image in of
    ]
    return max(scored, key=lambda one: one[0], default=None)
