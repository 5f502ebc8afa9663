"""Names of stored files."""

import uuid
from pathlib import PurePath

from vision.pictures.formats import SUFFIXES


def new_file_name(folder: str, given: str) -> str:
    """A name of our own: nothing of the sender's name but a harmless ending goes to the disk."""
    suffix = PurePath(given).suffix.lower()
    kept = suffix if suffix in {*SUFFIXES, ".pdf"} else ""
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}{kept}"
