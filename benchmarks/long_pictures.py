"""Measures long pictures: each shows one design of a folder once, among unrelated photographs.

    .venv/bin/python benchmarks/long_pictures.py DIR [--ratios 4 8 14 30 60] [--count 24] [--near]

DIR has designs.csv and listings.csv as for `manage.py benchmark`. Designs of every kind are registered; long
pictures show those of packaging and photographs. They are 600 pixels wide, JPEG, and take turns in six layouts:
pictures that touch, gaps of 4 to 80 pixels on white, on a colour, with blocks of text, with margins at the
sides, and in two columns. Printed for each ratio: how often the design is found at 85 in the whole picture and
in its parts, how often a design of another brand is flagged in any of them, renditions, and processor seconds a
picture. `--near` matches only the parts that show some of the design: recall is the same, false alerts are
fewer.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

import django

django.setup()

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fingerprints.actions.enrol import describe
from lab.calibration.folder import EDITED_KINDS, DesignRow, LabelledFolder, read_folder
from lab.calibration.memory import MemoryRegister
from vision.channels.calibration import load_calibration
from vision.channels.image_features import extract_features
from vision.channels.matching import Scoring, match_image
from vision.channels.registry import load_channels
from vision.encoders.catalogue import load_encoder, load_windows_encoder
from vision.pictures.encode import jpeg
from vision.pictures.parts import Part
from vision.pictures.picture import Picture
from vision.pictures.renditions import Rendition, renditions_in
from vision.pictures.resize import squash

WIDTH = 600
LAYOUTS = ("touching", "white", "coloured", "text", "margins", "columns")
FLAGGED = 85.0
WHITE = (255, 255, 255)
WORDS = [
    "quality",
    "every",
    "day",
    "fresh",
    "simple",
    "delivery",
    "size",
    "weight",
    "new",
    "care",
    "use",
    "inside",
    "offer",
]

type Place = tuple[int, int]


@dataclass
class Page:
    """Builds one long picture from strips of its width."""

    folder: LabelledFolder
    photographs: list[str]
    layout: str
    dice: random.Random

    def __post_init__(self) -> None:
        colour = tuple(self.dice.randint(0, 255) for _ in range(3))
        self.ground = colour if self.layout in {"touching", "coloured", "columns"} else WHITE
        margins = self.layout in {"margins", "columns"}
        self.inner = round(WIDTH * self.dice.uniform(0.6, 0.95)) if margins else WIDTH

    def make(self, design: DesignRow, ratio: float) -> tuple[Picture, Place]:
        """Returns the picture and where the design begins and ends in it."""
        shown, height = self.picture(design.path), round(ratio * WIDTH)
        strips, total = [], len(shown)
        while total < height:
            strips += [self.other(), self.gap()]
            total += sum(map(len, strips[-2:]))
        at = 2 * self.dice.randint(0, len(strips) // 2)
        top = sum(map(len, strips[:at]))
        long = np.concatenate([*strips[:at], shown, self.gap(), *strips[at:]])
        spare = len(long) - height
        before = min(spare, top) if top > height / 2 else 0
        long, top = long[before : before + height], top - before
        return np.ascontiguousarray(long), (top, min(top + len(shown), height))

    def other(self) -> Picture:
        chance = self.dice.random()
        if self.layout == "text" and chance < 0.4:  # noqa: PLR2004 - a share of the blocks
            return self.text(self.dice.randint(100, 600))
        if self.layout == "columns" and chance < 0.5:  # noqa: PLR2004 - a share of the blocks
            return self.columns()
        return self.picture(self.dice.choice(self.photographs))

    def gap(self) -> Picture:
        return self.plain(0 if self.layout == "touching" else self.dice.randint(4, 80))

    def plain(self, height: int) -> Picture:
        return np.full((height, WIDTH, 3), self.ground, np.uint8)

    def picture(self, path: str) -> Picture:
        made = self.at_width(path, self.inner)
        strip = self.plain(len(made))
        left = self.dice.randint(0, WIDTH - self.inner)
        strip[:, left : left + self.inner] = made
        return strip

    def columns(self) -> Picture:
        width = WIDTH // 2 - 10
        one, other = (self.at_width(self.dice.choice(self.photographs), width) for _ in range(2))
        strip = self.plain(min(len(one), len(other)))
        strip[:, :width], strip[:, -width:] = one[: len(strip)], other[: len(strip)]
        return strip

    def at_width(self, path: str, width: int) -> Picture:
        pixels = self.folder.picture(path).pixels
        return squash(pixels, width=width, height=round(len(pixels) * width / pixels.shape[1]))

    def text(self, height: int) -> Picture:
        block = Image.fromarray(self.plain(height))
        size = self.dice.choice([18, 24, 32, 44])
        for top in range(10, height - size, round(1.6 * size)):
            line = " ".join(self.dice.choices(WORDS, k=self.dice.randint(2, 8)))
            font = ImageFont.load_default(size=size)
            ImageDraw.Draw(block).text((self.dice.randint(10, 60), top), line, "black", font)
        return np.asarray(block)


class Bench:
    def __init__(self, folder: LabelledFolder) -> None:
        self.folder = folder
        self.encoder = load_encoder("sscd")
        self.quick = load_windows_encoder(self.encoder.spec)
        self.channels = load_channels()
        self.scoring = Scoring(self.channels, load_calibration(self.encoder.spec))
        self.register = MemoryRegister(self.channels)
        self.row_of: dict[UUID, DesignRow] = {}
        self.designs = [row for row in folder.designs if row.kind in EDITED_KINDS]
        self.photographs = [r.path for r in folder.listings if r.family == "unrelated-photo"]
        for row in folder.designs:
            decoded = folder.picture(row.path)
            image = uuid5(NAMESPACE_URL, row.path)
            made = describe(decoded.pixels, row.kind, self.channels)
            self.register.enrol(image, decoded.pixel_sha256, made, uuid5(NAMESPACE_URL, row.brand))
            self.row_of[image] = row

    def scores(self, rendition: Rendition, design: DesignRow) -> tuple[float, float]:
        """Returns the similarity of the design, and the highest of other brands."""
        features = extract_features(rendition.decoded, self.encoder, self.quick)
        right, wrong = 0.0, 0.0
        for view, evidence in match_image(features, self.register, self.channels):
            similarity = self.scoring.similarity(evidence)
            row = self.row_of[view.image]
            if row.design_id == design.design_id:
                right = max(right, similarity)
            elif row.brand != design.brand:
                wrong = max(wrong, similarity)
        return right, wrong

    def jobs(self, ratio: float, count: int) -> Iterator[tuple[DesignRow, bytes, Place]]:
        """Yields designs of both kinds in turn."""
        kinds = [[r for r in self.designs if r.kind == kind] for kind in sorted(EDITED_KINDS)]
        for number in range(count):
            several = kinds[number % len(kinds)]
            design = several[number * 7 // len(kinds) % len(several)]
            layout = LAYOUTS[number // len(kinds) % len(LAYOUTS)]
            dice = random.Random(f"{design.path} {ratio} {layout}")  # noqa: S311 - a layout
            page = Page(self.folder, self.photographs, layout, dice)
            long, place = page.make(design, ratio)
            yield design, jpeg(long, longest=max(long.shape)), place


def shows(part: Part | None, place: Place, height: int) -> bool:
    """Whether the part shows a fifth of the design at least; the whole counts as showing it."""
    if part is None:
        return True
    top, bottom = part.area[1] * height, (part.area[1] + part.area[3]) * height
    return min(bottom, place[1]) - max(top, place[0]) >= (place[1] - place[0]) / 5


def measure(bench: Bench, ratio: float, count: int, *, near: bool) -> None:
    whole = parts = flagged = renditions = matched = 0
    seconds = 0.0
    for design, data, place in bench.jobs(ratio, count):
        found, wrong = {False: 0.0, True: 0.0}, 0.0
        started = time.process_time()
        for rendition in renditions_in(data):
            renditions += 1
            if near and not shows(rendition.part, place, round(ratio * WIDTH)):
                continue
            right, other = bench.scores(rendition, design)
            matched += 1
            in_part = rendition.part is not None
            found[in_part], wrong = max(found[in_part], right), max(wrong, other)
        seconds += time.process_time() - started
        whole += found[False] >= FLAGGED
        parts += max(found.values()) >= FLAGGED
        flagged += wrong >= FLAGGED
        if max(found.values()) < FLAGGED:
            print(f"  missed: {design.design_id}, {max(found.values()):.1f}")
    each = f"{seconds / count:.1f} s a picture" if not near else f"{seconds / matched:.2f} s each"
    print(
        f"{ratio:>5g}:1  whole {whole}/{count}  with parts {parts}/{count}  other brand {flagged}"
        f"  renditions {renditions / count:.1f}, {matched} matched, {each}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ratios", type=float, nargs="+", default=[4, 8, 14, 30, 60])
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--near", action="store_true")
    chosen = parser.parse_args()
    bench = Bench(read_folder(chosen.folder))
    for ratio in chosen.ratios:
        measure(bench, ratio, chosen.count, near=chosen.near)


if __name__ == "__main__":
    main()
