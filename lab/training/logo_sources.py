"""Sources for training the logo encoder: Debian packages, each with its licence, and shapes that we draw.

None of their content is in the repository or in the encoder's file, which only holds weights.
"""

import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from brandguard.kernel.errors import DomainError
from lab.training import logo_pictures

GROUND_SIDE = 96  # pixels of a piece of ground
PIECES = 36  # pieces of each wallpaper
LARGE = 1600  # pixels to which a wallpaper is shrunk
SMALLEST = 400  # pixels a side: smaller pictures are not wallpapers
SHARES = (0.12, 0.2, 0.3, 0.45, 0.7, 1.0)  # shares of a wallpaper's shorter side that a piece takes
STAMPS = 700  # cut-out photographs that are scattered on half of the pieces
GLYPHS, WORDS, CLIP_ART, DRAWN, COMPOSED = 14_000, 4_000, 5_000, 4_000, 5_000
WEIGHTS = 2  # fonts of a family

type Masks = NDArray[np.uint8]
type Tell = Callable[[str], None]


class CannotFetch(DomainError):
    code = "cannot_fetch"


class Use(StrEnum):
    SIGNS = "signs"  # fonts whose signs are logos
    LETTERS = "letters"  # fonts in which names are written
    CLIP_ART = "clip art"
    GROUNDS = "grounds"
    STAMPS = "stamps"


@dataclass(frozen=True)
class Package:
    name: str
    use: Use
    licence: str


PACKAGES = (
    Package("fonts-noto-core", Use.SIGNS, "OFL-1.1"),
    Package("fonts-noto-extra", Use.SIGNS, "OFL-1.1"),
    Package("fonts-noto-cjk", Use.SIGNS, "OFL-1.1"),
    Package("fonts-symbola", Use.SIGNS, "free for any use"),
    Package("fonts-ancient-scripts", Use.SIGNS, "free for any use"),
    Package("fonts-material-design-icons-iconfont", Use.SIGNS, "Apache-2.0"),
    Package("fonts-urw-base35", Use.LETTERS, "AGPL-3 with font exception"),
    Package("fonts-junicode", Use.LETTERS, "OFL-1.1"),
    Package("fonts-lobster", Use.LETTERS, "OFL-1.1"),
    Package("fonts-open-sans", Use.LETTERS, "Apache-2.0"),
    Package("fonts-liberation", Use.LETTERS, "GPL-2 with font exception"),
    Package("fonts-dejavu-core", Use.LETTERS, "Bitstream Vera"),
    Package("fonts-hack", Use.LETTERS, "MIT and Bitstream Vera"),
    Package("fonts-cantarell", Use.LETTERS, "OFL-1.1"),
    Package("fonts-roboto-unhinted", Use.LETTERS, "Apache-2.0"),
    Package("openclipart-png", Use.CLIP_ART, "public domain"),
    Package("gnome-backgrounds", Use.GROUNDS, "CC-BY-SA-3.0"),
    Package("mate-backgrounds", Use.GROUNDS, "GPL-2+, CC-BY-SA-4.0"),
    Package("ukui-wallpapers", Use.GROUNDS, "CC-BY-SA-3.0"),
    Package("plasma-workspace-wallpapers", Use.GROUNDS, "GPL-2+"),
    Package("tuxpaint-stamps-default", Use.STAMPS, "GPL-2"),
)


def fetch(folder: Path, report: Tell) -> None:
    """Fetches every missing package without installing it. Raises CannotFetch."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if (folder / package.name).is_dir():
            continue
        report(f"fetching {package.name}")
        unfinished = folder / f".{package.name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        try:
            run(["apt-get", "download", "--quiet", package.name], unfinished)
            [archive] = unfinished.glob("*.deb")
            run(["dpkg-deb", "--extract", archive.name, "."], unfinished)
            archive.unlink()
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise CannotFetch(
                f"Debian's package {package.name} cannot be fetched: {error}.",
                remedy="Fetch on a Debian machine after apt-get update, copy the folder here and pass "
                "it with --pictures; or train with --drawn-only.",
                field="pictures",
            ) from error
        unfinished.rename(folder / package.name)


def run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603 - our own words


def logos(folder: Path, dice: random.Random, report: Tell) -> Masks:
    """Returns `uint8[n, SIDE, SIDE]`. Raises CannotFetch, which names a package missing from the folder."""
    signs = by_family(fonts_in(folder, Use.SIGNS))
    chosen = [font for family in signs for font in dice.sample(family, min(WEIGHTS, len(family)))]
    report("drawing glyphs")
    glyphs = logo_pictures.distinct(logo_pictures.glyphs(chosen, dice))
    dice.shuffle(glyphs)
    del glyphs[GLYPHS:]
    report("writing names")
    letters = fonts_in(folder, Use.LETTERS)
    words = logo_pictures.distinct(logo_pictures.words(letters, WORDS, dice))
    report("cutting out clip art")
    clip_art = sorted(files(folder, Use.CLIP_ART, {".png"}))
    dice.shuffle(clip_art)
    silhouettes = logo_pictures.distinct(logo_pictures.silhouettes(clip_art[:CLIP_ART]))
    report("drawing shapes")
    drawn = logo_pictures.distinct(logo_pictures.drawn(DRAWN, dice))
    together = [*glyphs, *words, *silhouettes]
    composed = logo_pictures.distinct(logo_pictures.composed(together, COMPOSED, dice))
    return np.stack([*together, *drawn, *composed])


def drawn_logos(count: int, dice: random.Random) -> Masks:
    """Returns logos without any package."""
    return np.stack(logo_pictures.distinct(logo_pictures.drawn(count, dice)))


def drawn_grounds(count: int, dice: random.Random) -> NDArray[np.uint8]:
    """Returns soft blots and noise: `uint8[count, 3, GROUND_SIDE, GROUND_SIDE]`."""
    chance = np.random.default_rng(dice.randrange(2**31))
    made = []
    for _ in range(count):
        coarse = chance.integers(0, 256, (dice.randint(2, 24), dice.randint(2, 24), 3), np.uint8)
        picture = Image.fromarray(coarse).resize(
            (GROUND_SIDE, GROUND_SIDE), Image.Resampling.BICUBIC
        )
        made.append(np.asarray(picture).transpose(2, 0, 1))
    return np.stack(made)


def grounds(folder: Path, dice: random.Random, report: Tell) -> NDArray[np.uint8]:
    """Returns pieces of wallpapers at every size, half of them with objects scattered on them: `uint8[n, 3,
    GROUND_SIDE, GROUND_SIDE]`.
    """
    report("cutting up wallpapers")
    stamps = list(cut_outs(folder, dice))
    pieces = []
    for path in sorted(files(folder, Use.GROUNDS, {".png", ".jpg", ".jpeg", ".webp"})):
        try:
            with Image.open(path) as opened:
                picture = opened.convert("RGB")
        except (OSError, ValueError, Image.DecompressionBombError):
            continue
        if min(picture.size) < SMALLEST:
            continue
        picture.thumbnail((LARGE, LARGE))
        pieces += [piece(picture, stamps, dice) for _ in range(PIECES)]
    dice.shuffle(pieces)
    return np.stack(pieces)


def piece(
    picture: Image.Image, stamps: Sequence[Image.Image], dice: random.Random
) -> NDArray[np.uint8]:
    shorter = min(picture.size)
    side = int(shorter * dice.choice(SHARES) * dice.uniform(0.8, 1))
    side = min(shorter, max(GROUND_SIDE, side))
    left, top = dice.randint(0, picture.width - side), dice.randint(0, picture.height - side)
    box = (left, top, left + side, top + side)
    made = picture.resize((GROUND_SIDE, GROUND_SIDE), Image.Resampling.BICUBIC, box, 3.0)
    if stamps and dice.random() < 0.5:
        for _ in range(dice.randint(1, 3)):
            stamp, wide = dice.choice(stamps), dice.randint(40, 150)
            stamp = stamp.resize((wide, max(8, wide * stamp.height // stamp.width)))
            made.paste(stamp, (dice.randint(-40, 80), dice.randint(-40, 80)), stamp)
    return np.asarray(made).transpose(2, 0, 1)


def cut_outs(folder: Path, dice: random.Random) -> Iterator[Image.Image]:
    paths = sorted(files(folder, Use.STAMPS, {".png"}))
    dice.shuffle(paths)
    for path in paths[:STAMPS]:
        try:
            with Image.open(path) as opened:
                stamp = opened.convert("RGBA")
        except (OSError, ValueError):
            continue
        stamp.thumbnail((256, 256))
        yield stamp


def fonts_in(folder: Path, use: Use) -> list[Path]:
    found = files(folder, use, {".ttf", ".otf", ".ttc"})
    return sorted(path for path in found if "UI" not in path.name)


def by_family(fonts: Sequence[Path]) -> list[list[Path]]:
    families: dict[str, list[Path]] = {}
    for path in fonts:
        families.setdefault(re.split(r"[-_]", path.stem)[0], []).append(path)
    return [families[name] for name in sorted(families)]


def files(folder: Path, use: Use, suffixes: set[str]) -> Iterator[Path]:
    for package in PACKAGES:
        if package.use != use:
            continue
        if not (folder / package.name).is_dir():
            raise CannotFetch(
                f"{folder} has no {package.name}.",
                remedy="Fetch it with --fetch, or train with --drawn-only.",
                field="pictures",
            )
        for path in (folder / package.name).rglob("*"):
            if path.suffix.lower() in suffixes and path.is_file() and not path.is_symlink():
                yield path
