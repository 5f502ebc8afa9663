"""Real pictures from a folder, or those that scikit-image ships."""

import importlib.resources
from pathlib import Path

from lab.training.extra import ExtraMissing
from vision.pictures.decode import UnreadableImage, decode
from vision.pictures.folder import pictures_below
from vision.pictures.picture import Picture

MOST = 64


def pictures_of(folder: Path | None) -> list[Picture]:
    """Returns at most MOST readable pictures, sorted by path."""
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
            "scikit-image, whose photographs serve for the comparison, is not installed.",
            remedy="Name a folder of pictures with --pictures.",
        ) from error
