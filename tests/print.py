"""Pages of text, tables and codes, as people register them by mistake."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vision.pictures.picture import Picture

WORDS = ("goods", "terms", "of", "the", "delivery", "to", "and", "returns", "within", "seller", "a")
LEFT = [
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
]
NUTRIENTS = ("Energy", "Fat", "of which saturates", "Carbohydrate", "Fibre", "Protein", "Salt")


def canvas(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (width, height), "white")
    return image, ImageDraw.Draw(image)


def page(seed: int, size: int = 20) -> Picture:
    """Returns a page in a language of letters."""
    dice = np.random.default_rng(seed)
    image, pen = canvas(620, 800)
    for y in range(40, 760, round(1.4 * size)):
        line = " ".join(dice.choice(WORDS, 220 // size))
        pen.text((40, y), line, fill=(30, 30, 30), font=ImageFont.load_default(size))
    return np.array(image)


def table(seed: int) -> Picture:
    """Returns a nutrition table with its lines."""
    dice = np.random.default_rng(seed)
    image, pen = canvas(400, 620)
    for row, y in enumerate(range(10, 600, 42)):
        pen.line((10, y, 390, y), fill=(0, 0, 0), width=2)
        name = NUTRIENTS[row % len(NUTRIENTS)]
        pen.text((14, y + 8), name, fill=(0, 0, 0), font=ImageFont.load_default(22))
        figure = f"{dice.integers(10, 999) / 10:.1f} g"
        pen.text((290, y + 8), figure, fill=(0, 0, 0), font=ImageFont.load_default(22))
    return np.array(image)


def qr_code(text: str, margin: int = 4) -> Picture:
    code = cv2.QRCodeEncoder.create().encode(text)
    framed = np.pad(code, margin, constant_values=255).repeat(10, axis=0).repeat(10, axis=1)
    return np.repeat(framed[:, :, None], 3, axis=2)


def barcode(digits: str) -> Picture:
    """Returns bars as of an EAN with its digits below."""
    bits = "101" + "".join(LEFT[int(digit)] for digit in digits) + "101"
    bars = np.array([0 if bit == "1" else 255 for bit in bits], np.uint8).repeat(4)
    made = np.full((300, len(bars) + 120, 3), 255, np.uint8)
    made[30:250, 60:-60] = bars[None, :, None]
    cv2.putText(made, digits, (80, 290), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    return made
