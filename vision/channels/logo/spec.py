"""The numbers by which shapes are prepared, laid over a picture and judged."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShapeSpec:
    """Sizes and thresholds for preparing shapes and laying them over a picture."""

    side: int = 64  # pixels of a shape's side when it is laid over a picture
    max_length: float = 1.75  # most times `side` for long shapes and for thin strokes
    stroke: float = 5.0  # pixels of a stroke that the side leaves as they are
    pad: int = 8  # pixels of ground around the shape, which must be free of ink
    coarse: int = 48  # pixels of a window's side when sizes and places are tried
    fine: int = 224  # the same when the shape is moved
    skips: float = 1.6  # times as large as `fine`, from which a window's pixels are averaged
    sizes: tuple[float, ...] = (
        0.42,
        0.5,
        0.6,
        0.72,
        0.86,
    )  # of the shape's longer side, as shares of the window
    edge_blur: float = 0.8  # pixels
    half_edge: float = 60.0  # slope, as Sobel measures it, of an edge that counts half
    places: int = 2  # of each size
    colours: int = 2  # that are tried in a place
    sampled: int = 400  # pixels of a place from which its colours are taken
    # Grey levels within which a pixel has the ink's colour: once it is known, and while it is a guess.
    spread: float = 28.0
    roughly: float = 36.0
    # standard deviation in pixels by which shapes are blurred while they are moved
    soft: float = 1.2
    softer: float = 2.4
    sharpest: float = 0.5  # the least by which ink is blurred
    least_score: float = 0.25  # correlation of edges from which a placement is refined
    # correlation before moving, below which a colour is given up: 1% of the right ones start lower
    hopeless: float = 0.1
    possible: float = 0.5  # correlation after turning and stretching from which it is tilted too
    # share of the best placement's correlation from which another one is tried
    worth_it: float = 0.75
    promising: float = 0.5  # correlation after moving from which the alignment is measured
    surely_ink: float = 0.9
    surely_none: float = 0.1
    tried: int = 3  # best placements that are moved at half size
    same_place: int = 3  # pixels of the coarse window
    clear: float = 0.85  # correlation at half size from which no other placement is moved
    settled: int = 2  # of these, placements that are tilted and measured at full size
    convincing: float = 0.9  # outline agreement from which no other placement is tried
    steps: int = 14  # at half size
    last_steps: int = 12  # at full size
    gain: float = 3e-4  # correlation gained by a step, below which no further one is taken
    least_contrast: float = 40.0  # grey levels between ink and ground of a registered logo
    even: float = 1e-6  # standard deviation below which a map is constant
    inked: float = 0.5  # value from which a pixel has ink
    speck: float = 40.0  # pixels below which a part of a shape is ignored
    plain_parts: int = 2  # an outline and a hole, or two bars
    convex: float = 0.93  # share of its convex hull from which a part has no form of its own
    least_sides: float = 12.0  # how many times longer than wide a shape may be


SPEC = ShapeSpec()
