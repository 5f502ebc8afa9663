"""Compares an index with the database."""

from dataclasses import dataclass

import numpy as np

from fingerprints.index.live import LiveIndex
from fingerprints.models import Fingerprint
from vision.index.snapshot import Snapshot


@dataclass(frozen=True)
class Comparison:
    """Fingerprint ids: `missing` from the index, `stale` with another vector or hash, and `extra` ones."""

    compared: int
    missing: list[int]
    stale: list[int]
    extra: list[int]

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.stale or self.extra)


def compare(index: LiveIndex) -> Comparison:
    """Compares safely beside running workers: the index catches up after the database is read, and
    fingerprints retired meanwhile do not count as extra.
    """
    rows = Fingerprint.objects.searchable().filter(generation=index.generation)
    wanted = {
        pk: (bytes(vector), hashed)
        for pk, vector, hashed in rows.values_list("pk", "vector", "perceptual_hash").iterator(
            chunk_size=1000
        )
    }
    state = index.state()
    held = set(state.index.ids().tolist())
    hashes = state.index.hashes()
    missing = sorted(wanted.keys() - (held & hashes.keys()))
    extra = sorted((held | hashes.keys()) - wanted.keys())
    return Comparison(
        compared=len(wanted),
        missing=list(rows.filter(pk__in=missing).order_by("pk").values_list("pk", flat=True)),
        stale=[
            pk
            for pk, (vector, hashed) in wanted.items()
            if pk in held and (differs(state, pk, vector) or hashes.get(pk, hashed) != hashed)
        ],
        extra=sorted(set(extra) - set(rows.filter(pk__in=extra).values_list("pk", flat=True))),
    )


def differs(state: Snapshot, number: int, stored: bytes) -> bool:
    indexed = state.index.vector(number)
    return not np.array_equal(indexed, np.frombuffer(stored, "<f4"))
