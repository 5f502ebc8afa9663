"""Pictures that stand in a folder, by how their names end."""

from pathlib import Path

from vision.pictures.formats import SUFFIXES


def pictures_below(folder: Path) -> list[Path]:
    """In the order of their paths."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
