"""A picture that is no listing's, matched as one: nothing of it is kept."""

from django.db.models import QuerySet

from detection.actions.match import Matcher
from detection.matching.evidence import find
from detection.matching.observation import observe
from fingerprints.images.decode import Decoded
from fingerprints.models import DesignImage


def strongest_of(
    views: QuerySet[DesignImage], decoded: Decoded, matcher: Matcher
) -> tuple[float, DesignImage] | None:
    """Of these views, the similarity and the view; None where the search finds none of them."""
    seen = observe(decoded, matcher.encoder, matcher.quick)
    found = {
        view.image: evidence for view, evidence in find(seen, matcher.catalogue, matcher.lanes)
    }
    scored = [
        (matcher.calibration.similarity(found[view.pk]), view)
        for view in views.filter(pk__in=found)
    ]
    return max(scored, key=lambda one: one[0], default=None)
