"""Makes pictures of shelves: designs side by side in rows, at an angle, with glare and price tags.

One picture is matched once, and each of its products is looked for.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from lab.benchmark.made.files import as_jpeg
from lab.benchmark.made.sources import flat_designs
from lab.benchmark.recipe import Made, Read
from lab.benchmark.rows import Job, Shown
from lab.calibration.folder import LabelledFolder
from vision.edits import transforms as edits
from vision.pictures.picture import Picture

ROWS = {2: 1, 3: 1, 4: 1, 6: 2, 12: 3, 24: 3}  # shelf boards by the number of products
MAX_SHELVES = 12  # pictures of each number of products
WIDTH, HEIGHT = 640, 480  # a product among 24 is about 60 pixels wide
BOARD = 0.14  # of a row's height, with the price tags
LEAN = 0.08  # of a side, that a corner moves inwards at most
GLARE = 0.55  # strength in its middle; 1 is white
GROUNDS = ((96, 88, 80), (206, 200, 190), (60, 66, 74), (178, 150, 118))


@dataclass(frozen=True)
class Shelf:
    """The designs at `paths`, from left to right and from top to bottom."""

    name: str
    paths: tuple[str, ...]

    def make(self, read: Read) -> Made:
        dice = random.Random(self.name)  # noqa: S311 - chooses positions, keeps no secret
        canvas = edits.ground(HEIGHT, WIDTH, dice.choice(GROUNDS))
        rows = ROWS[len(self.paths)]
        tall = HEIGHT // rows
        for row in range(rows):
            products = [read(path) for path in self.paths[row::rows]]
            fill(canvas[row * tall : (row + 1) * tall], products, dice)
        return Made(as_jpeg(from_aside(glare(canvas, dice), dice)))


def fill(row: Picture, products: Sequence[Picture], dice: random.Random) -> None:
    """Draws one board with its products into `row`."""
    board = round(len(row) * (1 - BOARD))
    row[board:] = dice.choice(((232, 232, 228), (40, 40, 44), (150, 116, 78)))
    wide = WIDTH // len(products)
    for number, product in enumerate(products):
        stand(row[:board, number * wide : (number + 1) * wide], product, dice)
        tag(row[board:, number * wide : (number + 1) * wide], dice)


def stand(cell: Picture, product: Picture, dice: random.Random) -> None:
    """Puts the product on the bottom of its cell, as large as it fits."""
    room_high, room_wide = cell.shape[0] - dice.randint(2, 8), cell.shape[1] - dice.randint(1, 5)
    scale = min(room_high / product.shape[0], room_wide / product.shape[1])
    tall, wide = (max(1, round(side * scale)) for side in product.shape[:2])
    left = (cell.shape[1] - wide) // 2
    cell[cell.shape[0] - tall :, left : left + wide] = edits.resize(
        product, width=wide, height=tall
    )


def tag(place: Picture, dice: random.Random) -> None:
    """Draws a price tag on the board."""
    high, wide = place.shape[:2]
    width = min(wide - 4, 3 * high)
    left = (wide - width) // 2
    cv2.rectangle(place, (left, 2), (left + width, high - 3), (255, 255, 240), -1)
    price = f"{dice.randint(1, 39)}.{dice.choice((49, 90, 95, 99))}"
    (size, _), _ = cv2.getTextSize(price, cv2.FONT_HERSHEY_SIMPLEX, 1, 2)
    scale = min(0.8 * width / size, 0.025 * high)
    at = (left + 2, round(high * 0.7))
    cv2.putText(place, price, at, cv2.FONT_HERSHEY_SIMPLEX, scale, (20, 20, 20), 1, cv2.LINE_AA)


def glare(canvas: Picture, dice: random.Random) -> Picture:
    """Adds the soft reflection of a lamp."""
    light = np.zeros((HEIGHT, WIDTH), np.float32)
    middle = (dice.randrange(WIDTH), dice.randrange(HEIGHT))
    axes = (dice.randint(WIDTH // 12, WIDTH // 5), dice.randint(HEIGHT // 20, HEIGHT // 8))
    cv2.ellipse(light, middle, axes, dice.randrange(180), 0, 360, 1.0, -1)
    light = GLARE * cv2.GaussianBlur(light, (0, 0), WIDTH / 30)[..., None]
    return edits.as_picture(canvas * (1 - light) + 255 * light)


def from_aside(canvas: Picture, dice: random.Random) -> Picture:
    """Shows the shelf at an angle: each corner moves inwards by up to LEAN of a side."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    inwards = np.array([[dice.uniform(0, LEAN), dice.uniform(0, LEAN)] for _ in corners])
    moved = np.abs(corners - inwards)
    size = np.array([WIDTH, HEIGHT])
    homography = cv2.getPerspectiveTransform(
        (corners * size).astype(np.float32), (moved * size).astype(np.float32)
    )
    return edits.as_picture(
        cv2.warpPerspective(
            canvas,
            homography,
            (WIDTH, HEIGHT),
            flags=cv2.INTER_AREA,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def shelf_jobs(folder: LabelledFolder) -> Iterator[Job]:
    designs = flat_designs(folder)
    for count in ROWS:
        for number in range(MAX_SHELVES) if len(designs) >= count else ():
            name = f"shelf-{count}/{number:02}"
            chosen = random.Random(name).sample(designs, count)  # noqa: S311 - a fixed choice
            yield Job(
                name,
                f"shelf-{count}",
                tuple(Shown(row.design_id, row.brand) for row in chosen),
                Shelf(name, tuple(row.path for row in chosen)),
            )
