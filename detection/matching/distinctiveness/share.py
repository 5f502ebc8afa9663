"""A forecast: which share of ordinary listings a view would be found in, and when that is too much.

The drawn pictures are of many sorts, and a real design is like none: of the 164 views of the bench
not one is like, or at a threshold of 70 matches, a single one of them; a commonplace picture is like
5% of them or more. A design that is much copied is in many listings too, but they show the same:
what is refused for the listings that it is in must be in those of one seller in ten, and in such as
do not look like each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from detection.matching.distinctiveness.drawings import PLACES, ordinary
from detection.matching.distinctiveness.glance import Glance, glance
from vision.channels.image_features import ImageFeatures
from vision.encoders.base import Vectors
from vision.pictures.decode import Picture
from vision.pictures.errors import ImageError

MAX_DRAWN = 0.03
MAX_LISTED = 0.1
FEWEST_LISTED = 50  # of as many sellers; below that nothing follows
CODE = "too_common"
SHOW_MORE = (
    "Register what only yours has: the mark or motif itself, once and large, or the product with its "
    "print, pattern or details."
)
SHOW_LESS = (
    "Register the product or mark alone, without a watermark, frame, badge or print that other "
    "sellers' pictures have too."
)
UNLIKE = 0.5  # median cosine of the whole pictures; unrelated photographs have 0.46 at most
FIRST = PLACES[::3]  # of every sort a third: observing one takes 0.13 s


@dataclass(frozen=True)
class Forecast:
    found: int
    of: int
    most: float
    seen: str = ""  # what the view shows that others do too; empty when it was matched

    @property
    def share(self) -> float:
        return self.found / self.of if self.of else 0.0

    @property
    def error(self) -> ImageError | None:
        """None while the share is no reason to refuse the view."""
        if self.share <= self.most:
            return None
        if self.seen:
            said = f"An estimated {self.share:.0%} of ordinary listings show the same: {self.seen}."
            return {"code": CODE, "message": said, "remedy": SHOW_MORE}
        said = f"It would match an estimated {self.share:.0%} of ordinary listings."
        return {"code": CODE, "message": said, "remedy": SHOW_LESS}


def by_glance(picture: Picture) -> Forecast:
    """By what a person sees of it at a glance."""
    seen = glance(picture)
    found = sum(any(seen.is_like(part) for part in glances(place)) for place in PLACES)
    return Forecast(found, len(PLACES), MAX_DRAWN, seen.shows)


@lru_cache(maxsize=len(PLACES))
def glances(place: int) -> tuple[Glance, ...]:
    drawn = ordinary(place)
    return tuple(glance(part) for part in (drawn.picture, drawn.overlay) if part is not None)


def by_match(
    matches: Callable[[ImageFeatures], bool], observed: Callable[[int], ImageFeatures]
) -> Forecast:
    """By matching, with what is drawn. A single match of the first third leaves it open."""
    found = sum(matches(observed(place)) for place in FIRST)
    if found != 1:
        return Forecast(found, len(FIRST), MAX_DRAWN)
    found += sum(matches(observed(place)) for place in PLACES if place not in FIRST)
    return Forecast(found, len(PLACES), MAX_DRAWN)


def by_listings(found: Sequence[Vectors], of: int) -> Forecast:
    """By matching, with listings: `found` are the vectors of the whole pictures that it matches,
    of `of` sellers.
    """
    counts = of >= FEWEST_LISTED and differ(found)
    return Forecast(len(found) if counts else 0, of, MAX_LISTED)


def differ(vectors: Sequence[Vectors]) -> bool:
    if len(vectors) < 3:  # noqa: PLR2004 - three pictures that show different things
        return False
    likeness = np.stack(vectors) @ np.stack(vectors).T
    return float(np.median(likeness[np.triu_indices(len(vectors), 1)])) < UNLIKE
