"""The numbers by which shapes are prepared, laid over a picture and judged."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShapeSpec:
    """Sizes and thresholds for preparing shapes and laying them over a picture."""

    side: int = 64  # pixels of a shape's side when it is laid over a picture
    max_length: float = 1.75  # factor on `side` for the longest shapes, which have thin strokes
    pad: int = 8  # pixels of ground around the shape, which must be free of ink
    coarse: int = 56  # pixels of a window's side when sizes and places are tried
    mapped: int = 112  # the same when its colours are mapped
    fine: int = 160  # the same when the shape is moved
    sizes: tuple[float, ...] = (
        0.42,
        0.5,
        0.6,
        0.72,
        0.86,
    )  # of the shape's longer side, as shares of the window
    colours: int = 8
    sampled: int = 3  # every third pixel along each side is sampled for the window's colours
    # Grey levels within which a pixel has the ink's colour: once it is known, and while it is a guess.
    spread: float = 28.0
    roughly: float = 36.0
    # standard deviation in pixels by which shapes are blurred while they are moved
    soft: float = 1.2
    softer: float = 2.4
    grain: float = 0.08  # noise under the maps: any shape would correlate with an even one
    least_score: float = 0.25  # correlation from which a placement is refined
    possible: float = 0.35  # correlation after turning and stretching from which it is tilted too
    # share of the best placement's correlation from which another one is tried
    worth_it: float = 0.8
    promising: float = 0.45  # correlation after moving from which the alignment is measured
    surely_ink: float = 0.9
    moved: int = 2  # best placements that are refined
    convincing: float = 0.9  # outline agreement from which no other placement is tried
    steps: int = 30
    least_contrast: float = 40.0  # grey levels between ink and ground of a registered logo
    even: float = 1e-6  # standard deviation below which a map is constant
    inked: float = 0.5  # value from which a pixel has ink
    speck: float = 40.0  # pixels below which a part of a shape is ignored
    plain_parts: int = 2  # an outline and a hole, or two bars
    convex: float = 0.93  # share of its convex hull from which a part has no form of its own
    least_sides: float = 12.0  # how many times longer than wide a shape may be


SPEC = ShapeSpec()
