"""A labelled folder of pictures drawn here: packages, scenes, produce, things and marks.

No picture comes from elsewhere, so everybody may have it. Drawings are plainer than the world: the folder
shows that matching works as before, not how well it works.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests import logos
from vision.pictures.picture import Picture

WORDS = ("MORNING", "RIVER", "ORCHARD", "NORTH", "CLOVER", "HARBOUR", "SUMMIT", "MEADOW")
KINDS = ("oat flakes", "red lentils", "green tea", "apple juice", "rye bread", "sea salt")
LINES = ("energy", "fat", "sugars", "fibre", "protein", "salt", "starch", "iron", "zinc")
FONTS = (
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX | cv2.FONT_ITALIC,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)
MARKS = {"letter": logos.letter, "crescent": logos.crescent}

type Dice = np.random.Generator
type Colour = tuple[int, int, int]


def colour(dice: Dice, low: int = 20, high: int = 236) -> Colour:
    red, green, blue = (int(value) for value in dice.integers(low, high, 3))
    return red, green, blue


def clipped(made: NDArray[Any]) -> Picture:
    return np.asarray(np.clip(made, 0, 255), np.uint8)


def noise(dice: Dice, height: int, width: int) -> Picture:
    """Returns soft clouds of colour with detail at every size, as photographs have."""
    made = np.zeros((height, width, 3), np.float32)
    for side in (3, 7, 15, 40, 90):
        grid = dice.normal(0, 1, (side, side, 3)).astype(np.float32)
        clouds = cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        made += np.asarray(clouds, np.float32) * 60 / side**0.4
    return clipped(made + np.array(colour(dice, 80, 180)))


def package(seed: int) -> Picture:
    """Returns the front of a carton: name, fruit, a table and a bar code. Every brand has its own layout,
    letters and ground, and every product its own colours and print: with one layout for all brands, 55 of the
    96 rows of a run were false alerts.
    """
    brand = np.random.default_rng([1, seed // 2])
    dice = np.random.default_rng([1, 9, seed])
    made = patterned(colour(dice, 60), seed // 2)
    font = FONTS[seed // 2 % len(FONTS)]
    blocks = [name_block, fruit_block, table_block, code_block]
    heights = brand.multinomial(440 - 4 * 70, [0.25] * 4) + 70
    top = 0
    for number, tall in zip(brand.permutation(4), heights, strict=True):
        blocks[number](made[top : top + tall], seed, font, dice)
        top += tall
    return made


def patterned(ground: Colour, brand: int) -> Picture:
    made = np.full((440, 300, 3), ground, np.uint8)
    shade = tuple(round(0.8 * value) for value in ground)
    for step in range(-20, 40):
        if brand % 3 == 0:
            cv2.line(made, (step * 22, 0), (step * 22 + 200, 440), shade, 6, cv2.LINE_AA)
        elif brand % 3 == 1:
            cv2.circle(made, (150, 220), 17 * abs(step), shade, 4, cv2.LINE_AA)
    return made


def name_block(place: Picture, seed: int, font: int, dice: Dice) -> None:
    place[:] = colour(dice, 10, 120)
    left = int(dice.integers(8, 60))
    cv2.putText(place, WORDS[seed // 2], (left, 36), font, 1.1, (250, 250, 244), 2, cv2.LINE_AA)
    cv2.putText(place, KINDS[seed], (left + 9, 62), font, 0.7, (250, 220, 90), 1, cv2.LINE_AA)


def fruit_block(place: Picture, seed: int, font: int, dice: Dice) -> None:
    for _ in range(16):
        middle = (int(dice.integers(20, 280)), int(dice.integers(len(place))))
        axes = (int(dice.integers(8, 44)), int(dice.integers(6, 26)))
        cv2.ellipse(place, middle, axes, int(dice.integers(180)), 0, 360, colour(dice), -1)


def table_block(place: Picture, seed: int, font: int, dice: Dice) -> None:
    left, size = int(dice.integers(12, 120)), dice.uniform(0.36, 0.5)
    place[4:-4, left : left + 150] = (246, 246, 240)
    for number, word in enumerate(dice.permutation(LINES)[: len(place) // 15]):
        line = f"{word} {dice.uniform(0.1, 90):.1f} g"
        cv2.putText(place, line, (left + 5, 18 + 15 * number), font, size, (30, 30, 30), 1)


def code_block(place: Picture, seed: int, font: int, dice: Dice) -> None:
    width = int(dice.integers(60, 140))
    left = int(dice.integers(10, 290 - width))
    bars = np.where(dice.random(width // 2) < 0.5, 255, 0).astype(np.uint8).repeat(2)
    place[8:-8, left : left + len(bars)] = bars[None, :, None]


def scene(seed: int) -> Picture:
    """Returns a landscape with a few things in it."""
    dice = np.random.default_rng([2, seed])
    made = noise(dice, 360, 480)
    for _ in range(9):
        middle = dice.integers((0, 0), (480, 360))
        corners = middle + dice.integers(-90, 90, (int(dice.integers(3, 7)), 2))
        cv2.fillPoly(made, [corners.astype(np.int32)], colour(dice), cv2.LINE_AA)
    soft = cv2.GaussianBlur(made, (0, 0), 0.8)
    return clipped(soft + dice.normal(0, 4, soft.shape))


def produce(seed: int) -> Picture:
    """Returns a crate of round fruit."""
    dice = np.random.default_rng([3, seed])
    made = noise(dice, 300, 400)
    skin = np.array(colour(dice, 60))
    for _ in range(70):
        middle = (int(dice.integers(400)), int(dice.integers(300)))
        radius = int(dice.integers(18, 34))
        for share in (1.0, 0.8, 0.55, 0.25):
            shade = np.clip(skin * (1.35 - 0.5 * share) + dice.normal(0, 8), 0, 255)
            cv2.circle(made, middle, int(radius * share), shade.tolist(), -1, cv2.LINE_AA)
    return made


def thing(seed: int) -> Picture:
    """Returns a smooth solid on plain ground."""
    dice = np.random.default_rng([4, seed])
    made = np.full((240, 240, 3), (18, 18, 20), np.uint8)
    tint = np.array(colour(dice, 80))
    corners = np.array([120, 120]) + dice.integers(-80, 80, (8, 2))
    body = cv2.convexHull(corners.astype(np.int32))
    mask = cv2.fillPoly(np.zeros((240, 240), np.uint8), [body], 255, cv2.LINE_AA)
    light = np.linspace(0.4, 1.2, 240)[None, :, None] * (mask[..., None] / 255)
    return clipped(made * (1 - mask[..., None] / 255) + tint * light)


def mark(seed: int) -> Picture:
    """Returns a one-colour mark that nobody registered."""
    dice = np.random.default_rng([5, seed])
    made = np.full((240, 240, 3), 255, np.uint8)
    for _ in range(3):
        corners = dice.integers(30, 210, (int(dice.integers(3, 6)), 2)).astype(np.int32)
        cv2.fillPoly(made, [corners], (0, 0, 0), cv2.LINE_AA)
    cv2.circle(made, tuple(int(x) for x in dice.integers(70, 170, 2)), 30, (255, 255, 255), -1)
    return made


def in_a_shop(picture: Picture, seed: int) -> Picture:
    """Shows the package by hand: at an angle, smaller, a little blurred, before a shelf."""
    dice = np.random.default_rng([6, seed])
    made = cv2.resize(scene(70 + seed), (640, 480))
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    corner = np.array([170 + int(dice.integers(-60, 60)), 40])
    place = corners * 0.85 + corner + dice.uniform(-28, 28, (4, 2))
    homography = cv2.getPerspectiveTransform(corners, place.astype(np.float32))
    shown = cv2.warpPerspective(picture, homography, (640, 480), flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.full(picture.shape, 255, np.uint8), homography, (640, 480))
    mixed = np.where(cover > 127, shown * dice.uniform(0.75, 1.0), made)
    soft = cv2.GaussianBlur(mixed, (0, 0), 1.0) + dice.normal(0, 5, made.shape)
    return clipped(soft)


def on_a_scene(name: str, seed: int) -> Picture:
    dice = np.random.default_rng([7, seed])
    ground = cv2.resize(noise(dice, 300, 400), (480, 360))
    pale = clipped(ground * 0.4 + 150)
    return logos.placed(MARKS[name](), pale, colour(dice, 0, 90), lean=0.1)


class Writer:
    """Writes pictures and the two tables."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.designs: list[Sequence[str]] = [("design_id", "brand", "kind", "path")]
        self.listings: list[Sequence[str]] = [("path", "family", "design_id", "brand")]

    def picture(self, name: str, picture: Picture) -> str:
        Image.fromarray(picture).save(self.root / name)
        return name

    def design(self, name: str, brand: str, kind: str, picture: Picture) -> None:
        self.designs.append((name, brand, kind, self.picture(f"{name}.png", picture)))

    def listing(self, family: str, picture: Picture, design: str = "", brand: str = "") -> None:
        name = f"{family}-{len(self.listings)}.png"
        self.listings.append((self.picture(name, picture), family, design, brand))

    def tables(self) -> None:
        for name, rows in (("designs.csv", self.designs), ("listings.csv", self.listings)):
            with (self.root / name).open("w", newline="") as file:
                csv.writer(file).writerows(rows)


UNRELATED: dict[str, tuple[Callable[[int], Picture], int]] = {
    "unrelated-photo": (scene, 10),
    "unrelated-produce": (produce, 4),
    "unrelated-object": (thing, 4),
    "unrelated-mark": (mark, 6),
}


def draw_folder(root: Path) -> Path:
    """Draws the folder: 6 packages of 3 brands, 4 photographs, 2 logos, and listings."""
    writer = Writer(root)
    for number in range(6):
        name, brand, front = f"package-{number}", f"brand-{number // 2}", package(number)
        writer.design(name, brand, "packaging", front)
        writer.listing("shop-photo", in_a_shop(front, number), name, brand)
    for number in range(20, 24):  # three of these five become views
        writer.listing("shop-photo", in_a_shop(package(0), number), "package-0", "brand-0")
    for number in range(4):
        writer.design(f"photo-{number}", f"artist-{number}", "photo", scene(100 + number))
    for number, name in enumerate(MARKS):
        writer.design(name, f"{name}-owner", "logo", MARKS[name]())
        for turn in range(3):
            shown = on_a_scene(name, 10 * number + turn)
            writer.listing("logo-scene-20", shown, name, f"{name}-owner")
    for family, (drawn, count) in UNRELATED.items():
        for number in range(count):
            writer.listing(family, drawn(number))
    writer.tables()
    return root
