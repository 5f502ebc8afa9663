"""Makes long detail pictures: a design once among other pictures in one column, as marketplaces show goods."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lab.benchmark.made.files import as_jpeg
from lab.benchmark.made.sources import flat_designs, ordinary, spread
from lab.benchmark.recipe import Made, Read
from lab.benchmark.rows import Job, Shown
from lab.calibration.folder import LabelledFolder
from vision.edits import transforms as edits
from vision.pictures.picture import Picture

RATIOS = (4, 8, 14, 30, 60)  # height by width
WIDTH = 600  # pixels
MAX_LONG = 24  # designs of each ratio: one picture of ratio 60 takes as long as many others
GROUNDS = ((255, 255, 255), (244, 240, 230), (232, 232, 232), (24, 24, 24), (196, 30, 40))
GAPS = (0, 0, 12, 40, 90)  # pixels between two pictures; without a gap their edges touch
WIDTHS = (1.0, 1.0, 0.9, 0.7)  # of the column that one picture takes
TALLEST = 1.5  # height of one picture by the column's width


@dataclass(frozen=True)
class Long:
    """The design at `path` among pictures of `fillers`, which are repeated where they are too few."""

    ratio: int
    path: str
    fillers: tuple[str, ...]

    def make(self, read: Read) -> Made:
        dice = random.Random(f"long {self.ratio} {self.path}")  # noqa: S311 - chooses positions
        ground = dice.choice(GROUNDS)
        design = band(read(self.path), ground, dice)
        free = self.ratio * WIDTH - len(design)
        others = column(self.fillers, free, ground, dice, read)
        place = dice.randint(0, len(others))
        parts = [*others[:place], design, *others[place:]]
        return Made(as_jpeg(np.vstack(parts)))


def band(picture: Picture, ground: tuple[int, int, int], dice: random.Random) -> Picture:
    """Returns the picture across the column, with a gap above."""
    height, width = picture.shape[:2]
    wide = round(min(WIDTH * dice.choice(WIDTHS), TALLEST * WIDTH * width / height))
    tall = round(height * wide / width)
    gap = dice.choice(GAPS)
    out = edits.ground(tall + gap, WIDTH, ground)
    left = (WIDTH - wide) // 2
    out[gap:, left : left + wide] = edits.resize(picture, width=wide, height=tall)
    return out


def column(
    fillers: Sequence[str],
    height: int,
    ground: tuple[int, int, int],
    dice: random.Random,
    read: Read,
) -> list[Picture]:
    """Returns bands that together have that height; the last one is cut off."""
    order = list(fillers)
    dice.shuffle(order)
    bands: list[Picture] = []
    left = height
    while left > 0:
        made = band(read(order[len(bands) % len(order)]), ground, dice)[:left]
        bands.append(made)
        left -= len(made)
    return bands


def long_jobs(folder: LabelledFolder) -> Iterator[Job]:
    fillers = tuple(ordinary(folder))
    for row in spread(flat_designs(folder), MAX_LONG) if fillers else ():
        for ratio in RATIOS:
            recipe = Long(ratio, row.path, fillers)
            yield Job(row.path, f"long-{ratio}", (Shown(row.design_id, row.brand),), recipe)
