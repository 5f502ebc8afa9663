"""Logos to learn from: glyphs of fonts, silhouettes of clip art, words, and shapes that we draw.

Every logo is a `uint8[SIDE, SIDE]` mask, 255 where there is ink; its longer side fills the square.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from fontTools.ttLib import TTCollection, TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

SIDE = 96
DRAWN_AT = 256  # pixels at which a logo is drawn before it is shrunk
GLYPHS = 60  # of a font; fonts with thousands of signs give more, by the root of their number
BASIC = ImageFont.Layout.BASIC
LEAST_INK, MAX_INK = 0.04, 0.92  # share of the logo's bounding box
LARGEST = 4_000_000  # pixels of a clip-art picture
DETAIL = 40  # outline length, in sides of its box, from which a silhouette is no logo

type Mask = NDArray[np.uint8]


def glyphs(fonts: Sequence[Path], dice: random.Random) -> Iterator[Mask]:
    for path in fonts:
        signs = signs_of(path)
        if not signs:
            continue
        many = min(len(signs), max(GLYPHS, int(4 * len(signs) ** 0.6)))
        font = ImageFont.truetype(path, DRAWN_AT * 3 // 4, layout_engine=BASIC)
        for sign in dice.sample(signs, many):
            yield from tight(written(sign, font))


def signs_of(path: Path) -> list[str]:
    """Returns the characters that the font can draw, without E000-E0FF of the private use area."""
    try:
        if path.suffix.lower() == ".ttc":
            font = TTCollection(path, lazy=True).fonts[0]
        else:
            font = TTFont(path, lazy=True)
        known = font.getBestCmap() or {}
    except Exception:  # noqa: BLE001 - unreadable fonts are skipped
        return []
    return [chr(code) for code in known if code > 0x20 and not 0xE000 <= code <= 0xE0FF]


def written(text: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    try:
        left, top, right, bottom = font.getbbox(text)
        if not (0 < right - left < 6000 and 0 < bottom - top < 3000):
            return Image.new("L", (1, 1))
        made = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8))
        ImageDraw.Draw(made).text((4 - left, 4 - top), text, fill=255, font=font)
    except (OSError, ValueError):
        return Image.new("L", (1, 1))
    return made


def words(fonts: Sequence[Path], count: int, dice: random.Random) -> Iterator[Mask]:
    """Yields names like those of brands: two to nine letters, in one of the Latin fonts."""
    for _ in range(count):
        font = ImageFont.truetype(dice.choice(fonts), DRAWN_AT // 2, layout_engine=BASIC)
        word = "".join(
            dice.choice("bcdfghklmnprstvwz") + dice.choice("aeiouy" + "aeiou")
            for _ in range(dice.randint(1, 4))
        ) + dice.choice(("", "", "x", "n", "r", "s", "2", "5"))
        word = dice.choice((str.lower, str.upper, str.title))(word)
        yield from tight(written(word, font))


def silhouettes(pictures: Sequence[Path]) -> Iterator[Mask]:
    """Yields one-colour clip art: its opaque part, or its dark part."""
    for path in pictures:
        try:
            with Image.open(path) as opened:
                if opened.width * opened.height > LARGEST:
                    continue
                opened.thumbnail((DRAWN_AT, DRAWN_AT))
                picture = opened.convert("RGBA")
        except (OSError, ValueError, Image.DecompressionBombError):
            continue
        cover = picture.getchannel("A")
        ground = Image.new("RGBA", picture.size, "white")
        dark = ImageOps.invert(Image.alpha_composite(ground, picture).convert("L"))
        for made in (cover, dark):
            ink = made.filter(ImageFilter.MedianFilter(3)).point(lambda v: 255 * (v > 110))
            if outline(ink) < DETAIL:
                yield from tight(ink)


def outline(ink: Image.Image) -> float:
    """Returns the length of the outline in sides of the box."""
    pixels = np.asarray(ink) > 0
    steps = (pixels[1:] != pixels[:-1]).sum() + (pixels[:, 1:] != pixels[:, :-1]).sum()
    return float(steps) / max(1.0, float(pixels.size) ** 0.5)


def drawn(count: int, dice: random.Random) -> Iterator[Mask]:
    """Yields one to four polygons, rings, bars, arcs and stars, some repeated around the centre."""
    for _ in range(count):
        made = Image.new("L", (DRAWN_AT, DRAWN_AT))
        for _ in range(dice.randint(1, 4)):
            stroke(made, dice)
        if dice.random() < 0.3:
            made = repeated(made, dice.choice((2, 3, 4, 5, 6)))
        yield from tight(made)


def stroke(made: Image.Image, dice: random.Random) -> None:
    draw, ink = ImageDraw.Draw(made), 255 if dice.random() < 0.75 else 0
    x, y = (sorted(dice.sample(range(10, DRAWN_AT - 10), 2)) for _ in range(2))
    box, width = (x[0], y[0], x[1] + 8, y[1] + 8), dice.randint(8, 44)
    match dice.randrange(7):
        case 0:
            draw.ellipse(box, fill=ink)
        case 1:
            draw.ellipse(box, outline=ink, width=width)
        case 2:
            draw.rounded_rectangle(box, radius=dice.randint(0, 60), fill=ink)
        case 3:
            draw.arc(box, dice.randrange(360), dice.randrange(360), fill=ink, width=width)
        case 4:
            draw.line([dice.randrange(DRAWN_AT) for _ in range(6)], fill=ink, width=width)
        case 5:
            around = [dice.randrange(DRAWN_AT) for _ in range(2 * dice.randint(3, 6))]
            draw.polygon(around, fill=ink)
        case _:
            centre = (DRAWN_AT / 2, DRAWN_AT / 2, dice.randint(30, 120))
            draw.regular_polygon(centre, dice.randint(3, 8), dice.randrange(90), fill=ink)


def repeated(made: Image.Image, times: int) -> Image.Image:
    whole = np.zeros((DRAWN_AT, DRAWN_AT), np.uint8)
    for number in range(times):
        whole = np.maximum(whole, np.asarray(made.rotate(360 * number / times)))
    return Image.fromarray(whole)


def composed(logos: Sequence[Mask], count: int, dice: random.Random) -> Iterator[Mask]:
    """Yields combined logos: one within a badge or a ring, one knocked out of it, two side by side."""
    for _ in range(count):
        first, second = (Image.fromarray(logo) for logo in dice.sample(logos, 2))
        made = Image.new("L", (DRAWN_AT * 2, DRAWN_AT), 0)
        if dice.random() < 0.3:
            other = dice.randint(DRAWN_AT // 3, DRAWN_AT)
            made.paste(first.resize((DRAWN_AT, DRAWN_AT)), (0, 0))
            made.paste(second.resize((other, other)), (DRAWN_AT + 10, (DRAWN_AT - other) // 2))
        else:
            badge(made, first, dice)
        yield from tight(made)


def badge(made: Image.Image, logo: Image.Image, dice: random.Random) -> None:
    draw, box = ImageDraw.Draw(made), (0, 0, DRAWN_AT - 1, DRAWN_AT - 1)
    filled = dice.random() < 0.6
    rendition: Any = {"fill": 255} if filled else {"outline": 255, "width": dice.randint(8, 24)}
    match dice.randrange(4):
        case 0:
            draw.rectangle(box, **rendition)
        case 1:
            draw.rounded_rectangle(box, radius=dice.randint(20, 90), **rendition)
        case 2:
            draw.ellipse(box, **rendition)
        case _:
            draw.regular_polygon((DRAWN_AT / 2, DRAWN_AT / 2, DRAWN_AT / 2), 6, fill=255)
            filled = True
    side = dice.randint(DRAWN_AT * 2 // 5, DRAWN_AT * 3 // 5)
    place = ((DRAWN_AT - side) // 2, (DRAWN_AT - side) // 2)
    inner = logo.resize((side, side))
    made.paste(0 if filled else 255, (*place, place[0] + side, place[1] + side), inner)


def tight(made: Image.Image) -> Iterator[Mask]:
    """Yields the logo in a square that its longer side fills; nothing where there is hardly any ink, or ink
    nearly everywhere.
    """
    box = made.point(lambda v: 255 * (v > 127)).getbbox()
    if box is None:
        return
    cropped = made.crop(box)
    ink = float(np.asarray(cropped).mean()) / 255
    wide, high = cropped.size
    if (
        not LEAST_INK < ink < MAX_INK
        or min(wide, high) < 6
        or max(wide, high) > 12 * min(wide, high)
    ):
        return
    longer = max(wide, high)
    square = Image.new("L", (longer, longer))
    square.paste(cropped, ((longer - wide) // 2, (longer - high) // 2))
    yield np.asarray(
        square.resize(
            (SIDE, SIDE), Image.Resampling.BOX if longer > SIDE else Image.Resampling.BICUBIC
        )
    )


def distinct(logos: Iterator[Mask]) -> list[Mask]:
    """Returns the logos without those that look the same at 16 pixels."""
    seen: set[bytes] = set()
    kept = []
    for logo in logos:
        small = np.asarray(Image.fromarray(logo).resize((12, 12), Image.Resampling.BOX)) // 86
        key = small.astype(np.uint8).tobytes()
        if key not in seen:
            seen.add(key)
            kept.append(logo)
    return kept
