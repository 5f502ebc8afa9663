"""Estimates the share of ordinary listings that a view would match, and when that share is too high.

The drawn pictures are of many sorts, and a real design resembles none of them: none of the benchmark's
164 views resembles one, or matches one at a threshold of 70. A commonplace picture resembles 5% or more.
A much copied design is in many listings too, but those look alike. So a view is refused because of
listings only if it matches those of one seller in ten, and these listings differ from each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from detection.matching.distinctiveness.drawings import PLACES, ordinary
from detection.matching.distinctiveness.glance import Glance, glance
from vision.channels.image_features import ImageFeatures
from vision.encoders.base import Vectors
from vision.pictures.errors import ImageError
from vision.pictures.picture import Picture

MAX_DRAWN = 0.03
MAX_LISTED = 0.1
MIN_LISTED = 50  # listings, each of another seller; fewer prove nothing
CODE = "too_common"
SHOW_MORE = (
    "Register what only your design has: the logo or motif itself, once and large, or the product "
    "with its print, pattern or details."
)
SHOW_LESS = (
    "Register the product or logo alone, without a watermark, frame, badge or print that other "
    "sellers' pictures have too."
)
UNLIKE = 0.5  # median cosine of the whole pictures; unrelated photographs have at most 0.46
FIRST = PLACES[::3]  # a third of every sort, as the features of one take 0.13 s


@dataclass(frozen=True)
class Forecast:
    found: int
    of: int
    most: float
    seen: str = ""  # what the view and the others show; empty when they were matched

    @property
    def share(self) -> float:
        return self.found / self.of if self.of else 0.0

    @property
    def error(self) -> ImageError | None:
        """None while the share is no reason to refuse the view."""
        if self.share <= self.most:
            return None
        if self.seen:
            message = (
                f"An estimated {self.share:.0%} of ordinary listings show the same: {self.seen}."
            )
            return {"code": CODE, "message": message, "remedy": SHOW_MORE}
        message = f"It would match an estimated {self.share:.0%} of ordinary listings."
        return {"code": CODE, "message": message, "remedy": SHOW_LESS}


def by_glance(picture: Picture) -> Forecast:
    """Forecasts by what a person sees at a glance."""
    own = glance(picture)
    found = sum(any(own.is_like(part) for part in glances(place)) for place in PLACES)
    return Forecast(found, len(PLACES), MAX_DRAWN, own.shows)


@lru_cache(maxsize=len(PLACES))
def glances(place: int) -> tuple[Glance, ...]:
    drawn = ordinary(place)
    return tuple(glance(part) for part in (drawn.picture, drawn.overlay) if part is not None)


def by_match(
    matches: Callable[[ImageFeatures], bool], features_of: Callable[[int], ImageFeatures]
) -> Forecast:
    """Forecasts by matching drawings. If the first third has exactly one match, all are compared."""
    found = sum(matches(features_of(place)) for place in FIRST)
    if found != 1:
        return Forecast(found, len(FIRST), MAX_DRAWN)
    found += sum(matches(features_of(place)) for place in PLACES if place not in FIRST)
    return Forecast(found, len(PLACES), MAX_DRAWN)


def by_listings(found: Sequence[Vectors], of: int) -> Forecast:
    """Forecasts by matching listings of `of` sellers; `found` are the whole-picture vectors of those
    that match.
    """
    counts = of >= MIN_LISTED and differ(found)
    return Forecast(len(found) if counts else 0, of, MAX_LISTED)


def differ(vectors: Sequence[Vectors]) -> bool:
    if len(vectors) < 3:  # noqa: PLR2004 - a median needs three pictures
        return False
    likeness = np.stack(vectors) @ np.stack(vectors).T
    return float(np.median(likeness[np.triu_indices(len(vectors), 1)])) < UNLIKE
