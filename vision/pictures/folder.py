"""Pictures in a folder, recognised by their suffixes."""

from pathlib import Path

from vision.pictures.formats import SUFFIXES


def pictures_below(folder: Path) -> list[Path]:
    """Returns the pictures below the folder, sorted by path."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
