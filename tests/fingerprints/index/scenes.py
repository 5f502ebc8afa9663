"""Registered designs for the index to find, with the fake encoder's vectors."""

from collections.abc import Sequence

import numpy as np
from django.core.files.base import ContentFile
from django.db import transaction

from fingerprints.actions.enrol import enrol_design
from fingerprints.index.live import LiveIndex
from fingerprints.models import Brand, Design, DesignImage, Fingerprint, IndexChange
from tests import factories
from tests.fake_encoder import SPEC, FakeEncoder
from tests.matchers import channels
from tests.pictures import drawn, encoded
from vision.encoders.base import Vectors
from vision.encoders.generation import generation_of

GENERATION = generation_of(SPEC)
ADD = IndexChange.Operation.ADD


def enrolled(of: Brand, seed: int) -> Design:
    """By the same steps as in production."""
    design = factories.design(of, name=f"Design {seed}")
    DesignImage.objects.create(
        design=design,
        position=0,
        name="front.png",
        file=ContentFile(encoded(drawn(seed)), "front.png"),
        sha256=f"{seed:064}",
    )
    enrol_design(design=design, encoder=FakeEncoder(), channels=channels())
    return design


def query(seed: int) -> Vectors:
    return FakeEncoder().embed([drawn(seed)])


def nearest(index: LiveIndex, seed: int) -> str | None:
    """The design whose view looks just like the picture drawn with that seed."""
    [hits] = index.search(query(seed), k=1, at_least=0.999)
    return Fingerprint.objects.get(pk=hits[0].id).image.design.name if hits else None


def bare_fingerprints(of: Brand, vectors: Vectors) -> list[Fingerprint]:
    """Rows that no journal speaks of yet."""
    image = factories.view(factories.design(of))
    return Fingerprint.objects.bulk_create(
        Fingerprint(
            image=image,
            generation=GENERATION,
            variant=f"test-{number}",
            vector=vector.astype("<f4").tobytes(),
            perceptual_hash=number,
        )
        for number, vector in enumerate(vectors)
    )


def axes(*numbers: int) -> Vectors:
    return np.eye(SPEC.dimension, dtype=np.float32)[list(numbers)]


def record(operation: IndexChange.Operation, rows: Sequence[Fingerprint]) -> None:
    with transaction.atomic():
        IndexChange.objects.record(operation, GENERATION, [row.pk for row in rows])


def found(index: LiveIndex, vectors: Vectors) -> list[list[int]]:
    """Ids of what lies exactly there."""
    return [[hit.id for hit in hits] for hits in index.search(vectors, k=50, at_least=0.999)]
