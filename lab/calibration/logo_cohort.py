"""Chooses the normalisation cohort of the logo channel from pictures in which nothing is registered.

Most windows of most pictures are near to no logo at all. Kept are those that are nearest to many of the shapes
that we draw, as these are where a registered logo will be found by chance.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from lab.training.logo_pictures import composed, distinct, drawn
from vision.channels.logo.channel import SPEC
from vision.channels.logo.cohort import Cohort
from vision.channels.logo.ink import cut_out
from vision.channels.logo.shapes import Shape, on_square
from vision.channels.logo.windows import square_around, windows
from vision.encoders.base import Encoder, Vectors
from vision.geometry.regions import Region
from vision.pictures.picture import Picture

DRAWN, COMPOSED = 1_000, 500  # shapes that choose the windows
NEAREST = 4  # windows that each shape chooses
OF_A_PICTURE = 8
KEPT = 1_000
SIDE_KEPT = 160  # pixels
QUALITY = 45  # of WebP: 2 KB a window

type Report = Callable[[str, int, int], None]


def build(pictures: Sequence[Picture], encoder: Encoder, report: Report) -> Cohort:
    """Returns the KEPT windows that most shapes are nearest to, at most OF_A_PICTURE of each picture."""
    found = [
        (number, region, vector)
        for number, picture in enumerate(pictures)
        for region, vector in embedded(picture, encoder, report, number, len(pictures))
    ]
    vectors = np.stack([vector for _, _, vector in found])
    votes: Counter[int] = Counter()
    for shape in shape_vectors(encoder):
        votes.update(np.argsort(-(vectors @ shape))[:NEAREST].tolist())
    chosen: list[int] = []
    taken: Counter[int] = Counter()
    for number, _ in votes.most_common():
        if taken[found[number][0]] < OF_A_PICTURE and len(chosen) < KEPT:
            taken[found[number][0]] += 1
            chosen.append(number)
    kept = [stored(pictures[found[number][0]], found[number][1]) for number in chosen]
    return Cohort(vectors[chosen], kept)


def embedded(
    picture: Picture, encoder: Encoder, report: Report, number: int, of: int
) -> list[tuple[Region, Vectors]]:
    report("embedding windows", number + 1, of)
    found = list(windows(picture, encoder.spec.input_side))
    vectors = encoder.embed([cut for _, cut in found])
    return [(region, vector) for (region, _), vector in zip(found, vectors, strict=True)]


def shape_vectors(encoder: Encoder) -> Vectors:
    """Returns the vectors of drawn shapes, made as those of registered logos."""
    dice = random.Random(0)  # noqa: S311 - the same shapes each time
    simple = distinct(drawn(DRAWN, dice))
    masks = [*simple, *distinct(composed(simple, COMPOSED, dice))]
    black = [
        on_square(
            Shape(np.asarray(mask / 255, np.float32), np.eye(3)),
            encoder.spec.input_side,
            SPEC.share,
        )
        for mask in masks
    ]
    both = encoder.embed(black) + encoder.embed([np.asarray(255 - one, np.uint8) for one in black])
    return np.asarray(both / np.linalg.norm(both, axis=1, keepdims=True), np.float32)


def stored(picture: Picture, region: Region) -> bytes:
    left, top, side = map(round, square_around(region, picture))
    pixels = cv2.resize(
        cut_out(picture, left, top, side), (SIDE_KEPT, SIDE_KEPT), interpolation=cv2.INTER_AREA
    )
    _, data = cv2.imencode(".webp", pixels[:, :, ::-1], [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    return data.tobytes()
