"""The index on disk, so that a process starts without reading every vector from the database.

A snapshot is seven files: vectors, local-feature codes, and ids with perceptual hashes and brands, both for
verified claimants and for others; and `current.json`. That file is replaced last and names the others with their
hashes and their journal number. A process killed in between leaves the old snapshot in force; an incomplete
file is never used.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import BadZipFile

import numpy as np

from vision.files import sha256
from vision.index.codes import CodeIndex
from vision.index.faiss import FaissIndex
from vision.index.parted import Part, PartedIndex

PARTS = ("verified", "others")


@dataclass(frozen=True)
class Position:
    """A position in the journal: number and token of the last change (token "" before the first)."""

    number: int = 0
    token: str = ""


@dataclass(frozen=True)
class Snapshot:
    index: PartedIndex
    position: Position


def save(folder: Path, snapshot: Snapshot) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two writers would delete each other's files
        write(folder, snapshot)


def write(folder: Path, snapshot: Snapshot) -> None:
    stem = f"{snapshot.position.number}-{uuid4().hex[:8]}"
    written = {
        name: write_part(folder, f"{stem}-{name}", part)
        for name, part in zip(PARTS, snapshot.index.parts, strict=True)
    }
    named = {
        **{name: [[path.name, sha256(path)] for path in paths] for name, paths in written.items()},
        **asdict(snapshot.position),
    }
    fresh = folder / f"{stem}.json"
    fresh.write_text(json.dumps(named))
    to_disk(fresh)
    fresh.replace(folder / "current.json")
    kept = {"current.json", "lock", *(path.name for paths in written.values() for path in paths)}
    for old in folder.iterdir():
        if old.name not in kept:
            old.unlink(missing_ok=True)


def write_part(folder: Path, stem: str, part: Part) -> tuple[Path, ...]:
    vectors, codes, owners = (folder / f"{stem}.{kind}" for kind in ("faiss", "codes", "npz"))
    part.index.save(vectors)
    part.codes.save(codes)
    ids, hashes = part.hashes.items()
    brands = b"".join(part.brands[number].bytes for number in ids.tolist())
    with owners.open("wb") as file:
        np.savez(file, ids=ids, hashes=hashes, brands=np.frombuffer(brands, np.uint8))
    written = vectors, codes, owners
    for path in written:
        to_disk(path)
    return written


def position_of(folder: Path) -> Position | None:
    """Returns the position of the current snapshot, or None without one."""
    try:
        return position_in(json.loads((folder / "current.json").read_text()))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def position_in(named: dict[str, Any]) -> Position:
    return Position(int(named["number"]), str(UUID(named["token"])))


def load(folder: Path) -> Snapshot | None:
    """Returns None when there is no readable snapshot; the index is then built from the database."""
    try:
        named = json.loads((folder / "current.json").read_text())
        position = position_in(named)
        files = [[whole(folder, *file) for file in named[name]] for name in PARTS]
        index = PartedIndex(
            *(Part(FaissIndex.load(one), CodeIndex.load(two)) for one, two, _ in files)
        )
        for part, (*_, owners) in zip(index.parts, files, strict=True):
            read_part(part, owners)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, BadZipFile):
        return None
    return Snapshot(index, position)


def read_part(part: Part, owners: Path) -> None:
    with np.load(owners, allow_pickle=False) as stored:
        known: dict[bytes, UUID] = {}  # one object a brand, not one a fingerprint
        brands = [bytes(row) for row in stored["brands"].reshape(-1, 16)]
        part.note(
            stored["ids"].tolist(),
            stored["hashes"].tolist(),
            [known.setdefault(brand, UUID(bytes=brand)) for brand in brands],
        )


def whole(folder: Path, name: str, expected: str) -> Path:
    """Returns the file's path. Raises ValueError when it is not the one that was saved."""
    path = folder / name
    if sha256(path) != expected:
        raise ValueError(f"{name} is incomplete")
    return path


def to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
