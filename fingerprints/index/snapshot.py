"""The index on disk, so that a process starts without reading every vector from the database.

A snapshot is three files: the vectors, the hashes, and `current.json`, which is replaced last and
names the other two with the journal number that they stand at. Whoever is killed in between
leaves the old snapshot in force.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

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
    stem = f"{snapshot.position.number}-{os.getpid()}"
    vectors, hashes = folder / f"{stem}.faiss", folder / f"{stem}.npz"
    snapshot.index.save(vectors)
    ids, values = snapshot.hashes.items()
    with hashes.open("wb") as file:
        np.savez(file, ids=ids, hashes=values)
    for path in (vectors, hashes):
        to_disk(path)
    named = {"vectors": vectors.name, "hashes": hashes.name, **asdict(snapshot.position)}
    fresh = folder / f"{stem}.json"
    fresh.write_text(json.dumps(named))
    to_disk(fresh)
    fresh.replace(folder / "current.json")
    for old in folder.iterdir():
        if old.name not in {"current.json", vectors.name, hashes.name}:
            old.unlink(missing_ok=True)


def load(folder: Path) -> Snapshot | None:
    """None when there is none, or none that can be read: the database then serves instead."""
    try:
        named = json.loads((folder / "current.json").read_text())
        index = FaissIndex.load(folder / named["vectors"])
        with np.load(folder / named["hashes"], allow_pickle=False) as stored:
            table = HashTable()
            for number, value in zip(
                stored["ids"].tolist(), stored["hashes"].tolist(), strict=True
            ):
                table.add(number, value)
    except (OSError, ValueError, KeyError, RuntimeError):
        return None
    return Snapshot(index, table, Position(named["number"], named["token"]))


def to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
