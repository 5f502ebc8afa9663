"""Whether an index holds exactly what the database holds."""

from dataclasses import dataclass

import numpy as np

from fingerprints.index.snapshot import Snapshot
from fingerprints.models import Fingerprint


@dataclass(frozen=True)
class Comparison:
    """Fingerprint ids: not in the index, there with another vector, there without reason."""

    compared: int
    missing: list[int]
    stale: list[int]
    extra: list[int]

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.stale or self.extra)


def compare(state: Snapshot, generation: str) -> Comparison:
    held = set(state.index.ids().tolist())
    wanted: set[int] = set()
    stale: list[int] = []
    rows = Fingerprint.objects.searchable().filter(generation=generation)
    for number, vector in rows.values_list("pk", "vector").iterator(chunk_size=1000):
        wanted.add(number)
        if number in held and differs(state, number, bytes(vector)):
            stale.append(number)
    return Comparison(len(wanted), sorted(wanted - held), stale, sorted(held - wanted))


def differs(state: Snapshot, number: int, stored: bytes) -> bool:
    indexed = state.index.vectors(np.array([number], np.int64))[0]
    return not np.array_equal(indexed, np.frombuffer(stored, "<f4"))
