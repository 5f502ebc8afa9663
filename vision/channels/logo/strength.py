"""Strength of a logo's alignment as one number."""

from math import log

from vision.channels.logo.windows import LogoMatch

# Weight of the background score against the outline. With it the strongest of 2,030 chance alignments, of 1,795
# marks on 1,300 pictures, is 1.5 weaker, and the weakest twentieth of the right ones 1.4; a weight fitted as the
# others are would be four times as large and lift the chance alignments of rich marks above those of plain ones.
BACKGROUND_COUNTS = 0.25
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
