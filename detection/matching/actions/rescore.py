"""Scores a stored match again from the stored features of its picture and its view.

A channel that retrieves by itself looks at the picture again, because nothing of that is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from detection.intake.models import Rendition
from detection.matching.matcher import Matcher
from detection.matching.models import Match
from detection.matching.results import reproduction
from detection.matching.reuse import as_features
from fingerprints.pictures.stored import FileLost, read_stored
from vision.channels.matching import Matching
from vision.channels.register import Query
from vision.channels.spec import Figures
from vision.pictures.decode import UnreadableImage
from vision.pictures.renditions import rendition_again

WITHIN = 0.5  # similarity, between machines; equal on one machine with locked versions


class CannotRescore(Exception):
    """Something that the match was computed from is gone."""


@dataclass(frozen=True)
class Rescored:
    """`changed` names each input that differs from when the match was stored, with both values."""

    stored: float
    again: float
    figures: Mapping[str, Figures]
    changed: dict[str, tuple[object, object]]

    @property
    def agrees(self) -> bool:
        return abs(self.stored - self.again) <= WITHIN


def rescore(*, match: Match, matcher: Matcher) -> Rescored:
    """Raises CannotRescore."""
    image = match.listing_image
    rendition = match.rendition or Rendition()
    embeddings = image.embeddings.filter(
        rendition=rendition.number or 0, features_version=matcher.features_version
    )
    row = embeddings.first()
    if row is None or not matcher.register.views([match.view_id]):
        raise CannotRescore(
            "The vectors of this match come from another encoder or geometry than the present one."
        )
    try:
        data = read_stored(image.file)
        decoded = rendition_again(
            data, frame=rendition.frame, ground=rendition.ground, area=rendition.area
        )
    except (FileLost, UnreadableImage) as error:
        raise CannotRescore(error.advice) from error
    query = Query(as_features(row, decoded), matcher.register)
    evidence = Matching(query, matcher.channels).evidence_for(match.view_id)
    if evidence is None:
        raise CannotRescore("The view is no longer registered.")
    now = reproduction(image, match.view.sha256, matcher)
    return Rescored(
        match.similarity,
        matcher.scoring.similarity(evidence),
        matcher.scoring.figures(evidence),
        {
            name: (old, now.get(name))
            for name, old in match.reproduction.items()
            if old != now.get(name)
        },
    )
