"""Names of stored files."""

import uuid
from pathlib import PurePath

from vision.pictures.formats import SUFFIXES


def new_file_name(folder: str, given: str) -> str:
    """Returns a random name; only a harmless suffix of the sender's name reaches the disk."""
    suffix = PurePath(given).suffix.lower()
    kept = suffix if suffix in {*SUFFIXES, ".pdf"} else ""
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}{kept}"
