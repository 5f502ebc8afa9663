"""Small pictures of a fault: the listing and the registered view, with the matching region on each."""

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from lab.benchmark.measure import Setting, listing_of
from lab.benchmark.rows import Job, Polygon

SIDE = 320  # pixels
QUALITY = 62
LONG = 3.0  # height by width from which a listing is cut
COLUMNS = 8  # at most, that a long listing without a region is shown in
AROUND = 1.2  # widths of a long listing that are shown around the region

type Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Order:
    """What to draw of one fault. `view` is the file of the registered view, where there is one."""

    job: Job
    region: Polygon
    view: Path | None


@dataclass(frozen=True)
class Shot:
    """`url` is a data URL, empty where the file cannot be shown. `region` lies on what is shown of it."""

    url: str = ""
    width: int = 1
    height: int = 1
    region: Polygon = ()
    note: str = ""


@dataclass(frozen=True)
class Pair:
    listing: Shot
    view: Shot


def draw(setting: Setting, order: Order) -> Pair:
    """Runs in each process."""
    made = listing_of(setting, order.job)
    listing = listing_shot(made.data, order.region) if made else Shot()
    return Pair(listing, shot(opened(order.view.read_bytes())) if order.view else Shot())


def opened(data: bytes) -> Image.Image | None:
    """Returns the picture upright and on white, or None. Also shows what production refuses as too thin."""
    try:
        image: Image.Image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        if image.mode in {"P", "LA", "PA"} or "transparency" in image.info:
            image = image.convert("RGBA")
        if image.mode == "RGBA":
            ground = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(ground, image)
        return image.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def listing_shot(data: bytes, region: Polygon) -> Shot:
    image = opened(data)
    if image is None or image.height < LONG * image.width:
        return shot(image, region)
    if region:
        return around(image, region)
    return in_columns(image)


def around(image: Image.Image, region: Polygon) -> Shot:
    """Returns the part of a long picture around the region."""
    middle = sum(y for _, y in region) / len(region) * image.height
    half = AROUND * image.width
    half = max(half, *(abs(y * image.height - middle) for _, y in region))
    top, bottom = max(0, round(middle - half)), min(image.height, round(middle + half))
    moved = tuple((x, (y * image.height - top) / (bottom - top)) for x, y in region)
    part = image.crop((0, top, image.width, bottom))
    return shot(part, moved, f"{image.width} x {image.height} pixels, cut")


def in_columns(image: Image.Image) -> Shot:
    """Returns a long picture cut to columns side by side, read from left to right."""
    ratio = image.height / image.width
    count = min(COLUMNS, max(2, round(ratio**0.5)))
    tall = -(-image.height // count)
    sheet = Image.new("RGB", (count * image.width, tall), "white")
    for number in range(count):
        end = min(image.height, (number + 1) * tall)
        part = image.crop((0, number * tall, image.width, end))
        sheet.paste(part, (number * image.width, 0))
    return shot(sheet, note=f"{image.width} x {image.height} pixels, in {count} columns")


def shot(image: Image.Image | None, region: Polygon = (), note: str = "") -> Shot:
    if image is None:
        return Shot()
    small = image.copy()
    small.thumbnail((SIDE, SIDE))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY, optimize=True)
    url = "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
    return Shot(url, small.width, small.height, region, note)


def points(region: Iterable[tuple[float, float]]) -> str:
    """Returns an SVG polygon's points in a square of side 1."""
    return " ".join(f"{x:.4f},{y:.4f}" for x, y in region)
