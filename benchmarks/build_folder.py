"""Builds a folder that `manage.py benchmark` reads, from public pictures downloaded beforehand.

    .venv/bin/python benchmarks/build_folder.py OUT [--grocery DIR] [--photos DIR]
        [--objects DIR] [--marks DIR] [--seed 1]

--grocery  GroceryStoreDataset by M. Klasson, C. Zhang and H. Kjellstrom (MIT licence),
           https://github.com/marcusklasson/GroceryStoreDataset
           The official picture of each product (iconic-images-and-descriptions) and photographs
           taken by hand in shops (train, val, test).
           Gives shop-photo, sibling-photo, unrelated-carton, unrelated-produce.
--photos   imagenet-sample-images by E. Schwartz: one ImageNet photograph a class; the rights are
           the photographers' (https://www.image-net.org/download.php),
           https://github.com/EliSchwartz/imagenet-sample-images
           Gives designs of kind photo, unrelated-photo, and the scenes for logos.
--objects  COIL-100 by S. A. Nene, S. K. Nayar and H. Murase, Columbia University (for research),
           https://cave.cs.columbia.edu/repository/COIL-100
           100 objects on a turntable, a picture every 5 degrees: obj1__0.png to obj100__355.png.
           Gives turntable-15, -30, -45 and unrelated-object.
--marks    simple-icons by its contributors (CC0; the trade marks belong to their owners),
           https://github.com/simple-icons/simple-icons or `npm pack simple-icons`
           One-colour logos as SVG; PNG logos, dark on clear or white, also work.
           Gives logo-scene-40, -20, -20-angle, -8 (needs --photos) and unrelated-mark.

The folders may be anywhere and are searched recursively. A missing source is left out and reported.
The seed determines what is registered, what is kept out as unrelated, and which scene gets which
logo. Pictures have at most 640 pixels a side. The licences above still apply to them: do not publish
OUT.
"""

import argparse
import colorsys
import csv
import io
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

type Dice = np.random.Generator

SIDE = 640
SUFFIXES = {".jpg", ".jpeg", ".png"}
SHOTS = 20  # shop photographs of one product
PRODUCE = 150
BRANDS_KEPT_OUT = 0.25  # share of the brands; their cartons are the unrelated ones
DESIGN_PHOTOS, MAX_DESIGN_PHOTOS = 0.06, 60  # share of the photographs, and their limit
UNRELATED_PHOTOS, MAX_UNRELATED_PHOTOS = 0.3, 300
OBJECTS, OBJECTS_KEPT_OUT = 20, 0.2
VIEWS = range(0, 360, 90)  # degrees at which views are registered
TURNS = range(0, 360, 15)  # degrees of the listings
MARKS, UNRELATED_MARKS = 60, 100
MARK_SIDE, SCENE_SIDE = 400, 512
SHARES = {  # family: the share of the scene that the logo's square takes, and whether it is tilted
    "logo-scene-40": (0.4, False),
    "logo-scene-20": (0.2, False),
    "logo-scene-20-angle": (0.2, True),
    "logo-scene-8": (0.08, False),
}


@dataclass
class Folder:
    """The rows and pictures of a benchmark."""

    out: Path
    designs: list[tuple[str, str, str, str]] = field(default_factory=list)
    listings: list[tuple[str, str, str, str]] = field(default_factory=list)

    def design(self, design_id: str, brand: str, kind: str, picture: Image.Image | Path) -> None:
        """Adds a picture; a further picture of the same design is a further view."""
        view = sum(row[0] == design_id for row in self.designs)
        suffix = ".png" if kind == "logo" else ".jpg"
        path = f"designs/{design_id}{f'-{view}' * (view > 0)}{suffix}"
        save(picture, self.out / path)
        self.designs.append((design_id, brand, kind, path))

    def listing(
        self,
        family: str,
        stem: str,
        picture: Image.Image | Path,
        design_id: str = "",
        brand: str = "",
    ) -> None:
        path = f"listings/{family}/{stem}.jpg"
        save(picture, self.out / path)
        self.listings.append((path, family, design_id, brand))

    def write(self) -> None:
        write_csv(self.out / "designs.csv", ("design_id", "brand", "kind", "path"), self.designs)
        write_csv(
            self.out / "listings.csv", ("path", "family", "design_id", "brand"), self.listings
        )


def write_csv(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def save(picture: Image.Image | Path, path: Path) -> None:
    opened = opened_upright(picture) if isinstance(picture, Path) else picture
    if max(opened.size) > SIDE:
        opened = ImageOps.contain(opened, (SIDE, SIDE))
    path.parent.mkdir(parents=True, exist_ok=True)
    opened.save(path, quality=90)  # for JPEG; PNG ignores it


def opened_upright(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        return ImageOps.exif_transpose(opened).convert("RGB")


def pictures_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def drawn[T](dice: Dice, items: Sequence[T], count: int) -> list[T]:
    """Returns `count` items without repeats, or all, in random order."""
    return [items[i] for i in dice.permutation(len(items))[:count]]


def share(count: int, part: float, most: int | None = None) -> int:
    """Returns at least one, so that small collections have every family."""
    return min(max(1, round(count * part)), count if most is None else most)


# --- products in shops ------------------------------------------------------------------------
def brand_of(product: str) -> str:
    """Returns the brand: the first word of Bravo-Apple-Juice."""
    return product.partition("-")[0].lower()


def grocery(folder: Folder, source: Path, dice: Dice) -> None:
    """Registers half of each brand's products by their official pictures; the others are siblings. Products
    of a brand that is kept out, or has no official picture, are unrelated.
    """
    pictures = pictures_below(source)
    official = {path.stem[: -len("_Iconic")]: path for path in pictures if is_official(path)}
    shots: dict[str, list[Path]] = defaultdict(list)
    for path in pictures:
        if {"train", "val", "test"} & set(path.relative_to(source).parts):
            shots[path.parent.name].append(path)
    packages = {name: paths for name, paths in shots.items() if "Packages" in paths[0].parts}
    produce = [path for name, paths in shots.items() if name not in packages for path in paths]
    cartons(folder, official, packages, dice)
    for number, path in enumerate(drawn(dice, produce, PRODUCE)):
        folder.listing("unrelated-produce", str(number), path)


def is_official(path: Path) -> bool:
    return path.stem.endswith("_Iconic") and "Packages" in path.parts


def cartons(
    folder: Folder, official: Mapping[str, Path], shots: Mapping[str, Sequence[Path]], dice: Dice
) -> None:
    known = [product for product in sorted(shots) if product in official]
    brands = sorted({brand_of(product) for product in known})
    kept_out = drawn(dice, brands, share(len(brands) - 1, BRANDS_KEPT_OUT))
    protected = set(brands) - set(kept_out)
    registered = set(half_of_each_brand(known, dice))
    for product, paths in sorted(shots.items()):
        stem, brand = product.lower(), brand_of(product)
        family, design_id = "sibling-photo", ""
        if brand not in protected:
            family, brand = "unrelated-carton", ""
        elif product in registered:
            family, design_id = "shop-photo", f"carton-{stem}"
            folder.design(design_id, brand, "packaging", official[product])
        for number, path in enumerate(drawn(dice, paths, SHOTS)):
            folder.listing(family, f"{stem}-{number}", path, design_id, brand)


def half_of_each_brand(known: Sequence[str], dice: Dice) -> Iterator[str]:
    products: dict[str, list[str]] = defaultdict(list)
    for product in known:
        products[brand_of(product)].append(product)
    for of_brand in products.values():
        yield from drawn(dice, of_brand, (len(of_brand) + 1) // 2)


# --- photographs ----------------------------------------------------------------------------------
def photos(folder: Folder, source: Path, dice: Dice) -> list[Path]:
    """Returns the photographs that are left, as scenes for logos."""
    mixed = drawn(dice, pictures_below(source), sys.maxsize)
    designs = share(len(mixed), DESIGN_PHOTOS, MAX_DESIGN_PHOTOS)
    unrelated = designs + share(len(mixed), UNRELATED_PHOTOS, MAX_UNRELATED_PHOTOS)
    for path in mixed[:designs]:
        design_id = f"photo-{path.stem}"
        folder.design(design_id, design_id, "photo", path)
    for path in mixed[designs:unrelated]:
        folder.listing("unrelated-photo", path.stem, path)
    return mixed[unrelated:]


# --- objects on a turntable -----------------------------------------------------------------------
def objects(folder: Folder, source: Path, dice: Dice) -> None:
    turned: dict[int, dict[int, Path]] = defaultdict(dict)  # object, degrees
    for path in pictures_below(source):
        if found := re.fullmatch(r"obj(\d+)__(\d+)", path.stem):
            turned[int(found[1])][int(found[2])] = path
    chosen = drawn(dice, sorted(turned), OBJECTS)
    kept_out = chosen[: share(len(chosen) - 1, OBJECTS_KEPT_OUT)]
    for number in chosen:
        views = turned[number]
        if number in kept_out:
            unrelated_object(folder, number, views)
        elif set(VIEWS) <= set(views):
            turntable(folder, number, views)


def unrelated_object(folder: Folder, number: int, views: Mapping[int, Path]) -> None:
    for degrees in sorted(set(TURNS) & set(views)):
        folder.listing("unrelated-object", f"{number}-{degrees}", views[degrees])


def turntable(folder: Folder, number: int, views: Mapping[int, Path]) -> None:
    name = f"object-{number}"
    for degrees in VIEWS:
        folder.design(name, name, "object", views[degrees])
    for degrees in sorted((set(TURNS) - set(VIEWS)) & set(views)):
        from_view = min(degrees % 90, -degrees % 90)
        folder.listing(f"turntable-{from_view}", f"{number}-{degrees}", views[degrees], name, name)


# --- logos on scenes --------------------------------------------------------------------------
def marks(folder: Folder, source: Path, scenes: Sequence[Path], dice: Dice) -> None:
    paths = sorted(path for path in source.rglob("*") if path.suffix.lower() in {".svg", ".png"})
    mixed = drawn(dice, paths, MARKS + UNRELATED_MARKS)
    registered = share(len(mixed), MARKS / (MARKS + UNRELATED_MARKS), MARKS)
    for path in mixed[:registered]:
        design_id, mark = f"logo-{path.stem}", mask_of(path)
        folder.design(design_id, design_id, "logo", on_white(mark))
        for family, (part, tilted) in SHARES.items() if scenes else ():
            shown = on_scene(mark, scene(scenes, dice), part, dice, tilted=tilted)
            folder.listing(family, path.stem, shown, design_id, design_id)
    for number, path in enumerate(mixed[registered:]):
        plain = on_white(mask_of(path))
        composed = on_scene(mask_of(path), scene(scenes, dice), 0.3, dice) if scenes else plain
        folder.listing("unrelated-mark", path.stem, composed if number % 2 else plain)


def mask_of(path: Path) -> Image.Image:
    """Returns 255 where the logo has its colour."""
    svg = path.suffix.lower() == ".svg"
    with Image.open(io.BytesIO(rasterised(path)) if svg else path) as opened:
        drawing = opened.convert("RGBA")
    alpha = drawing.getchannel("A")
    clear = alpha.getextrema()[0] == 0
    mask = alpha if clear else ImageOps.invert(drawing.convert("L"))
    return ImageOps.pad(mask, (MARK_SIDE, MARK_SIDE))


def rasterised(path: Path) -> bytes:
    try:
        import resvg_py
    except ModuleNotFoundError:
        sys.exit("--marks: SVG needs resvg-py (pip install resvg-py); PNG logos do not.")
    return resvg_py.svg_to_bytes(svg_path=str(path), width=MARK_SIDE, height=MARK_SIDE)


def on_white(mark: Image.Image) -> Image.Image:
    """Returns the logo in black with the margin of a registered logo."""
    picture = Image.new("RGB", (MARK_SIDE, MARK_SIDE), "white")
    inner = mark.resize((MARK_SIDE * 4 // 5, MARK_SIDE * 4 // 5))
    picture.paste((0, 0, 0), (MARK_SIDE // 10, MARK_SIDE // 10), inner)
    return picture


def scene(scenes: Sequence[Path], dice: Dice) -> Image.Image:
    path = scenes[int(dice.integers(len(scenes)))]
    return ImageOps.fit(opened_upright(path), (SCENE_SIDE, SCENE_SIDE))


def on_scene(
    mark: Image.Image, behind: Image.Image, part: float, dice: Dice, *, tilted: bool = False
) -> Image.Image:
    """Puts the logo anywhere in one contrasting colour; its square takes `part` of the scene."""
    side = round(SCENE_SIDE * part**0.5)
    mask = tilt(mark, dice) if tilted else mark
    mask = mask.resize((side, side), Image.Resampling.LANCZOS)
    left, top = (int(at) for at in dice.integers(0, SCENE_SIDE - side + 1, 2))
    below = behind.crop((left, top, left + side, top + side)).convert("L")
    dark = np.asarray(below).mean() > 255 / 2
    hue, strength = dice.random(), dice.uniform(0.1, 0.3)
    ink = colorsys.hsv_to_rgb(hue, 0.7, strength) if dark else colorsys.hsv_to_rgb(hue, strength, 1)
    red, green, blue = (int(255 * value) for value in ink)
    behind.paste((red, green, blue), (left, top), mask)
    return behind


def tilt(mark: Image.Image, dice: Dice) -> Image.Image:
    """Shows the logo from the side, rotated by up to 20 degrees, within its square."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    away = np.array([1, 1 - dice.uniform(0.15, 0.35)])[[0, 1, 1, 0]]  # heights of the four corners
    turn = np.deg2rad(dice.uniform(8, 20) * dice.choice([-1, 1]))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    seen = np.stack([corners[:, 0] * dice.uniform(0.75, 0.95), corners[:, 1] * away], axis=1)
    seen = seen @ rotation.T
    half = MARK_SIDE / 2
    to = ((seen / np.abs(seen).max() + 1) * half).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(((corners + 1) * half).astype(np.float32), to)
    return Image.fromarray(cv2.warpPerspective(np.asarray(mark), matrix, mark.size))


GIVES = {  # prefixes of the families that only this source gives
    "grocery": ("shop-photo", "sibling-photo", "unrelated-carton", "unrelated-produce"),
    "photos": ("unrelated-photo",),
    "objects": ("turntable", "unrelated-object"),
    "marks": ("logo-scene", "unrelated-mark"),
}


# --- all sources ----------------------------------------------------------------------------------
def build(folder: Folder, sources: Mapping[str, Path | None], seed: int) -> None:
    """Builds the folder. Each source has its own random generator, so that none changes the others."""
    dice = {name: np.random.default_rng([seed, number]) for number, name in enumerate(sources)}
    scenes: list[Path] = []
    if source := sources["grocery"]:
        grocery(folder, source, dice["grocery"])
    if source := sources["photos"]:
        scenes = photos(folder, source, dice["photos"])
    if source := sources["objects"]:
        objects(folder, source, dice["objects"])
    if source := sources["marks"]:
        marks(folder, source, scenes, dice["marks"])
        if not scenes:
            print("Left out: logo-scene, which needs scenes from --photos.")
    families = {row[1] for row in folder.listings}
    for name, source in sources.items():
        if source and not any(family.startswith(GIVES[name]) for family in families):
            print(f"Left out: --{name} {source} has no pictures laid out as above (--help).")
    folder.write()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, metavar="OUT")
    names = ("grocery", "photos", "objects", "marks")
    for name in names:
        parser.add_argument(f"--{name}", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sources: dict[str, Path | None] = {name: getattr(asked, name) for name in names}
    for name, source in sources.items():
        if source is None:
            print(f"Left out: --{name} is not given.")
        elif not source.is_dir():
            sys.exit(f"--{name} {source}: no such folder.")
    folder = Folder(asked.out)
    build(folder, sources, asked.seed)
    for family, count in sorted(Counter(row[1] for row in folder.listings).items()):
        print(f"{family:<22}{count:6}")
    designs = len({row[0] for row in folder.designs})
    print(f"{designs} designs, {len(folder.listings)} listings: {asked.out}")


if __name__ == "__main__":
    main()
