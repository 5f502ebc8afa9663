"""The register in memory answers as the database's does, so that a calibration holds for it."""

from pathlib import Path
from uuid import UUID

import pytest

from detection.matching.register import DatabaseRegister
from fingerprints.models import Brand
from tests.matchers import channels, decoded, described, enrolled, found_in, indexes, memory
from tests.pictures import drawn, photograph
from vision.channels.copy import NAME as COPY
from vision.channels.register import Register
from vision.edits import transforms as edits
from vision.pictures.picture import Picture
from vision.pictures.resize import fit

VIEWS = [fit(photograph(name), longest=300) for name in ("coffee.png", "rocket.jpg")]

type Answer = list[tuple[UUID, str, float, int, bool]]


def answer(register: Register, picture: Picture) -> Answer:
    found = [(view.image, said.findings[COPY]) for view, said in found_in(picture, register)]
    return [
        (image, match.appearance, round(match.cosine, 5), match.inliers, match.identical)
        for image, match in found
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
        in_memory.enrol(image.pk, decoded(view).pixel_sha256, described(view))
    in_database = DatabaseRegister(channels(), indexes(channels(), tmp_path))
    found = answer(in_database, picture)
    assert found == answer(in_memory, picture)
    assert found
