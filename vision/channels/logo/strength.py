"""From the alignment of a logo to one number."""

from math import log

from vision.channels.logo.windows import LogoMatch

SLACK = 0.05  # of a logo's shape, that pixels and blur always leave unexplained


def terms(match: LogoMatch) -> tuple[float, ...]:
    """What a logo's strength is made of, each in the measure in which it adds to it: how little of the
    outlines, of the areas, is left unexplained, and the cosine.
    """
    alignment = match.alignment
    return (
        -log(1 - alignment.outline + SLACK),
        -log(1 - alignment.overlap + SLACK),
        -log(1 - max(0.0, alignment.correlation) + SLACK),
        max(0.0, match.cosine),
    )


def strength(match: LogoMatch, weights: tuple[float, ...]) -> float:
    return sum(w * term for w, term in zip(weights, terms(match), strict=True))
