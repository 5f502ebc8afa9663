"""The index of one process, which catches up with the database before each search.

The database is the truth. Enrolling and retiring write to the journal (IndexChange) in their own
transaction. A process remembers the last number that it applied and applies later ones before it
searches, so the next search anywhere finds a new design. Verifying an organisation is journalled too,
because its fingerprints move to the part of the index for verified claimants.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db.models import QuerySet

from fingerprints.models import Fingerprint, IndexChange
from fingerprints.models.fingerprint import FingerprintQuerySet
from vision.channels.registry import CHANNELS, models
from vision.encoders.base import EncoderSpec, Vectors
from vision.encoders.catalogue import spec_of
from vision.encoders.generation import generation_of
from vision.geometry.codes import Bits, Codes
from vision.index import snapshot
from vision.index.base import Hit
from vision.index.codes import CodeHits
from vision.index.parted import Entries, PartedIndex
from vision.index.snapshot import Position, Snapshot

logger = logging.getLogger(__name__)
BATCH = 1000  # rows a query, which bounds memory while catching up
BEAT: ContextVar[Callable[[], object]] = ContextVar("BEAT", default=lambda: None)


@contextmanager
def heartbeat(beat: Callable[[], object]) -> Iterator[None]:
    """Calls `beat` after each batch that an index loads or applies in this context. All batches together
    may take longer than a lease; one takes at most a second.
    """
    token = BEAT.set(beat)
    try:
        yield
    finally:
        BEAT.reset(token)


class LiveIndex:
    """Thread-safe: FAISS is not, so one lock covers catching up and searching."""

    def __init__(self, spec: EncoderSpec, folder: Path) -> None:
        self.spec = spec
        self.generation = generation_of(spec)
        self.folder = folder / self.generation
        self._lock = threading.Lock()
        self._state: Snapshot | None = None
        self._loading: Loading | None = None

    def catch_up(self) -> None:
        """Takes long after many enrolments: call it before a lease begins or an attempt is counted."""
        with self._lock:
            self._caught_up()

    def search(
        self, queries: Vectors, *, k: int, at_least: float = -1.0, of_a_brand: int | None = None
    ) -> list[list[Hit]]:
        """Returns hits whose ids are Fingerprint ids; see PartedIndex.search."""
        with self._lock:
            index = self._caught_up().index
            return index.search(queries, k=k, at_least=at_least, of_a_brand=of_a_brand)

    def near(
        self, perceptual_hash: int, *, within: int, most: int = 200, of_a_brand: int | None = None
    ) -> list[int]:
        """Returns ids of fingerprints whose perceptual hash differs in at most `within` bits; see
        PartedIndex.near.
        """
        with self._lock:
            index = self._caught_up().index
            return index.near(perceptual_hash, within=within, most=most, of_a_brand=of_a_brand)

    def search_codes(self, bits: Bits, *, of_a_brand: int) -> tuple[CodeHits, CodeHits]:
        """Returns hits whose ids are Fingerprint ids; see PartedIndex.search_codes."""
        with self._lock:
            return self._caught_up().index.search_codes(bits, of_a_brand=of_a_brand)

    def state(self) -> Snapshot:
        with self._lock:
            return self._caught_up()

    def save(self) -> Position:
        """Writes the snapshot if anything is new; returns its position in the journal."""
        with self._lock:
            state = self._caught_up()
            if snapshot.position_of(self.folder) != state.position:
                snapshot.save(self.folder, state)
            return state.position

    def rebuild(self) -> Position:
        """Reads every vector from the database again, whatever the snapshot holds."""
        with self._lock:
            self._loading = None
            self._state = self._from_database()
            snapshot.save(self.folder, self._state)
            return self._state.position

    def _caught_up(self) -> Snapshot:
        state = self._state or self._from_disk() or self._from_database()
        while changes := self._after(state.position):
            if any(change.operation == IndexChange.Operation.RELOAD for change in changes):
                state = self._from_database()
                continue
            apply(state, changes)
            last = changes[-1]
            state = Snapshot(state.index, Position(last.number, str(last.token)))
            self._state = state  # after an interruption, catching up continues from here
            BEAT.get()()
        self._state = state
        return state

    def _after(self, position: Position) -> list[IndexChange]:
        later = IndexChange.objects.filter(
            generation=self.generation, number__gt=position.number
        ).order_by("number")
        return list(later[:BATCH])

    def _from_database(self) -> Snapshot:
        """Loads from the database. After an interruption, such as a task's time limit, it continues."""
        loading = self._loading or begin_loading(self.spec, self.generation)
        self._loading = loading
        while loading.next_batch():
            BEAT.get()()
        self._loading = None
        return loading.state

    def _from_disk(self) -> Snapshot | None:
        """Returns the snapshot, or None unless this database's journal has the snapshot's position."""
        found = snapshot.load(self.folder)
        if found is None or not found.position.number:
            return None
        where = {"number": found.position.number, "token": found.position.token}
        return found if IndexChange.objects.filter(**where).exists() else None


@dataclass
class Loading:
    """Loads a whole generation in batches by id; ids up to `last` are in `state`."""

    generation: str
    state: Snapshot
    last: int = 0

    def next_batch(self) -> bool:
        """Loads the next batch; returns False when there is none."""
        later = Fingerprint.objects.filter(generation=self.generation, id__gt=self.last)
        rows = list(to_index(later).order_by("id")[:BATCH])
        add(self.state, rows)
        if rows:
            self.last = rows[-1][0]
        return bool(rows)


def begin_loading(spec: EncoderSpec, generation: str) -> Loading:
    """Reads the position first: what is enrolled meanwhile is applied twice, which is harmless."""
    last = IndexChange.objects.filter(generation=generation).order_by("-number").first()
    position = Position(last.number, str(last.token)) if last else Position()
    return Loading(generation, Snapshot(PartedIndex.empty(spec.dimension), position))


def apply(state: Snapshot, changes: Iterable[IndexChange]) -> None:
    """Applies the last change of each fingerprint; one that the database has lost is not added."""
    last = {change.fingerprint_id: change.operation for change in changes}
    removed = [number for number, what in last.items() if what == IndexChange.Operation.REMOVE]
    added = [number for number, what in last.items() if what == IndexChange.Operation.ADD]
    state.index.remove(removed)
    add(state, to_index(Fingerprint.objects.filter(id__in=added)))


type Stored = bytes | memoryview
type Row = tuple[int, Stored, Stored, int, UUID, datetime | None]


def to_index(rows: FingerprintQuerySet) -> "QuerySet[Fingerprint, Row]":
    """Selects what the index needs, without local features, which are a hundred times as large."""
    return rows.searchable().values_list(
        "id",
        "vector",
        "codes",
        "perceptual_hash",
        "image__design__brand_id",
        "image__design__brand__organisation__verified_at",
    )


def add(state: Snapshot, rows: Iterable[Row]) -> None:
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    ids, vectors, codes, hashes, brands, verified_at = columns
    entries = Entries(
        np.array(ids, np.int64),
        np.stack([np.frombuffer(vector, "<f4") for vector in vectors]).astype(np.float32),
        hashes,
        brands,
        [Codes.from_bytes(stored) for stored in codes],
    )
    state.index.add(entries, np.array([at is not None for at in verified_at]))


def live_index(encoder: EncoderSpec | str | None = None) -> LiveIndex:
    """Returns this process's index for an encoder or a catalogue name; by default the serving encoder."""
    if not isinstance(encoder, EncoderSpec):
        encoder = spec_of(encoder or settings.ENCODER)
    return live_index_of(encoder)


def live_indexes() -> list[LiveIndex]:
    """Returns this process's indexes of all channels that are searched and have an encoder."""
    chosen = models()
    return [
        live_index(chosen[spec.name])
        for spec in CHANNELS
        if spec.is_searched and spec.name in chosen
    ]


def save_snapshots() -> None:
    """Saves every index of this process; one that fails stops none of the others."""
    for index in live_indexes():
        try:
            index.save()
        except OSError:
            logger.exception("The snapshot in %s could not be written.", index.folder)


@lru_cache
def live_index_of(encoder: EncoderSpec) -> LiveIndex:
    """Creates one index for each process and encoder, because it holds every vector in memory."""
    return LiveIndex(encoder, Path(settings.DATA_DIR) / "index")
