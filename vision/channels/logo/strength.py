"""Strength of a logo's alignment as one number."""

from math import log

from vision.channels.logo.windows import LogoMatch

# Weight of the background score against the outline. Of 152 / 88 right logos (half 0, on which weights and limits
# were fitted, and half 1), 76.3 / 73.9% were above the limit without it, 81.6 / 76.1% with 0.15; none of 336
# unrelated listings of half 1 was. From 0.25 up, chance alignments of rich logos pass.
BACKGROUND_COUNTS = 0.15
SLACK = 0.05  # share of a logo's shape that pixels and blur always leave unexplained


def unexplained(share: float) -> float:
    """Returns how little of a share 0..1 is left unexplained, on the scale on which it adds to strength."""
    return -log(1 - share + SLACK)


def terms(match: LogoMatch) -> tuple[float, ...]:
    """Returns the terms of a logo's strength: how little of the outlines is left unexplained, beyond what
    ordinary pictures reach with this logo; how little of the areas; and the cosine. Each is on the scale on
    which it adds to strength.
    """
    alignment = match.alignment
    return (
        max(0.0, unexplained(alignment.outline) - BACKGROUND_COUNTS * match.background),
        unexplained(alignment.overlap),
        unexplained(max(0.0, alignment.correlation)),
        max(0.0, match.cosine),
    )


def strength(match: LogoMatch, weights: tuple[float, ...]) -> float:
    return sum(w * term for w, term in zip(weights, terms(match), strict=True))
