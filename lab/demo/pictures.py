"""The demo's pictures: photographs from scikit-image's wheel, or a folder that the user names."""

import importlib.resources
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError
from PIL import Image, UnidentifiedImageError

from vision.pictures.formats import NAMES, SUFFIXES

# name in the wheel, name of the design, design kind
REGISTERED = (
    ("coffee.png", "Coffee cup", "object"),
    ("rocket.jpg", "Rocket", "photo"),
    ("motorcycle_left.png", "Motorcycle", "object"),
    ("logo.png", "Snake logo", "logo"),
    ("clock_motion.png", "Clock", "object"),
)
OTHER_CAMERA = "motorcycle_right.png"
OTHER_OWNER = ("chelsea.png", "Cat portrait", "photo")
NOT_REGISTERED = (
    "astronaut.png", "brick.png", "camera.png", "cell.png", "chessboard_GRAY.png",
    "coins.png", "color.png", "grass.png", "gravel.png", "horse.png", "hubble_deep_field.jpg",
    "ihc.png", "moon.png", "page.png", "phantom.png", "retina.jpg", "text.png",
)  # fmt: skip
MAX_REGISTERED = 5  # of a folder's pictures; the others are the unrelated ones
FEWEST = 8  # pictures a folder must hold: designs, and enough others to be unrelated


@dataclass(frozen=True)
class Photograph:
    name: str
    design_kind: str
    data: bytes


@dataclass(frozen=True)
class Collection:
    """Which pictures the demo registers and which it does not. A second photograph of a registered object
    comes with its design's name, or None. `another_owner_s` is registered by a second brand owner after
    everything else was matched.
    """

    registered: tuple[Photograph, ...]
    unrelated: tuple[Photograph, ...]
    other_camera: tuple[str, Photograph] | None
    another_owner_s: Photograph


def bundled() -> Collection:
    folder = importlib.resources.files("skimage.data")

    def photograph(file: str, name: str = "", design_kind: str = "photo") -> Photograph:
        return Photograph(
            name or file.split(".", maxsplit=1)[0], design_kind, (folder / file).read_bytes()
        )

    return Collection(
        registered=tuple(photograph(*row) for row in REGISTERED),
        unrelated=tuple(photograph(file) for file in NOT_REGISTERED),
        other_camera=("Motorcycle", photograph(OTHER_CAMERA)),
        another_owner_s=photograph(*OTHER_OWNER),
    )


def from_folder(folder: Path) -> Collection:
    """Raises CommandError when the folder has too few readable pictures."""
    found = list(readable(folder))
    if len(found) < FEWEST:
        raise CommandError(
            f"--images {folder}: {len(found)} readable pictures; put at least {FEWEST} {NAMES} "
            "files there."
        )
    cut = min(MAX_REGISTERED, len(found) // 2)
    *unrelated, last = found[cut:]
    return Collection(tuple(found[:cut]), tuple(unrelated), None, last)


def readable(folder: Path) -> Iterator[Photograph]:
    for path in sorted(folder.glob("*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        try:
            with Image.open(path) as opened:
                opened.verify()
        except (UnidentifiedImageError, OSError, SyntaxError):
            continue
        yield Photograph(path.stem, "photo", path.read_bytes())
