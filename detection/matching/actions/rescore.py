"""A stored match once more, from what was stored of its picture and its view: nothing is embedded, but
for a match of a lane, which kept no vectors.
"""

from dataclasses import dataclass

from detection.intake.models import Rendition
from detection.matching.actions.match_listing import reproduction
from detection.matching.matcher import Matcher
from detection.matching.models import Match
from detection.matching.reuse import as_features
from fingerprints.pictures.stored import FileLost, read_stored
from vision.channels.channel import Lane
from vision.channels.evidence import Evidence, in_the_lanes, nearest, weigh
from vision.pictures.decode import UnreadableImage
from vision.pictures.renditions import rendition_again

WITHIN = 0.5  # similarity, between machines; on one machine with locked versions it is equal


class CannotRescore(Exception):
    """What the match was made of is no longer all there."""


@dataclass(frozen=True)
class Rescored:
    """`changed` names what differs now from what made the stored number, with both values."""

    stored: float
    again: float
    evidence: Evidence
    changed: dict[str, tuple[object, object]]

    @property
    def agrees(self) -> bool:
        return abs(self.stored - self.again) <= WITHIN


def rescore(*, match: Match, matcher: Matcher) -> Rescored:
    """Raises CannotRescore."""
    image = match.listing_image
    rendition = match.rendition or Rendition()
    made = image.embeddings.filter(
        rendition=rendition.number or 0, features_version=matcher.features_version
    )
    row = made.first()
    views = matcher.catalogue.views([match.view_id])
    if row is None or not views:
        raise CannotRescore(
            "The vectors of this match are of another encoder or geometry than serves now."
        )
    try:
        data = read_stored(image.file)
        decoded = rendition_again(data, frame=rendition.frame, ground=rendition.ground)
    except (FileLost, UnreadableImage) as fault:
        raise CannotRescore(fault.advice) from fault
    same = bool(match.view.pixel_sha256) and decoded.pixel_sha256 == match.view.pixel_sha256
    seen = as_features(row, decoded)
    evidence = weigh(seen, views[0], identical=same)
    if match.lane != Lane.PICTURE:
        # Nothing of a lane is stored but what it said: its encoder looks at the picture again.
        near = nearest(seen, matcher.catalogue)
        found = in_the_lanes(seen, near, matcher.catalogue, matcher.lanes)
        evidence = found.beside(evidence, views[0])
    now = reproduction(image, match.view.sha256, matcher)
    return Rescored(
        match.similarity,
        matcher.calibration.similarity(evidence),
        evidence,
        {
            name: (old, now.get(name))
            for name, old in match.reproduction.items()
            if old != now.get(name)
        },
    )
