"""Fits the copy channel's part of a calibration to labelled pairs. Pure arithmetic.

1. A logistic regression without negative weights joins cosine, points and patches, each beyond what
   unrelated pictures reach by chance, into one strength.
2. The strengths of unrelated listings follow an exponential tail, which carries the false-alert rate from
   the few measured views to `VIEWS`. At 85 its upper end is `FALSE_ALERTS`.
3. A re-encoded copy of the same picture scores 97 or more: 19 in 20 of these lie above the knot at 97.
"""

from collections.abc import Sequence

import numpy as np

from vision.channels.calibration import ChannelCalibration
from vision.channels.copy import NAME
from vision.channels.copy.strength import signals
from vision.channels.copy.verification import CopyMatch
from vision.channels.fitting import (
    FALSE_ALERTS,
    Pair,
    Truth,
    check_rising,
    fit_weights,
    judged,
    rounded,
    strongest_per_listing,
    tail_quantile,
)

VIEWS = 10_000  # enrolled views for which the false-alert rate is stated
CHANCE_INLIERS = 1 / 10_000  # share of unrelated pairs that may have more
# the same for patches: plain grounds and round logos lie well on each other
CHANCE_PATCHES = 1 / 1000
# Share of a brand's other products that may be called the registered design, by such a tail. Five in a
# hundred are allowed; a calibration sees products of only a few brands, and those of others are nearer.
SIBLINGS = 0.005

OTHER_PICTURES = ("shop-photo", "turntable")


def fit(measured: Sequence[Pair], *, generation: str, views: int) -> ChannelCalibration:
    """Returns the fit; `views` were enrolled when the pairs were measured. Raises ValueError."""
    pairs = judged(measured)
    related = np.array([pair.truth == Truth.RELATED for pair in pairs])
    check_families(pairs)
    inliers, patches = chance(pairs)
    matrix = np.array(
        [
            signals(match_of(pair), chance_inliers=inliers, chance_patches=patches).terms()
            for pair in pairs
        ]
    )
    weights = fit_weights(matrix, related)
    strengths = matrix @ np.array(weights)
    listings = np.array([pair.listing for pair in pairs])
    unrelated = strongest_per_listing(listings[~related], strengths[~related])
    reencoded = related & np.array([pair.family == "edit-jpeg-85" for pair in pairs])
    knots = [
        (0.0, 0.0),
        (float(np.quantile(unrelated, 0.95)), 50.0),
        (tail_quantile(unrelated, FALSE_ALERTS * views / VIEWS), 85.0),
        (float(np.quantile(strengths[reencoded], 0.05)), 97.0),
        (float(strengths[related].max()), 100.0),
    ]
    check_rising(knots)
    copies = split_copies(pairs)
    siblings = split_siblings(measured, chance_inliers=inliers, chance_patches=patches)
    return ChannelCalibration(
        generation,
        rounded(knots),
        weights,
        {
            "chance_inliers": inliers,
            "chance_patches": round(patches, 4),
            "copy_ratio": round(copies, 4),
            "design_ratio": round(min(siblings, copies), 4),
        },
    )


def match_of(pair: Pair) -> CopyMatch:
    found: CopyMatch = pair.findings[NAME]
    return found


def check_families(pairs: Sequence[Pair]) -> None:
    present = {pair.family for pair in pairs if pair.truth == Truth.RELATED}
    if missing := {"edit-jpeg-85", "shop-photo"} - present:
        raise ValueError(f"The folder has no pairs of the families {', '.join(sorted(missing))}.")
    if all(pair.truth == Truth.RELATED for pair in pairs):
        raise ValueError("The folder has no unrelated listings.")


def chance(pairs: Sequence[Pair]) -> tuple[int, float]:
    """Returns the inliers and patches that unrelated pictures reach by chance."""
    found = [match_of(pair) for pair in pairs if pair.truth == Truth.UNRELATED]
    inliers = np.array([match.inliers for match in found])
    patches = np.array([m.agreement.in_place * m.agreement.in_place_ratio**2 for m in found])
    return (
        int(np.quantile(inliers, 1 - CHANCE_INLIERS, method="higher")),
        float(np.quantile(patches, 1 - CHANCE_PATCHES)),
    )


def split_copies(pairs: Sequence[Pair]) -> float:
    """Returns the in-place ratio that best separates edits of the picture from other pictures of the
    product.
    """
    right = [pair for pair in pairs if pair.truth == Truth.RELATED and match_of(pair).geometry]
    ratios = np.array([match_of(pair).agreement.in_place_ratio for pair in right])
    copies = np.array([pair.family.startswith("edit-") for pair in right])
    others = np.array([pair.family.startswith(OTHER_PICTURES) for pair in right])
    tried = np.linspace(0, 1, 201)
    separated = [(ratios[copies] >= t).mean() + (ratios[others] < t).mean() for t in tried]
    return float(tried[int(np.argmax(separated))])


def split_siblings(pairs: Sequence[Pair], *, chance_inliers: int, chance_patches: float) -> float:
    """Returns the in-place ratio that only SIBLINGS of the brand's other products reach; 0 without any."""
    best: dict[int, float] = {}
    for pair in pairs:
        if pair.truth == Truth.SIBLING:
            match = match_of(pair)
            found = signals(match, chance_inliers=chance_inliers, chance_patches=chance_patches)
            confirmed = found.points > 0 or found.patches > 0
            ratio = match.agreement.in_place_ratio if confirmed else 0.0
            best[pair.listing] = max(ratio, best.get(pair.listing, 0.0))
    return tail_quantile(np.array(list(best.values())), SIBLINGS) if best else 0.0
