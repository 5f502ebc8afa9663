"""Strength of a logo's alignment as one number."""

from math import log

from vision.channels.logo.windows import LogoMatch

SLACK = 0.05  # share of a logo's shape that pixels and blur always leave unexplained


def terms(match: LogoMatch) -> tuple[float, ...]:
    """Returns the terms of a logo's strength: how little of the outlines and of the areas is left
    unexplained, and the cosine, each on the scale on which it adds to strength.
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
