"""The catalogue in memory answers as the database's does, so that a calibration holds for it."""

from pathlib import Path
from uuid import UUID

import pytest
from detection.matching.catalogue import DatabaseCatalogue
from vision.channels.evidence import Catalogue, find
from vision.channels.fingerprinting import prints_of

from fingerprints.index.live import LiveIndex
from fingerprints.models import Brand
from tests.fake_encoder import SPEC, FakeEncoder
from tests.matchers import decoded, enrolled, memory, seen
from tests.pictures import drawn, photograph
from vision.channels.background import NO_BACKGROUND
from vision.edits import transforms as edits
from vision.pictures.decode import Picture
from vision.pictures.resize import fit

VIEWS = [fit(photograph(name), longest=300) for name in ("coffee.png", "rocket.jpg")]

type Answer = list[tuple[UUID, str, float, int, bool]]


def answer(catalogue: Catalogue, picture: Picture) -> Answer:
    return [
        (view.image, found.appearance, round(found.cosine, 5), found.inliers, found.identical)
        for view, found in find(seen(picture), catalogue)
    ]


@pytest.mark.parametrize(
    "picture",
    [
        VIEWS[0],
        edits.mirror(VIEWS[0]),
        edits.rotate(VIEWS[1], degrees=10),
        drawn(3),
    ],
    ids=["identical", "mirrored", "rotated", "unrelated"],
)
def test_memory_and_database_give_the_same_evidence(
    brand: Brand, tmp_path: Path, picture: Picture
) -> None:
    in_memory = memory()
    for view in VIEWS:
        image = enrolled(brand, view).images.get()
        in_memory.enrol(image.pk, decoded(view).pixel_sha256, prints_of(view, FakeEncoder()))
    in_database = DatabaseCatalogue(LiveIndex(SPEC, tmp_path), NO_BACKGROUND)
    assert answer(in_database, picture) == answer(in_memory, picture)
