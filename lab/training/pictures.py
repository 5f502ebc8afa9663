"""Real pictures of a folder, or those that scikit-image brings along."""

import importlib.resources
from pathlib import Path

from lab.training.extra import ExtraMissing
from vision.pictures.decode import Picture, UnreadableImage, decode
from vision.pictures.folder import pictures_below

MOST = 64


def pictures_of(folder: Path | None) -> list[Picture]:
    """In the order of their paths, at most MOST, without those that cannot be read."""
    root = folder or brought_along()
    found = []
    for path in pictures_below(root):
        try:
            found.append(decode(path.read_bytes()).pixels)
        except UnreadableImage:
            continue
        if len(found) == MOST:
            break
    return found


def brought_along() -> Path:
    try:
        return Path(str(importlib.resources.files("skimage.data")))
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            "scikit-image is not installed here, whose photographs are compared on.",
            remedy="Name a folder of pictures with --pictures.",
        ) from error
