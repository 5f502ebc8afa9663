"""Commonplace pictures drawn with Pillow, so that they share nothing with the product's drawings."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vision.pictures.picture import Picture


def canvas(
    width: int, height: int, colour: str = "white"
) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (width, height), colour)
    return image, ImageDraw.Draw(image)


def blank(colour: str = "white", width: int = 800, height: int = 600) -> Picture:
    return np.array(canvas(width, height, colour)[0])


def scanned() -> Picture:
    """Returns an empty sheet as a scanner sees it: slightly darker on one side, with grain."""
    shade = np.linspace(225, 250, 700)[:, None, None]
    grain = np.random.default_rng(5).normal(0, 2, (700, 500, 3))
    return np.asarray(np.clip(shade + grain, 0, 255), np.uint8)


def shading() -> Picture:
    across = np.linspace(0, 255, 300).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(across[None, :, None], (200, 300, 3)))


def ruled() -> Picture:
    image, pen = canvas(620, 877)
    for y in range(64, 877, 32):
        pen.line((0, y, 620, y), fill=(150, 180, 220))
    pen.line((77, 0, 77, 877), fill=(230, 110, 110))
    return np.array(image)


def white_shirt(word: str = "") -> Picture:
    image, pen = canvas(800, 800)
    half = [(512, 120), (736, 256), (656, 384), (576, 336), (576, 720)]
    other = [(800 - x, y) for x, y in reversed(half)]
    pen.polygon([*half, *other], fill=(246, 246, 246), outline=(190, 190, 190))
    pen.ellipse((336, 80, 464, 168), fill="white", outline=(180, 180, 180))
    pen.text((340, 300), word, fill=(200, 30, 30), font=ImageFont.load_default(60))
    return np.array(image)


def watermark(word: str = "PREVIEW") -> Picture:
    """Repeats a grey word diagonally."""
    font = ImageFont.load_default(36)
    sheet, pen = canvas(1300, 1300)
    left, _, right, bottom = pen.textbbox((0, 0), word, font=font)
    for row, y in enumerate(range(0, 1300, round(bottom) + 60)):
        for x in range(-(row % 2) * round(right - left) // 2, 1300, round(right - left) + 60):
            pen.text((x, y), word, fill=(190, 190, 190), font=font)
    turned = sheet.rotate(30, Image.Resampling.BICUBIC)
    return np.array(turned.crop((330, 410, 970, 890)))


def page(seed: int = 1) -> Picture:
    dice = np.random.default_rng(seed)
    image, pen = canvas(620, 800)
    for y in range(40, 760, 26):
        line = " ".join(
            "".join(dice.choice([*"etaoinshr"], size)) for size in dice.integers(2, 9, 9)
        )
        pen.text((40, y), line, fill=(30, 30, 30), font=ImageFont.load_default(18))
    return np.array(image)


def barcode(seed: int = 3) -> Picture:
    bars = np.random.default_rng(seed).random(90) < 0.5
    shades = np.where(bars, 255, 0).astype(np.uint8).repeat(6)
    return np.ascontiguousarray(np.broadcast_to(shades[None, :, None], (300, 540, 3)))


def disc() -> Picture:
    """Returns a logo with hardly anything to match on, which still belongs to somebody."""
    image, pen = canvas(400, 400)
    pen.ellipse((60, 60, 340, 340), fill=(200, 20, 40))
    return np.array(image)


def motif(*, strong: bool) -> Picture:
    """Returns flowers on white in even rows, like a textile, in strong colours or in grey."""
    image, pen = canvas(640, 640)
    for row, y in enumerate(range(40, 640, 80)):
        for x in range(40 + 40 * (row % 2), 640, 80):
            for dx, dy in ((-9, 0), (9, 0), (0, -9), (0, 9)):
                petal = (200, 30, 90) if strong else (170, 170, 170)
                pen.ellipse((x + dx - 8, y + dy - 8, x + dx + 8, y + dy + 8), fill=petal)
    return np.array(image)


COMMONPLACE: dict[str, Callable[[], Picture]] = {
    "blank": blank,
    "black": lambda: blank("black", 500, 700),
    "scanned": scanned,
    "shading": shading,
    "ruled": ruled,
    "white-shirt": white_shirt,
    "watermark": watermark,
    "other-watermark": lambda: watermark("no copy"),
}
