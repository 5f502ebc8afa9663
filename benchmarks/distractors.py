"""Makes pictures of designs that no listing shows, to fill a catalogue for tests of scale.

    .venv/bin/python benchmarks/distractors.py OUT [--count 10000] [--pictures DIR ...] [--seed 1]

Packages are drawn from grounds, ornaments, words, label frames and barcodes. With folders of photographs,
stamps or icons (searched recursively), seven in ten are made of those: a part of a photograph shown whole,
collages, repeated patterns, packages with pictures on them. A part is shown whole at most once, and no
picture's perceptual hash comes near an earlier one's, so each is another product. File names begin with the
way a picture was made; the longest side is 640 pixels. The same folders, seed and library versions give the
same pictures.

10,000 take about ten minutes on one core. The parts of the folders' pictures are held in memory as files:
some 600 MB for 10,000 source pictures.
"""

import argparse
import colorsys
import io
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import imagehash
import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps, UnidentifiedImageError

type Dice = np.random.Generator
type Colour = tuple[int, int, int]
type Box = tuple[int, int, int, int]  # left, top, right, bottom
type Field = NDArray[np.float64]  # a value for each pixel

SIDE = 640
SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tga", ".bmp", ".tif", ".tiff"}
LARGEST_SOURCE = 64_000_000  # pixels; larger ones take seconds and gigabytes
SMALLEST_SOURCE = 96  # pixels; smaller ones are mostly an icon's other sizes
MAX_PARTS = 4  # parts of a large photograph, across and down
PART = 480  # least pixels of a part of a large photograph, before scaling
SHOWN_WHOLE = 400  # least pixels of a part's longer side to be shown whole
# mean step in grey levels between pixels of a 128-pixel copy; below it is only a gradient
PLAIN = 1.5
NEAR = 8  # of 64 bits of perceptual hash; unrelated pictures differ in about 32
ATTEMPTS = 20
NARROWEST = 40  # pixels; nothing is put in a narrower box
MIXTURE = {"crop": 0.2, "collage": 0.15, "pattern": 0.1, "package": 0.25, "drawn": 0.3}
SYLLABLES = [
    "ba", "be", "bo", "da", "den", "do", "el", "fa", "fen", "fi", "ga", "gro", "hal", "ja",
    "ka", "ki", "la", "lo", "lum", "ma", "mi", "mo", "na", "nor", "o", "pa", "pel", "qui",
    "ra", "ri", "ros", "sa", "sel", "so", "ta", "ti", "tor", "u", "va", "vel", "vi", "wa",
    "xo", "ya", "zen", "zu",
]  # fmt: skip
PRODUCTS = [
    "Coffee", "Tea", "Soap", "Honey", "Milk", "Rice", "Pasta", "Muesli", "Juice", "Biscuits",
    "Paint", "Glue", "Candles", "Toys", "Shampoo", "Tonic", "Batteries", "Cable", "Lamp",
    "Seeds", "Soil", "Wax", "Polish", "Chocolate", "Crisps", "Noodles", "Vinegar", "Oil",
    "Salt", "Spice", "Jam", "Yoghurt", "Butter", "Cheese", "Oats", "Flour", "Sugar", "Puzzle",
    "Cards", "Socks", "Gloves", "Yarn", "Thread", "Screws", "Filter", "Bulb", "Charger",
    "Speaker", "Cream", "Balm", "Powder", "Vitamin", "Syrup", "Cereal", "Popcorn", "Nuts",
]  # fmt: skip
ADJECTIVES = [
    "Original", "Classic", "Organic", "Extra", "Golden", "Fresh", "Pure", "Crunchy", "Wild",
    "Royal", "Mild", "Strong", "Soft", "Natural", "Double", "Light", "Smooth", "Spicy",
    "Sweet", "Deluxe", "Mini", "Family", "Alpine", "Summer", "Smoky",
]  # fmt: skip


# --- sources of pictures --------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """A picture, or a part of a large one, held as a file. A cut-out has a transparent ground."""

    data: bytes
    cut_out: bool
    shown_whole: bool

    def open(self) -> Image.Image:
        return Image.open(io.BytesIO(self.data)).convert("RGBA" if self.cut_out else "RGB")


class Seen:
    """Perceptual hashes of all pictures so far. It compares with each: 10,000 take 20 microseconds."""

    def __init__(self) -> None:
        self._hashes = np.zeros(0, np.uint64)

    def admits(self, picture: Image.Image) -> bool:
        """Whether the picture is unlike all earlier ones; if so, it is remembered."""
        bits = np.packbits(imagehash.phash(picture).hash).view(np.uint64)
        if np.any(np.bitwise_count(self._hashes ^ bits) <= NEAR):
            return False
        self._hashes = np.concatenate([self._hashes, bits])
        return True


def parts_of(folders: Sequence[Path]) -> list[Part]:
    """Returns every part once, without copies, other sizes of an icon and plain parts."""
    seen = Seen()
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    pictures = (
        picture for path in paths if path.suffix.lower() in SUFFIXES for picture in cut(path)
    )
    return [
        packed(picture)
        for picture in pictures
        for shown in [on_white(picture)]
        if detailed(shown) and seen.admits(shown)
    ]


def cut(path: Path) -> Iterator[Image.Image]:
    """Yields parts of one file that do not overlap; nothing for an unreadable or useless file."""
    try:
        with Image.open(path) as opened:
            if min(opened.size) < SMALLEST_SOURCE:
                return
            opened.thumbnail((MAX_PARTS * SIDE, MAX_PARTS * SIDE))
            picture = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return
    # larger than LARGEST_SOURCE
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return
    columns, rows = (max(1, min(MAX_PARTS, length // PART)) for length in picture.size)
    width, height = picture.width // columns, picture.height // rows
    for column, row in np.ndindex(columns, rows):
        left, top = column * width, row * height
        yield small(picture.crop((left, top, left + width, top + height)))


def small(picture: Image.Image) -> Image.Image:
    return ImageOps.contain(picture, (SIDE, SIDE)) if max(picture.size) > SIDE else picture


def on_white(picture: Image.Image) -> Image.Image:
    shown = Image.new("RGB", picture.size, "white")
    shown.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return shown


def detailed(picture: Image.Image) -> bool:
    """Whether the picture has recognisable detail."""
    grey = np.asarray(picture.convert("L").resize((128, 128)), np.float32)
    steps = [np.abs(np.diff(grey, axis=axis)).mean() for axis in (0, 1)]
    return float(np.mean(steps)) > PLAIN


def packed(picture: Image.Image) -> Part:
    cut_out = picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] == 0
    file = io.BytesIO()
    if cut_out:
        picture.save(file, "PNG", compress_level=1)
    else:
        on_white(picture).save(file, "JPEG", quality=92)
    return Part(file.getvalue(), cut_out, not cut_out and max(picture.size) >= SHOWN_WHOLE)


# --- colours and grounds --------------------------------------------------------------------------
def chance(dice: Dice, share: float) -> bool:
    return dice.random() < share


def palette(dice: Dice) -> list[Colour]:
    """Returns five colours around a hue, of which the last two are dark and light."""
    hue, away = dice.random(), dice.choice([0.04, 0.1, 0.33, 0.5])
    return [
        colour(hue, dice.uniform(0.4, 1), dice.uniform(0.5, 1)),
        colour(hue + away, dice.uniform(0.3, 1), dice.uniform(0.4, 1)),
        colour(hue - away, dice.uniform(0.5, 1), dice.uniform(0.6, 1)),
        colour(hue + away, dice.uniform(0.2, 0.9), dice.uniform(0.05, 0.3)),
        colour(hue, dice.uniform(0, 0.25), dice.uniform(0.85, 1)),
    ]


def colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return int(255 * red), int(255 * green), int(255 * blue)


# Patterns between 0 and 1 over the whole picture, from two rotated coordinates; the longest side is about 1.
def plain(_: Dice, u: Field, __: Field) -> Field:
    return np.zeros_like(u)


def gradient(_: Dice, u: Field, __: Field) -> Field:
    return u % 1


def glow(dice: Dice, u: Field, v: Field) -> Field:
    return np.clip(np.hypot(u - dice.uniform(-1, 1), v - dice.uniform(-1, 1)), 0, 1)


def stripes(dice: Dice, u: Field, _: Field) -> Field:
    return as_field(u * dice.uniform(2, 24) % 1 > dice.uniform(0.2, 0.8))


def checks(dice: Dice, u: Field, v: Field) -> Field:
    count = dice.uniform(2, 24)
    return as_field((np.floor(u * count) + np.floor(v * count)) % 2)


def rays(dice: Dice, u: Field, v: Field) -> Field:
    angle = np.arctan2(v - dice.uniform(-0.5, 0.5), u - dice.uniform(-0.5, 0.5))
    return as_field(np.round(angle * dice.integers(2, 24) / np.pi % 1))


def waves(dice: Dice, u: Field, v: Field) -> Field:
    count = dice.uniform(2, 24)
    return as_field(np.sin(u * count * 3 + dice.uniform(0, 4) * np.sin(v * count)) / 2 + 0.5)


def dots(dice: Dice, u: Field, v: Field) -> Field:
    count = dice.uniform(2, 24)
    return as_field(np.hypot(u * count % 1 - 0.5, v * count % 1 - 0.5) < dice.uniform(0.1, 0.45))


def blotches(dice: Dice, u: Field, _: Field) -> Field:
    count = int(dice.integers(4, 26))
    size = (u.shape[1], u.shape[0])
    noise = cv2.resize(dice.random((count, count)), size, interpolation=cv2.INTER_CUBIC)
    steps = dice.choice([2, 3, 5, 255])
    return as_field(np.round(np.clip(noise, 0, 1) * steps) / steps)


PATTERNS = [plain, gradient, glow, stripes, checks, rays, waves, dots, blotches]


def as_field(values: ArrayLike) -> Field:
    return np.asarray(values, np.float64)


def field(dice: Dice, size: tuple[int, int]) -> Field:
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / SIDE
    angle = dice.choice([0, 0, np.pi / 2, dice.uniform(0, np.pi)])
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    return PATTERNS[int(dice.integers(len(PATTERNS)))](dice, u, v)


def ground(dice: Dice, size: tuple[int, int], colours: Sequence[Colour]) -> Image.Image:
    stops = np.array(colours)[dice.permutation(len(colours))[: dice.integers(2, 4)]]
    where, values = np.linspace(0, 1, len(stops)), field(dice, size)
    mixed = np.stack([np.interp(values, where, stops[:, band]) for band in range(3)], axis=-1)
    return Image.fromarray(mixed.astype(np.uint8))


# --- elements of a page -----------------------------------------------------------------------
@dataclass(frozen=True)
class Page:
    image: Image.Image
    dice: Dice
    colours: Sequence[Colour]
    parts: Sequence[Part]

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def colour(self) -> Colour:
        return self.colours[int(self.dice.integers(len(self.colours)))]

    def ink(self, box: Box) -> Colour:
        """Returns the colour that contrasts most with the box's present content."""
        mean = np.asarray(self.image.crop(box)).mean((0, 1))
        return max(self.colours, key=lambda colour: float(np.linalg.norm(colour - mean)))

    def picture(self) -> Image.Image:
        return self.parts[int(self.dice.integers(len(self.parts)))].open()


def name(dice: Dice) -> str:
    return "".join(dice.choice(SYLLABLES, dice.integers(2, 5))).capitalize()


def words(dice: Dice) -> str:
    brand, product, adjective = name(dice), dice.choice(PRODUCTS), dice.choice(ADJECTIVES)
    weight = f"{dice.integers(1, 40) * 25} {dice.choice(['g', 'ml'])}"
    choices = [brand, brand, product, f"{adjective} {product}", f"{brand} {product}", weight]
    chosen = str(dice.choice(choices))
    return chosen.upper() if chance(dice, 0.4) else chosen


def letters(dice: Dice, text: str) -> Image.Image:
    """Returns the text as a mask about 80 pixels high, in one of the libraries' typefaces."""
    canvas = np.zeros((150, 60 + 75 * len(text), 3), np.uint8)
    face = str(dice.choice(["sans", "sans", "italic", "uni", "pillow"]))
    if face == "pillow":
        mask = Image.fromarray(canvas).convert("L")
        font = ImageFont.load_default(80)
        stroke = int(dice.integers(0, 5))
        ImageDraw.Draw(mask).text((30, 20), text, 255, font, stroke_width=stroke)
    else:
        weight = int(dice.integers(1, 10)) * 100
        cv2.putText(canvas, text, (30, 100), (255, 255, 255), cv2.FontFace(face), 80, weight)
        mask = Image.fromarray(canvas).convert("L")
    return mask.crop(mask.getbbox())


def lettering(page: Page, box: Box) -> None:
    dice = page.dice
    mask = letters(dice, words(dice))
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    scale = min(width / mask.width, height / mask.height)
    stretched = mask.height * scale * dice.uniform(0.8, 2.2)
    mask = mask.resize((max(8, int(mask.width * scale)), max(8, min(height, int(stretched)))))
    if chance(dice, 0.2):
        mask = mask.rotate(dice.uniform(-25, 25), expand=True)
    at = (left + (width - mask.width) // 2, top + (height - mask.height) // 2)
    ink, behind = page.ink(box), page.colour()
    match dice.integers(4):
        case 0:
            page.image.paste(behind, (at[0] + 4, at[1] + 4), mask)
        case 1:
            thick = ImageOps.expand(mask, 6).filter(ImageFilter.MaxFilter(9))
            page.image.paste(behind, (at[0] - 6, at[1] - 6), thick)
    page.image.paste(ink, at, mask)


def small_print(page: Page, box: Box) -> None:
    left, top, right, bottom = box
    size = int(page.dice.integers(9, 17))
    across = max(4, (right - left) // (size // 2 + 1))
    lines = (bottom - top) // (size + 4)
    text = " ".join(name(page.dice).lower() for _ in range(across * lines // 7 + 1))
    rows = [text[start : start + across] for start in range(0, len(text), across)]
    font, ink = ImageFont.load_default(size), page.ink(box)
    page.draw.multiline_text((left, top), "\n".join(rows[:lines]), ink, font)


def barcode(page: Page, box: Box) -> None:
    left, top, right, bottom = box
    height = max(30, min(bottom - top, 120))
    bars = np.repeat(np.arange(60) % 2, page.dice.integers(1, 4, 60)).astype(np.uint8)
    bars = np.pad(bars, 10, constant_values=1)
    code = Image.fromarray(np.tile(bars * 255, (height, 1)))
    number = "".join(map(str, page.dice.integers(0, 10, 13)))
    ImageDraw.Draw(code).rectangle((0, height - 16, code.width, height), 255)
    ImageDraw.Draw(code).text((20, height - 15), number, 0, ImageFont.load_default(13))
    code = code.resize((max(40, min(right - left, code.width)), height))
    page.image.paste(code, (left, top))


def table(page: Page, box: Box) -> None:
    left, top, right, bottom = box
    page.draw.rectangle(box, page.colours[4], page.colours[3], 2)
    font = ImageFont.load_default(12)
    for y in range(top + 4, bottom - 16, 18):
        page.draw.text((left + 6, y), name(page.dice), page.colours[3], font)
        amount = f"{page.dice.uniform(0, 90):.1f} g"
        page.draw.text((right - 6, y), amount, page.colours[3], font, anchor="ra")
        page.draw.line((left, y + 16, right, y + 16), page.colours[3])


def ornament(page: Page, box: Box) -> None:
    for _ in range(page.dice.integers(1, 14)):
        shape(page, inner(page.dice, box))


def shape(page: Page, box: Box) -> None:
    dice, draw, fill, line = page.dice, page.draw, page.colour(), page.colour()
    outline = int(dice.integers(0, 8))
    match dice.integers(6):
        case 0:
            draw.ellipse(box, fill, line, outline)
        case 1:
            draw.rounded_rectangle(box, int(dice.integers(0, 40)), fill, line, outline)
        case 2:
            draw.polygon(star(box, int(dice.integers(3, 20)), dice.uniform(0.3, 1)), fill, line)
        case 3:
            draw.arc(box, dice.uniform(0, 180), dice.uniform(181, 400), fill, 2 + 2 * outline)
        case 4:
            draw.line(points(dice, box, 5), fill, 2 + 2 * outline, joint="curve")
        case _:
            draw.polygon(points(dice, box, int(dice.integers(3, 7))), fill, line)


def narrow(box: Box) -> int:
    """Returns the shorter side."""
    return min(box[2] - box[0], box[3] - box[1])


def inner(dice: Dice, box: Box) -> Box:
    """Returns a box somewhere inside."""
    left, right = sorted(dice.integers(box[0], box[2], 2).tolist())
    top, bottom = sorted(dice.integers(box[1], box[3], 2).tolist())
    return left, top, right + 8, bottom + 8


def points(dice: Dice, box: Box, count: int) -> list[tuple[float, float]]:
    x, y = dice.uniform(box[0], box[2], count), dice.uniform(box[1], box[3], count)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def star(box: Box, rays: int, depth: float) -> list[tuple[float, float]]:
    turns = np.arange(2 * rays) * np.pi / rays
    reach = np.where(np.arange(2 * rays) % 2, depth, 1.0)
    x = (box[0] + box[2]) / 2 + reach * np.sin(turns) * (box[2] - box[0]) / 2
    y = (box[1] + box[3]) / 2 - reach * np.cos(turns) * (box[3] - box[1]) / 2
    return list(zip(x.tolist(), y.tolist(), strict=True))


def frame(page: Page, box: Box) -> None:
    """Draws a label with an edge and words or ornaments on it."""
    draw, fill, line, edge = page.draw, page.colour(), page.colour(), int(page.dice.integers(1, 9))
    match page.dice.integers(3):
        case 0:
            draw.ellipse(box, fill, line, edge)
        case 1:
            draw.rounded_rectangle(box, int(page.dice.integers(0, 50)), fill, line, edge)
        case _:
            draw.polygon(star(box, int(page.dice.integers(8, 30)), 0.88), fill, line)
    content = page.dice.choice(np.array([lettering, lettering, ornament], object))
    content(page, shrunk(box, 0.16))


def photograph(page: Page, box: Box) -> None:
    """Puts one of the pictures into the box: a cut-out stands free, others get a shape."""
    width, height = box[2] - box[0], box[3] - box[1]
    picture = page.picture()
    if picture.mode == "RGBA":
        fitted = ImageOps.contain(picture, (width, height))
        at = (box[0] + (width - fitted.width) // 2, box[1] + (height - fitted.height) // 2)
        page.image.paste(fitted, at, fitted)
        return
    fitted = ImageOps.fit(picture, (width, height))
    mask = Image.new("L", (width, height), 0)
    match page.dice.integers(3):
        case 0:
            ImageDraw.Draw(mask).ellipse((0, 0, width, height), 255)
        case 1:
            radius = int(page.dice.integers(0, 60))
            ImageDraw.Draw(mask).rounded_rectangle((0, 0, width, height), radius, 255)
        case _:
            mask.paste(255, (0, 0, width, height))
    page.image.paste(fitted, box[:2], mask)


def shrunk(box: Box, share: float) -> Box:
    across, down = int((box[2] - box[0]) * share), int((box[3] - box[1]) * share)
    return box[0] + across, box[1] + down, box[2] - across, box[3] - down


# --- pages ----------------------------------------------------------------------------------------
type Element = Callable[[Page, Box], None]

MAIN: list[Element] = [lettering, lettering, ornament, frame, frame]
SIDE_MATTER: list[Element] = [small_print, barcode, table, lettering]


def split(dice: Dice, box: Box, count: int) -> list[Box]:
    """Splits the box into `count` parts, the longer side first."""
    if count == 1:
        return [box]
    left, top, right, bottom = box
    share, first = dice.uniform(0.3, 0.7), int(dice.integers(1, count))
    if right - left > (bottom - top) * dice.uniform(0.7, 1.8):
        middle = left + int((right - left) * share)
        halves = ((left, top, middle, bottom), (middle, top, right, bottom))
    else:
        middle = top + int((bottom - top) * share)
        halves = ((left, top, right, middle), (left, middle, right, bottom))
    return split(dice, halves[0], first) + split(dice, halves[1], count - first)


def blank(dice: Dice, parts: Sequence[Part]) -> Page:
    """Returns a page of any shape with its ground; some grounds are photographs."""
    side = int(SIDE * dice.uniform(0.55, 1))
    size = (SIDE, side) if chance(dice, 0.35) else (side, SIDE)
    page = Page(Image.new("RGB", size), dice, palette(dice), parts)
    page.image.paste(ground(dice, size, page.colours))
    if parts and chance(dice, 0.4):
        behind = ImageOps.fit(on_white(page.picture()), size)
        page.image.paste(Image.blend(behind, page.image, dice.uniform(0, 0.5)))
    return page


def filled(page: Page, elements: Sequence[Element]) -> Page:
    """Gives each element a part of the page, the first ones the larger parts."""
    width, height = page.image.size
    boxes = split(page.dice, (0, 0, width, height), len(elements))
    boxes.sort(key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))
    for element, box in zip(elements, boxes, strict=True):
        if narrow(box) > NARROWEST:
            element(page, shrunk(box, page.dice.uniform(0.04, 0.12)))
    return page


def some(dice: Dice, elements: Sequence[Element], fewest: int, most: int) -> list[Element]:
    return [elements[i] for i in dice.integers(len(elements), size=dice.integers(fewest, most + 1))]


def drawn(dice: Dice, parts: Sequence[Part]) -> Image.Image:
    del parts
    page = blank(dice, [])
    if chance(dice, 0.5):
        ornament(page, (0, 0, *page.image.size))
    filled(page, some(dice, MAIN, 2, 4) + some(dice, SIDE_MATTER, 0, 2))
    return packaged(page)


def package(dice: Dice, parts: Sequence[Part]) -> Image.Image:
    elements = [photograph, *some(dice, [photograph, *MAIN], 1, 3)]
    return packaged(filled(blank(dice, parts), elements + some(dice, SIDE_MATTER, 0, 2)))


def collage(dice: Dice, parts: Sequence[Part]) -> Image.Image:
    pictures: list[Element] = [photograph] * int(dice.integers(2, 7))
    return filled(blank(dice, parts), pictures + some(dice, [lettering, frame], 0, 1)).image


def pattern(dice: Dice, parts: Sequence[Part]) -> Image.Image:
    """Repeats two or three pictures, as on cloth or wrapping paper."""
    page = blank(dice, [])
    tiles = [Page.picture(Page(page.image, dice, page.colours, parts)) for _ in range(2)]
    tile, turn = int(dice.integers(90, 260)), dice.uniform(-40, 40)
    tiles = [ImageOps.contain(picture, (tile, tile)).convert("RGBA") for picture in tiles]
    tiles = [picture.rotate(turn, Image.Resampling.BILINEAR, expand=True) for picture in tiles]
    step, shift = int(tile * dice.uniform(1, 1.5)), dice.choice([0, 0.5])
    width, height = page.image.size
    for row, column in np.ndindex(height // step + 2, width // step + 2):
        picture = tiles[(row + column) % len(tiles)]
        at = (int((column - shift * (row % 2)) * step), row * step - step // 3)
        page.image.paste(picture, at, picture)
    box = inner(dice, (0, 0, width, height))
    if narrow(box) > NARROWEST:
        dice.choice(np.array([frame, lettering], object))(page, box)
    return page.image


# --- the package it is printed on -----------------------------------------------------------------
OUTLINES = {  # corners as shares of width and height, clockwise
    "carton": ((0, 0.14), (0.15, 0), (0.85, 0), (1, 0.14), (1, 1), (0, 1)),
    "bottle": ((0, 0.35), (0.33, 0.2), (0.36, 0), (0.64, 0), (0.67, 0.2), (1, 0.35), (1, 1), (0, 1)),
    "pouch": ((0.03, 0), (0.97, 0), (0.93, 0.12), (1, 0.95), (0.9, 1), (0.1, 1), (0, 0.95), (0.07, 0.12)),
    "jar": ((0.1, 0), (0.9, 0), (0.9, 0.1), (1, 0.17), (1, 0.96), (0.95, 1), (0.05, 1), (0, 0.96), (0, 0.17), (0.1, 0.1)),
    "tube": ((0, 0), (1, 0), (0.72, 0.86), (0.7, 1), (0.3, 1), (0.28, 0.86)),
    "box": ((0, 0.06), (0.8, 0), (1, 0.05), (1, 0.96), (0.8, 1), (0, 0.98)),
}  # fmt: skip


def packaged(page: Page) -> Image.Image:
    """The page itself, or shaded as the front of a package on a plain ground."""
    dice, print_ = page.dice, page.image
    if chance(dice, 0.55):
        return print_
    width, height = print_.size
    corners = OUTLINES[str(dice.choice(list(OUTLINES)))]
    mask = Image.new("L", print_.size, 0)
    ImageDraw.Draw(mask).polygon([(x * width, y * height) for x, y in corners], 255)
    across = np.linspace(-1, 1, width)
    light = 1 - dice.uniform(0.1, 0.5) * np.abs(across - dice.uniform(-0.5, 0.5)) ** 2
    shaded = np.asarray(print_) * light.clip(0, 1)[None, :, None]
    margin = int(dice.integers(8, 70))
    plain = int(dice.integers(200, 256))
    behind = Image.new("RGB", (width + 2 * margin, height + 2 * margin), (plain, plain, plain))
    behind.paste(Image.fromarray(shaded.astype(np.uint8)), (margin, margin), mask)
    return small(behind)


# --- all of them ----------------------------------------------------------------------------------
MAKERS = {"collage": collage, "pattern": pattern, "package": package, "drawn": drawn}


def kinds(count: int, parts: Sequence[Part], seed: int) -> list[str]:
    """Returns how each picture is made, mixed. Without parts, all are drawn; where too few parts can be
    shown whole, collages replace them.
    """
    if not parts:
        return ["drawn"] * count
    dice = np.random.default_rng([seed, 0])
    chosen: list[str] = dice.choice(list(MIXTURE), count, p=list(MIXTURE.values())).tolist()
    left = sum(part.shown_whole for part in parts)
    for number, kind in enumerate(chosen):
        if kind == "crop":
            left -= 1
            chosen[number] = "crop" if left >= 0 else "collage"
    return chosen


def pictures(count: int, parts: Sequence[Part], seed: int) -> Iterator[tuple[str, Image.Image]]:
    """Yields how each picture was made, and the picture."""
    whole = [part for part in parts if part.shown_whole]
    np.random.default_rng([seed, 1]).shuffle(whole)
    seen = Seen()
    for number, kind in enumerate(kinds(count, parts, seed)):
        if kind == "crop":
            shown = ImageOps.contain(whole.pop().open(), (SIDE, SIDE))
            if seen.admits(shown):
                yield kind, shown
                continue
        maker = MAKERS.get(kind, collage)
        yield maker.__name__, unlike(seen, maker, parts, (seed, 2, number))


def unlike(
    seen: Seen,
    maker: Callable[[Dice, Sequence[Part]], Image.Image],
    parts: Sequence[Part],
    seed: tuple[int, int, int],
) -> Image.Image:
    """Draws until the picture has detail and is unlike all earlier ones."""
    for attempt in range(ATTEMPTS):
        picture = maker(np.random.default_rng([*seed, attempt]), parts)
        if detailed(picture) and seen.admits(picture):
            return picture
    raise SystemExit(
        f"{ATTEMPTS} pictures in a row were plain or like earlier ones: ask for fewer."
    )


def make(out: Path, *, count: int, folders: Sequence[Path], seed: int) -> Counter[str]:
    """Returns how many were made in each way."""
    out.mkdir(parents=True, exist_ok=True)
    Image.MAX_IMAGE_PIXELS = LARGEST_SOURCE
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    parts = parts_of(folders)
    print(f"{len(parts)} parts of pictures, {sum(p.shown_whole for p in parts)} to show whole")
    made: Counter[str] = Counter()
    for number, (kind, picture) in enumerate(pictures(count, parts, seed)):
        picture.save(out / f"{kind}-{number:06d}.jpg", quality=88)
        made[kind] += 1
    return made


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--pictures", type=Path, nargs="+", default=[], metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for folder in asked.pictures:
        if not folder.is_dir():
            sys.exit(f"--pictures {folder}: no such folder")
    started = time.perf_counter()
    made = make(asked.out, count=asked.count, folders=asked.pictures, seed=asked.seed)
    spread = ", ".join(f"{number} {kind}" for kind, number in sorted(made.items()))
    print(
        f"{made.total()} pictures ({spread}) in {time.perf_counter() - started:.0f} s: {asked.out}"
    )


if __name__ == "__main__":
    main()
