"""Draws the ordinary pictures that marketplaces are full of; they are the same at every start.

They show blank pages, paper, print, codes, plain goods, and scenes under a stock agency's watermark.
A design that matches them would match everybody's listings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.edits.transforms import as_picture, border, collage, ground, rotate, screenshot
from vision.pictures.picture import Picture

type Dice = np.random.Generator
type Colour = tuple[int, int, int]
type Outline = NDArray[np.float64]
"""`float64[n, 2]`: corners as x and y in normalised coordinates."""

SIDE = 400  # pixels; local features enlarge smaller pictures to this
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
INK: Colour = (40, 42, 48)
PAPERS: tuple[Colour, ...] = (WHITE, (250, 248, 240), (228, 228, 230), (255, 252, 225))
PLAIN: tuple[Colour, ...] = (
    WHITE, (250, 248, 240), (205, 205, 208), (12, 12, 14), (128, 128, 130), (196, 164, 120),
)  # fmt: skip
WORDS = (
    "size", "colour", "price", "stock", "delivery", "about", "please", "note", "in", "the", "item", "of", "our", "new", "with", "by", "and", "made", "for", "cotton", "return", "days", "free", "order", "shop", "from", "all", "this", "will", "not", "are", "used",
)  # fmt: skip
MARKS = ("STOCK PHOTO", "SAMPLE", "PREVIEW", "WATERMARK", "COPYRIGHT", "STOCK")
PLAIN_FONT, SERIF = cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX
FONTS = (PLAIN_FONT, cv2.FONT_HERSHEY_DUPLEX, SERIF)


@dataclass(frozen=True)
class Pen:
    size: float
    ink: Colour = INK
    font: int = PLAIN_FONT


def light(dice: Dice) -> Colour:
    return colour(dice, 150, 255)


def strong(dice: Dice) -> Colour:
    return colour(dice, 10, 235)


def colour(dice: Dice, low: int, high: int) -> Colour:
    red, green, blue = dice.integers(low, high, 3).tolist()
    return red, green, blue


def words(dice: Dice, count: int) -> str:
    return " ".join(dice.choice(WORDS, count))


def paper(dice: Dice) -> Picture:
    return ground(SIDE, SIDE, PAPERS[dice.integers(len(PAPERS))])


def write(picture: Picture, text: str, at: tuple[int, int], pen: Pen) -> None:
    thick = max(1, round(pen.size * 2))
    cv2.putText(picture, text, at, pen.font, pen.size, pen.ink, thick, cv2.LINE_AA)


def blank(dice: Dice, number: int) -> Picture:
    picture = ground(SIDE, SIDE, PLAIN[number % len(PLAIN)])
    grain = dice.normal(0, 2, picture.shape) * (number % 2)
    return as_picture(np.clip(picture + grain, 0, 255))


def gradient(dice: Dice, number: int) -> Picture:
    """Draws a gradient from side to side, from top to bottom or from the middle outwards, as
    photographers light a background.
    """
    y, x = np.mgrid[0 : 1 : SIDE * 1j, 0 : 1 : SIDE * 1j]
    way = (x, y, np.hypot(x - 0.5, y - 0.5) * 1.4, (x + y) / 2)[number % 4][..., None]
    one, other = np.array(light(dice)), np.array(strong(dice))
    if number < 4:  # noqa: PLR2004 - the first four are grey, as most gradients are
        one, other = one[[0, 0, 0]], other[[0, 0, 0]]
    return as_picture(np.clip(one * (1 - way) + other * way, 0, 255))


def ruled(dice: Dice, number: int) -> Picture:
    """Draws writing paper with lines, squares or dots."""
    picture, step = paper(dice), int(dice.integers(14, 34))
    ink = colour(dice, 120, 200)
    for at in range(step, SIDE, step):
        if number % 3 < 2:  # noqa: PLR2004 - lines or squares
            cv2.line(picture, (0, at), (SIDE, at), ink, 1)
        if number % 3 == 1:
            cv2.line(picture, (at, 0), (at, SIDE), ink, 1)
        if number % 3 == 2:  # noqa: PLR2004
            for across in range(step, SIDE, step):
                cv2.circle(picture, (across, at), 1, ink, -1)
    if number % 2 == 0:
        cv2.line(picture, (3 * step, 0), (3 * step, SIDE), (220, 120, 120), 1)
    return picture


def print_page(dice: Dice, number: int) -> Picture:
    picture, font = paper(dice), FONTS[number % len(FONTS)]
    size = float(dice.uniform(0.3, 0.6))
    write(picture, words(dice, 3).title(), (24, 44), Pen(1.8 * size, font=font))
    for y in range(80, SIDE - 20, round(44 * size)):
        write(picture, words(dice, round(4 / size)), (24, y), Pen(size, font=font))
    picture[:, SIDE - 24 :] = picture[0, 0]
    return picture


def table(dice: Dice, _: int) -> Picture:
    """Draws a table of figures, as in a size chart."""
    picture = paper(dice)
    wide, high = int(dice.integers(50, 90)), int(dice.integers(22, 40))
    picture[:high] = light(dice)
    for top in range(0, SIDE, high):
        cv2.line(picture, (0, top), (SIDE, top), (170, 170, 170), 1)
        for left in range(0, SIDE, wide):
            cv2.line(picture, (left, 0), (left, SIDE), (170, 170, 170), 1)
            write(picture, str(dice.integers(1, 999)), (left + 6, top + high - 8), Pen(0.4))
    return picture


def barcode(dice: Dice, _: int) -> Picture:
    picture, x = ground(SIDE, SIDE, WHITE), 60
    while x < SIDE - 66:
        wide = int(dice.integers(1, 5)) * 2
        picture[100:290, x : x + wide] = 0
        x += wide + int(dice.integers(1, 5)) * 2
    digits = "".join(dice.choice(list("0123456789"), 13))
    write(picture, digits, (70, 320), Pen(0.9, BLACK))
    return picture


def square_code(dice: Dice, _: int) -> Picture:
    """Draws a pattern that looks like a QR code and encodes nothing."""
    count = int(dice.integers(21, 34))
    cells = dice.random((count, count)) < 0.5  # noqa: PLR2004 - as many dark as light
    for top, left in ((0, 0), (0, count - 7), (count - 7, 0)):
        corner = np.ones((7, 7), np.bool_)
        corner[1:6, 1:6], corner[2:5, 2:5] = False, True
        cells[top : top + 7, left : left + 7] = corner
    shades = np.where(cells, 0, 255).astype(np.uint8)[..., None].repeat(3, 2)
    code = cv2.resize(shades, (SIDE - 80, SIDE - 80), interpolation=cv2.INTER_NEAREST)
    return border(as_picture(code), share=0.125, colour=WHITE)


def pattern(dice: Dice, number: int) -> Picture:
    """Draws checks, stripes or dots."""
    step = int(dice.integers(20, 60))
    y, x = np.mgrid[:SIDE, :SIDE]
    tilted = (x * dice.uniform(-1, 1) + y) % step
    round_ = np.hypot(x % step - step / 2, y % step - step / 2)
    on = ((x // step + y // step) % 2 == 0, tilted < step / 2, round_ < step / 4)[number % 3]
    one, other = ((0, 0, 0), WHITE) if number < 3 else (strong(dice), light(dice))  # noqa: PLR2004
    return as_picture(np.where(on[..., None], one, other))


def shaded(dice: Dice, outline: Outline, paint: Colour, folds: float = 0.0) -> Picture:
    """Draws a thing of one colour on a plain ground, with a soft shadow; `folds` is in grey levels."""
    points = [np.round(outline * SIDE).astype(np.int32)]
    mask = cv2.fillPoly(np.zeros((SIDE, SIDE), np.uint8), points, 255)
    behind = np.full((SIDE, SIDE, 3), PAPERS[dice.integers(3)], float)
    shadow = cv2.GaussianBlur(np.roll(mask, (6, 4), (0, 1)), (0, 0), 8)[..., None] / 255
    edge = cv2.GaussianBlur(mask, (0, 0), 1)[..., None] / 255
    cloth = cv2.GaussianBlur(dice.normal(0, 1, (SIDE, SIDE)), (0, 0), 9, sigmaY=30)[..., None]
    thing = np.array(paint) + cloth / cloth.std() * folds
    return as_picture(np.clip(behind * (1 - 0.2 * shadow) * (1 - edge) + thing * edge, 0, 255))


GOODS: tuple[tuple[tuple[float, float], ...], ...] = (
    # A mug, a box, a bottle, a bag, a phone case.
    ((.28, .25), (.66, .25), (.66, .34), (.80, .36), (.82, .58), (.66, .64), (.66, .78), (.28, .78)),
    ((.20, .22), (.80, .22), (.80, .82), (.20, .82)),
    ((.45, .08), (.55, .08), (.55, .28), (.64, .38), (.64, .92), (.36, .92), (.36, .38), (.45, .28)),
    ((.26, .36), (.40, .36), (.42, .14), (.58, .14), (.60, .36), (.74, .36), (.80, .88), (.20, .88)),
    ((.34, .08), (.66, .08), (.70, .12), (.70, .88), (.66, .92), (.34, .92), (.30, .88), (.30, .12)),
)  # fmt: skip


MIDDLE = np.array([0.5, 0.0])


def shirt(dice: Dice, number: int) -> Picture:
    """Draws a shirt: every second one is white, every third one has long sleeves."""
    paint = (248, 248, 248) if number % 2 == 0 else strong(dice)
    return shaded(dice, shirt_outline(dice, long=number % 3 == 2), paint, dice.uniform(1, 3))  # noqa: PLR2004


def shirt_outline(dice: Dice, *, long: bool) -> Outline:
    """Returns the right half from the collar down, then the left half back up."""
    body = float(dice.uniform(0.17, 0.22))
    shoulder = np.array([dice.uniform(0.17, 0.22), 0.19])
    angle = np.deg2rad(dice.uniform(55, 78) if long else dice.uniform(25, 60))
    along, across = (
        np.array([np.cos(angle), np.sin(angle)]),
        np.array([-np.sin(angle), np.cos(angle)]),
    )
    cuff = shoulder + along * (dice.uniform(0.5, 0.6) if long else dice.uniform(0.2, 0.28))
    under = cuff + across * (dice.uniform(0.08, 0.11) if long else dice.uniform(0.11, 0.15))
    right = np.array([
        (0, 0.14 + dice.uniform(0.02, 0.07)), (dice.uniform(0.07, 0.11), 0.14), shoulder, cuff, under,
        (body, 0.19 + dice.uniform(0.17, 0.22)),
        (body * dice.uniform(0.95, 1.15), dice.uniform(0.84, 0.92)),
    ])  # fmt: skip
    both_halves = np.concatenate([right, right[::-1] * (-1, 1)])
    return np.asarray(both_halves + MIDDLE, np.float64)


def plain_thing(dice: Dice, number: int) -> Picture:
    return shaded(
        dice,
        np.array(GOODS[number % len(GOODS)]),
        (244, 244, 244) if number % 3 == 0 else strong(dice),
    )


def scene(dice: Dice, _: int) -> Picture:
    """Draws a scene with what a photograph has: large smooth shapes, small hard ones, and grain."""
    sky, land = np.array(light(dice)), np.array(strong(dice))
    way = np.linspace(0, 1, SIDE)[:, None, None]
    picture = as_picture(np.broadcast_to(sky * (1 - way) + land * way, (SIDE, SIDE, 3)))
    for _ in range(14):
        x, y = dice.integers(0, SIDE, 2).tolist()
        axes = tuple(dice.integers(12, 110, 2).tolist())
        cv2.ellipse(picture, (x, y), axes, float(dice.uniform(0, 180)), 0, 360, strong(dice), -1)
    for _ in range(10):
        x, y = dice.integers(0, SIDE, 2).tolist()
        wide, high = dice.integers(10, 80, 2).tolist()
        picture[y : y + high, x : x + wide] = strong(dice)
    soft = cv2.GaussianBlur(picture, (0, 0), float(dice.uniform(1, 3)))
    return as_picture(np.clip(soft + dice.normal(0, 3, soft.shape), 0, 255))


def watermark(dice: Dice, number: int) -> Picture:
    """Draws one of a few words again and again at a slant, in white on black."""
    word = MARKS[number % len(MARKS)]
    font, size = FONTS[number % len(FONTS)], float(dice.uniform(0.7, 1.3))
    (wide, high), _ = cv2.getTextSize(word, font, size, 2)
    sheet = ground(2 * SIDE, 2 * SIDE, BLACK)
    for row, y in enumerate(range(high, 2 * SIDE, 3 * high + 20)):
        for x in range(-wide // 2 * (row % 2), 2 * SIDE, wide + 40):
            write(sheet, word, (x, y), Pen(size, WHITE, font))
    turned = rotate(sheet, degrees=float(dice.uniform(20, 45)), ground=BLACK)
    start = turned.shape[0] // 2 - SIDE // 2
    return turned[start : start + SIDE, start : start + SIDE]


def phone_screen(dice: Dice, number: int) -> Picture:
    shown = scene if number % 2 == 0 else print_page
    return screenshot(shown(dice, number))


def tiles(dice: Dice, number: int) -> Picture:
    return collage([scene(dice, number), shirt(dice, number), scene(dice, 1), plain_thing(dice, 1)])


def polaroid(dice: Dice, number: int) -> Picture:
    framed = border(scene(dice, number), share=0.06, colour=(250, 250, 248))
    foot = ground(70, framed.shape[1], (250, 250, 248))
    write(foot, words(dice, 2), (40, 40), Pen(0.8, font=cv2.FONT_HERSHEY_SCRIPT_SIMPLEX))
    return np.vstack([framed, foot])


FAMILIES: tuple[tuple[Callable[[Dice, int], Picture], int], ...] = (
    (blank, 6), (gradient, 9), (ruled, 9), (print_page, 6), (table, 3), (barcode, 3),
    (square_code, 3), (pattern, 6), (shirt, 18), (plain_thing, 5), (scene, 7), (phone_screen, 6),
    (tiles, 3), (polaroid, 3),
)  # fmt: skip
WATERMARKED = 12
PLACES = range(sum(count for _, count in FAMILIES) + WATERMARKED)


@dataclass(frozen=True)
class Ordinary:
    """An ordinary picture, which includes the overlay, if there is one."""

    picture: Picture
    overlay: Picture | None = None


@lru_cache(maxsize=len(PLACES))
def ordinary(place: int) -> Ordinary:
    dice = np.random.default_rng(place)
    number = place
    for family, count in FAMILIES:
        if number < count:
            return Ordinary(family(dice, number))
        number -= count
    overlay = watermark(dice, number)
    opacity = overlay / 255 * dice.uniform(0.35, 0.7)
    under = scene(dice, number)
    return Ordinary(as_picture(under * (1 - opacity) + np.array(WHITE) * opacity), overlay)
