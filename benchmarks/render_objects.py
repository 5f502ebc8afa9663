"""Renders a folder that `manage.py benchmark` and `manage.py calibrate` read, from three-dimensional models.

    .venv/bin/python benchmarks/render_objects.py OUT [--models FILE ...] [--grounds DIR]
        [--registered 110] [--unrelated 340] [--made 60] [--seed 1]

--models   archives of Wavefront OBJ models, as .zip or .sh3f. Debian's package sweethome3d-furniture has 820
           of them in five: KatorLegaz, Reallusion, Scopia, BlendSwap-CC-BY (CC BY 3.0), BlendSwap-CC-0 (CC0).
           `apt-get download sweethome3d-furniture`, then `dpkg-deb -x` unpacks them; nothing is installed.
--grounds  photographs for the pictures in free poses; without it all grounds are plain.
--made     tins, bottles, jars and cartons of few shapes with printed labels are added, so many registered, and
           as many again unrelated. They are drawn here and are free of any licence.

Registered objects have views from four sides. Families: turntable-15, -30, -45 (turned so far from the nearest
view, with the views' light and ground), free-pose (any side, height, light, size and ground), unrelated-object
(models that are not registered, half of them in free poses). A brand is an object.

What this source can show: hundreds of shapes in exactly known poses, and goods of one shape that differ by their
print alone. What it cannot: a camera's noise and focus, glass, fur, soft goods, wear, shadows and reflections.
Furniture has less print than goods in a shop. The authors' licences apply to OUT (CC BY asks for their names).
"""

import argparse
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from build_folder import Folder, drawn, opened_upright, pictures_below
from meshes import Files, Material, Mesh, Picture, box, read_obj, revolved
from PIL import Image, ImageDraw, ImageFont
from rasteriser import Light, Pose, draw

type Dice = np.random.Generator
type Named = tuple[str, Mesh]

VIEWS = (0, 90, 180, 270)  # degrees
TURNS = ((15, 2), (30, 2), (45, 1))  # degrees from a view, listings of each
FREE = 2  # listings of each object in free poses
PHOTOGRAPHED, TINTED = (
    0.6,
    0.5,
)  # share of free poses on photographs, and of other grounds in colour
BOXED = 0.3  # share of the made goods that are cartons
SIDES = (128, 144, 160, 192)  # pixels
THINNEST = 0.15  # shortest side of a model, relative to its longest: the rest is flat
MAX_MODEL_BYTES = 6_000_000
MAX_FACES = 80_000
PLAIN = (0, 0, 255, 255, 128)  # grey levels of plain grounds
UPRIGHT = np.eye(3)
PROFILES: Sequence[Sequence[tuple[float, float]]] = (  # radius and height
    ((0, 0), (1, 0), (1, 2.6), (0, 2.6)),  # a tin
    ((0, 0), (1, 0), (1, 1.1), (0, 1.1)),  # a flat tin
    ((0, 0), (1, 0), (1, 2.2), (0.8, 2.5), (0.8, 2.9), (0, 2.9)),  # a jar
    ((0, 0), (1, 0), (1, 2.8), (0.4, 3.8), (0.35, 4.6), (0, 4.6)),  # a bottle
    ((0, 0), (0.8, 0), (1, 2.4), (1.05, 2.5), (0, 2.5)),  # a cup
)
CARTONS = ((1.0, 1.6, 0.5), (1.0, 0.5, 0.7), (0.7, 2.0, 0.7), (1.0, 1.0, 1.0))
SYLLABLES = (
    "ba",
    "co",
    "da",
    "fe",
    "gi",
    "ho",
    "ju",
    "ka",
    "li",
    "mo",
    "na",
    "qui",
    "ro",
    "sa",
    "zu",
)


@dataclass(frozen=True)
class Stage:
    """How one object is photographed on its turntable."""

    light: Light
    ground: int
    elevation: float
    side: int

    def picture(self, mesh: Mesh, azimuth: float) -> Image.Image:
        ground = np.full((self.side, self.side, 3), self.ground, np.uint8)
        shot = draw(mesh, Pose(azimuth, self.elevation), self.light, self.side)
        return Image.fromarray(shot.on(ground))


def stage_of(dice: Dice) -> Stage:
    return Stage(
        Light(a_direction(dice), float(dice.uniform(0.35, 0.6)), gloss=float(dice.uniform(0, 0.3))),
        int(dice.choice(PLAIN)),
        float(dice.uniform(5, 25)),
        int(dice.choice(SIDES)),
    )


def a_direction(dice: Dice) -> tuple[float, float, float]:
    return float(dice.uniform(-0.8, 0.8)), float(dice.uniform(0.2, 1)), float(dice.uniform(0.4, 1))


def free_picture(mesh: Mesh, grounds: Sequence[Path], dice: Dice) -> Image.Image:
    """Returns a picture in any pose, light and size, on a plain or photographic ground."""
    side = int(dice.choice(SIDES)) * 3 // 2
    tint = dice.uniform(0.85, 1.15, 3)
    light = Light(
        a_direction(dice), float(dice.uniform(0.25, 0.7)),
        (float(tint[0]), float(tint[1]), float(tint[2])), float(dice.uniform(0, 0.4)),
    )  # fmt: skip
    pose = Pose(
        float(dice.uniform(0, 360)), float(dice.uniform(-5, 45)), float(dice.uniform(-8, 8)),
        float(dice.uniform(2.5, 7)),
    )  # fmt: skip
    inner = round(side * dice.uniform(0.55, 1.0))
    shot = draw(mesh, pose, light, inner)
    ground = a_ground(grounds, side, dice)
    left, top = (int(dice.integers(0, side - inner + 1)) for _ in range(2))
    ground[top : top + inner, left : left + inner] = shot.on(
        ground[top : top + inner, left : left + inner]
    )
    return Image.fromarray(ground)


def a_ground(grounds: Sequence[Path], side: int, dice: Dice) -> Picture:
    if len(grounds) and dice.random() < PHOTOGRAPHED:
        photograph = np.asarray(opened_upright(grounds[int(dice.integers(len(grounds)))]))
        return np.asarray(cv2.resize(photograph, (side, side), interpolation=cv2.INTER_AREA))
    shades = (
        dice.integers(0, 256, (2, 3)) if dice.random() < TINTED else dice.integers(0, 256, (2, 1))
    )
    down = np.linspace(0, 1, side)[:, None, None]
    made = shades[0] * (1 - down) + shades[1] * down
    return np.ascontiguousarray(np.broadcast_to(made, (side, side, 3)).astype(np.uint8))


# --- models -----------------------------------------------------------------------------------
def models_in(archive: Path, dice: Dice) -> Iterator[Named]:
    """Yields the solid models of an archive in random order, without those that occur twice."""
    seen = set()
    with zipfile.ZipFile(archive) as files:
        sizes = {info.filename: info.file_size for info in files.infolist()}
        names = sorted(name for name in sizes if name.endswith(".obj"))
        for name in drawn(dice, names, len(names)):
            mesh = solid(files, name) if sizes[name] <= MAX_MODEL_BYTES else None
            if mesh is None or (shape := (len(mesh.faces), len(mesh.corners))) in seen:
                continue
            seen.add(shape)
            yield f"{archive.stem}-{Path(name).stem}".lower().replace(" ", "-"), mesh


def solid(files: Files, name: str) -> Mesh | None:
    """Returns the model, or None if it cannot be read, is flat or is very large."""
    try:
        mesh = read_obj(files, name)
    except (ValueError, IndexError):
        return None
    longest, _, shortest = mesh.sides
    return mesh if shortest > THINNEST * longest and len(mesh.faces) <= MAX_FACES else None


def models_of(archives: Sequence[Path], count: int, dice: Dice) -> Iterator[Named]:
    """Yields models from all archives in turn."""
    sources = [models_in(archive, dice) for archive in archives]
    while sources and count:
        for source in list(sources):
            found = next(source, None)
            if found is None:
                sources.remove(source)
            elif count:
                count -= 1
                yield found


def made_goods(count: int, dice: Dice) -> Iterator[Named]:
    for number in range(count):
        if dice.random() < BOXED:
            sides = CARTONS[int(dice.integers(len(CARTONS)))]
            face = a_label(dice, 240, 240)
            mesh = box(sides, [face, face, face, face, plain_like(face), plain_like(face)])
        else:
            profile = PROFILES[int(dice.integers(len(PROFILES)))]
            shade = float(dice.uniform(0.5, 0.95))
            mesh = revolved(profile, a_label(dice, 620, 260), Material((shade, shade, shade)))
        yield f"made-{number}", mesh


def a_label(dice: Dice, width: int, height: int) -> Picture:
    """Draws a label: a ground, a band, a few shapes, a name and small print, twice around."""
    paper, band, ink, mark = (tuple(int(c) for c in dice.integers(0, 256, 3)) for _ in range(4))
    made = Image.new("RGB", (width, height), paper)
    pen = ImageDraw.Draw(made)
    top = int(dice.integers(0, height // 2))
    pen.rectangle((0, top, width, top + int(dice.integers(height // 8, height // 2))), band)
    halves = 2 if width > 2 * height else 1
    name = a_name(dice)
    large = ImageFont.load_default(int(dice.integers(height // 6, height // 3)))
    small = ImageFont.load_default(max(10, height // 16))
    spots = [
        (dice.uniform(0, width / halves), dice.uniform(0, height), dice.uniform(6, height / 5), int(dice.integers(3)))
        for _ in range(int(dice.integers(1, 7)))
    ]  # fmt: skip
    lines = [a_name(dice) for _ in range(3)]
    place = int(dice.integers(height // 10, height // 2))
    for half in range(halves):
        left = half * width / halves
        for x, y, r, form in spots:
            at = (left + x - r, y - r, left + x + r, y + r)
            (pen.rectangle if form else pen.ellipse)(at, (mark, mark, ink)[form])
        pen.text((left + 12, place), name, ink, large)
        for row, line in enumerate(lines):
            pen.text((left + 12, height * 0.7 + row * height / 12), line, ink, small)
    return np.asarray(made)


def a_name(dice: Dice) -> str:
    return "".join(str(dice.choice(SYLLABLES)) for _ in range(int(dice.integers(2, 5)))).title()


def plain_like(label: Picture) -> Picture:
    return np.full((8, 8, 3), label[0, 0], np.uint8)


# --- the folder -------------------------------------------------------------------------------
def register(folder: Folder, name: str, mesh: Mesh, grounds: Sequence[Path], dice: Dice) -> None:
    """Adds four views of the object and its listings."""
    stage = stage_of(dice)
    for view in VIEWS:
        folder.design(name, name, "object", stage.picture(mesh, view))
    for turn, count in TURNS:
        for view in dice.permutation(VIEWS)[:count]:
            azimuth = float(view + turn * dice.choice((-1, 1)))
            shot = stage.picture(mesh, azimuth)
            folder.listing(f"turntable-{turn}", f"{name}-{azimuth % 360:g}", shot, name, name)
    for number in range(FREE):
        shot = free_picture(mesh, grounds, dice)
        folder.listing("free-pose", f"{name}-{number}", shot, name, name)


def leave_out(folder: Folder, name: str, mesh: Mesh, grounds: Sequence[Path], dice: Dice) -> None:
    """Adds two pictures of an object that is not registered."""
    turned = stage_of(dice).picture(mesh, float(dice.uniform(0, 360)))
    folder.listing("unrelated-object", f"{name}-turned", turned)
    folder.listing("unrelated-object", f"{name}-free", free_picture(mesh, grounds, dice))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--models", type=Path, nargs="*", default=[])
    parser.add_argument("--grounds", type=Path)
    parser.add_argument("--registered", type=int, default=110)
    parser.add_argument("--unrelated", type=int, default=340)
    parser.add_argument("--made", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    dice = np.random.default_rng(chosen.seed)
    grounds = pictures_below(chosen.grounds) if chosen.grounds else []
    folder = Folder(chosen.out)
    models, made = chosen.registered + chosen.unrelated, 2 * chosen.made
    sources = (
        (models_of(chosen.models, models, dice), chosen.registered, models),
        (made_goods(made, dice), chosen.made, made),
    )
    for source, registered, count in sources:
        kept = set(dice.permutation(count)[:registered].tolist())
        for number, (name, mesh) in enumerate(source):
            add = register if number in kept else leave_out
            add(folder, name, mesh, grounds, dice)
            told = f"\r{len(folder.designs)} views, {len(folder.listings)} listings"
            print(told, end="", file=sys.stderr)
    folder.write()
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
