"""Labelled pairs are measured by the steps that production takes."""

from pathlib import Path

import pytest

from lab.calibration.collect import Collector, recoloured
from lab.calibration.folder import ListingRow, read_folder
from tests.fake_encoder import FakeEncoder, OfThings
from tests.matchers import channels
from tests.pictures import drawn, encoded, photograph
from vision.channels.copy import NAME as COPY
from vision.channels.fitting import Pair
from vision.channels.object import NAME as OBJECT
from vision.edits.transforms import rotate
from vision.pictures.decode import decode
from vision.pictures.resize import fit

COFFEE = fit(photograph("coffee.png"), longest=300)
FOLDER = {
    "coffee.png": encoded(COFFEE),
    "rocket.png": encoded(fit(photograph("rocket.jpg"), longest=300)),
    "turned.png": encoded(rotate(COFFEE, degrees=10)),
    "other.png": encoded(drawn(5)),
}
DESIGNS = "design_id,brand,kind,path\nd1,Acme,packaging,coffee.png\nd2,Umbra,logo,rocket.png\n"
LISTINGS = (
    "path,family,design_id,brand\n"
    "turned.png,turned,d1,Acme\nother.png,unrelated-photo,,\nturned.png,shop-photo,d1,Acme\n"
)


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Collector:
    root = tmp_path_factory.mktemp("labelled")
    for name, data in FOLDER.items():
        (root / name).write_bytes(data)
    (root / "designs.csv").write_text(DESIGNS)
    (root / "listings.csv").write_text(LISTINGS)
    made = Collector(
        read_folder(Path(root)), FakeEncoder(), FakeEncoder(), channels(), lambda *_: None
    )
    assert made.enrol() == made.enrolled[COPY] == 2
    return made


@pytest.fixture(scope="module")
def pairs(collector: Collector) -> list[Pair]:
    return list(collector.listings())


def inliers(pair: Pair) -> int:
    found: int = pair.findings[COPY].inliers
    return found


def test_the_right_view_is_related_and_other_brands_are_not(pairs: list[Pair]) -> None:
    wrong, right = (pair for pair in pairs if pair.family == "turned")
    assert (right.truth, wrong.truth) == ("related", "unrelated")
    assert inliers(right) > 40 > inliers(wrong)


def test_an_unrelated_listing_has_no_related_pair(pairs: list[Pair]) -> None:
    found = [pair for pair in pairs if pair.family == "unrelated-photo"]
    assert found
    assert not any(pair.truth == "related" for pair in found)


def test_where_other_brands_really_stand_behind_they_are_not_counted(pairs: list[Pair]) -> None:
    assert [pair.truth for pair in pairs if pair.family == "shop-photo"] == ["related"]


def test_each_listing_has_a_number_of_its_own(pairs: list[Pair]) -> None:
    numbers = {pair.family: pair.listing for pair in pairs}
    assert len(set(numbers.values())) == 3


def test_edits_are_made_of_packaging_and_photographs_only(collector: Collector) -> None:
    made = list(collector.edits())
    related = [pair for pair in made if pair.truth == "related"]
    assert len({pair.family for pair in related}) == len(related)
    assert {pair.family for pair in made} >= {"edit-jpeg-85", "edit-mirror", "edit-collage"}
    confirmed = [pair.family for pair in related if inliers(pair) > 10]
    assert {"edit-jpeg-85", "edit-mirror", "edit-inverted", "edit-rotate-25"} <= set(confirmed)


# --- objects ------------------------------------------------------------------------------------
def test_a_listing_is_recoloured_the_same_way_every_time() -> None:
    row = ListingRow("a.png", "turntable-30", "d1", "Acme")
    decoded = decode(FOLDER["coffee.png"])
    (first, made), (again, same) = recoloured(row, decoded), recoloured(row, decoded)
    assert first == again
    assert first.family.startswith("turntable-30-")
    assert made.pixel_sha256 == same.pixel_sha256 != decoded.pixel_sha256


def test_one_channel_alone_enrols_and_verifies_its_own(tmp_path: Path) -> None:
    for name, data in FOLDER.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "turned.png").write_bytes(encoded(COFFEE, "JPEG", quality=60))
    (tmp_path / "designs.csv").write_text(DESIGNS.replace("packaging", "object"))
    (tmp_path / "listings.csv").write_text(LISTINGS)
    made = Collector(
        read_folder(tmp_path),
        FakeEncoder(),
        FakeEncoder(),
        channels(objects=OfThings()),
        lambda *_: None,
    )
    made.only = OBJECT
    assert made.collect_cohorts() == {}
    assert made.enrol() == 1
    found = list(made.listings())
    assert found
    assert all(set(pair.findings) == {OBJECT} for pair in found)
