"""The index on disk, so that a process starts without reading every vector from the database.

A snapshot is three files: the vectors, the hashes, and `current.json`, which is replaced last and
names the other two, with their hashes and the journal number that they stand at. Whoever is
killed in between leaves the old snapshot in force; a file that is not whole is never used.
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

from fingerprints.files import sha256
from fingerprints.index.base import VectorIndex
from fingerprints.index.faiss import FaissIndex
from fingerprints.index.hashes import HashTable


@dataclass(frozen=True)
class Position:
    """How far in the journal: the number of the last change and its token ("" before the first)."""

    number: int = 0
    token: str = ""


@dataclass(frozen=True)
class Snapshot:
    index: VectorIndex
    hashes: HashTable
    position: Position


def save(folder: Path, snapshot: Snapshot) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would clear away each other's files
        write(folder, snapshot)


def write(folder: Path, snapshot: Snapshot) -> None:
    stem = f"{snapshot.position.number}-{uuid4().hex[:8]}"
    vectors, hashes = folder / f"{stem}.faiss", folder / f"{stem}.npz"
    snapshot.index.save(vectors)
    ids, values = snapshot.hashes.items()
    with hashes.open("wb") as file:
        np.savez(file, ids=ids, hashes=values)
    for path in (vectors, hashes):
        to_disk(path)
    named = {
        "vectors": [vectors.name, sha256(vectors)],
        "hashes": [hashes.name, sha256(hashes)],
        **asdict(snapshot.position),
    }
    fresh = folder / f"{stem}.json"
    fresh.write_text(json.dumps(named))
    to_disk(fresh)
    fresh.replace(folder / "current.json")
    for old in folder.iterdir():
        if old.name not in {"current.json", "lock", vectors.name, hashes.name}:
            old.unlink(missing_ok=True)


def position_of(folder: Path) -> Position | None:
    """Where the snapshot stands that is there now."""
    try:
        return position_in(json.loads((folder / "current.json").read_text()))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def position_in(named: dict[str, Any]) -> Position:
    return Position(int(named["number"]), str(UUID(named["token"])))


def load(folder: Path) -> Snapshot | None:
    """None when there is none, or none that can be read: the database then serves instead."""
    try:
        named = json.loads((folder / "current.json").read_text())
        position = position_in(named)
        index = FaissIndex.load(whole(folder, *named["vectors"]))
        with np.load(whole(folder, *named["hashes"]), allow_pickle=False) as stored:
            table = HashTable()
            for number, value in zip(
                stored["ids"].tolist(), stored["hashes"].tolist(), strict=True
            ):
                table.add(number, value)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, BadZipFile):
        return None
    return Snapshot(index, table, position)


def whole(folder: Path, name: str, expected: str) -> Path:
    """Raises ValueError when the file is not the one that was saved."""
    path = folder / name
    if sha256(path) != expected:
        raise ValueError(f"{name} is not whole")
    return path


def to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
