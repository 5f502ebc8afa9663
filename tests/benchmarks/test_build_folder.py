"""The folder that build_folder.py makes from tiny pictures laid out as each source is."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.programs import longest_side, run
from tests.pictures import drawn

PRODUCTS = ["Acme-Juice", "Acme-Milk", "Bolt-Tea", "Bolt-Rye", "Corn-Oil", "Dew-Jam", "Dew-Gin"]
FAMILIES = {
    "shop-photo", "sibling-photo", "unrelated-carton", "unrelated-photo", "unrelated-produce",
    "unrelated-object", "unrelated-mark", "turntable-15", "turntable-30", "turntable-45",
    "logo-scene-40", "logo-scene-20", "logo-scene-20-angle", "logo-scene-8",
}  # fmt: skip
SQUARE = (
    '<svg viewBox="0 0 24 24" xmlns="http://www.w3.org/2000/svg"><path d="M0 0h24v24H0z"/></svg>'
)

type Row = dict[str, str]


@dataclass(frozen=True)
class Built:
    out: Path
    said: str
    designs: list[Row]
    listings: list[Row]

    def of(self, *families: str) -> list[Row]:
        rows = [row for row in self.listings if row["family"] in families]
        assert rows
        return rows


def save(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(drawn(seed, width=32, height=32)).save(path)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    grocery = folder / "grocery" / "dataset"
    for seed, name in enumerate(PRODUCTS):
        icons = grocery / "iconic-images-and-descriptions" / "Packages" / "Any" / name
        save(icons / f"{name}_Iconic.jpg", seed)
        for part in ("train", "val", "test"):
            save(grocery / part / "Packages" / "Any" / name / f"{name}_{part}.jpg", seed)
    save(grocery / "train" / "Fruit" / "Kiwi" / "Kiwi_001.jpg", 50)
    (folder / "photos").mkdir()
    for seed in range(12):
        flat = Image.new("RGB", (700, 600), (seed * 9, 60, 70))
        flat.save(folder / "photos" / f"n{seed:08d}_thing.JPEG")
    for number in range(1, 6):
        for degrees in range(0, 360, 5):
            save(folder / "objects" / f"obj{number}__{degrees}.png", number)
    (folder / "marks").mkdir()
    for name in ("one", "two", "three", "four", "five", "six"):
        (folder / "marks" / f"{name}.svg").write_text(SQUARE, encoding="utf-8")
    return folder


def build(out: Path, sources: Path, *names: str, seed: int = 1) -> Built:
    options = [argument for name in names for argument in (f"--{name}", sources / name)]
    ran = run("build_folder.py", out, *options, "--seed", seed)
    assert ran.returncode == 0, ran.stderr
    return Built(out, ran.stdout, rows(out / "designs.csv"), rows(out / "listings.csv"))


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def built(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("out"), sources, "grocery", "photos", "objects", "marks")


def test_every_family_is_there(built: Built) -> None:
    assert {row["family"] for row in built.listings} == FAMILIES
    assert {row["kind"] for row in built.designs} == {"packaging", "photo", "object", "logo"}


def test_every_row_has_a_picture_of_at_most_640_pixels(built: Built) -> None:
    paths = [row["path"] for row in [*built.designs, *built.listings]]

    assert len(set(paths)) == len(paths)
    assert max(longest_side(built.out / path) for path in paths) == 640


def test_a_shop_photo_names_a_registered_design_of_its_brand(built: Built) -> None:
    brands = {row["design_id"]: row["brand"] for row in built.designs}

    for row in built.of("shop-photo", "turntable-15", "logo-scene-8"):
        assert brands[row["design_id"]] == row["brand"]


def test_a_sibling_names_a_registered_brand_and_no_design(built: Built) -> None:
    brands = {row["brand"] for row in built.designs}

    for row in built.of("sibling-photo"):
        assert (row["design_id"], row["brand"] in brands) == ("", True)


def test_an_unrelated_carton_is_of_no_registered_brand(built: Built) -> None:
    brands = {row["brand"] for row in built.designs}

    for row in built.of("unrelated-carton"):
        assert (row["design_id"], row["brand"]) == ("", "")
        assert Path(row["path"]).name.partition("-")[0] not in brands


def test_a_brand_without_official_pictures_is_unrelated(sources: Path, tmp_path: Path) -> None:
    for name in ("Acme-Juice", "Bolt-Tea"):
        save(tmp_path / "grocery" / "test" / "Packages" / "Any" / name / "1.jpg", 1)
    icon = sources.glob("grocery/**/Acme-Juice_Iconic.jpg")
    known = tmp_path / "grocery" / "Packages" / "Acme-Juice_Iconic.jpg"
    known.parent.mkdir()
    known.write_bytes(next(icon).read_bytes())

    built = build(tmp_path / "out", tmp_path, "grocery")

    families = [(row["family"], row["brand"]) for row in built.listings]
    assert families == [("shop-photo", "acme"), ("unrelated-carton", "")]


@pytest.mark.parametrize("degrees", [15, 30, 45])
def test_a_turntable_listing_is_that_far_from_its_nearest_view(built: Built, degrees: int) -> None:
    for row in built.of(f"turntable-{degrees}"):
        turned = int(Path(row["path"]).stem.split("-")[1])
        assert min(turned % 90, -turned % 90) == degrees


def test_an_object_has_four_views(built: Built) -> None:
    views = [row["design_id"] for row in built.designs if row["kind"] == "object"]

    assert {views.count(name) for name in views} == {4}


@pytest.mark.parametrize(
    ("family", "share"), [("logo-scene-40", 0.4), ("logo-scene-20", 0.2), ("logo-scene-8", 0.08)]
)
def test_a_mark_takes_its_share_of_the_scene(built: Built, family: str, share: float) -> None:
    for row in built.of(family):
        with Image.open(built.out / row["path"]) as picture:
            shown = np.asarray(picture.convert("RGB"), float)
        scene = np.median(np.concatenate([shown[0], shown[-1]]), axis=0)
        assert (np.abs(shown - scene).sum(2) > 60).mean() == pytest.approx(share, abs=0.02)


def test_the_same_seed_builds_the_same_folder(built: Built, sources: Path, tmp_path: Path) -> None:
    again = build(tmp_path, sources, "grocery", "photos", "objects", "marks")

    assert again.listings == built.listings
    for row in [*built.designs, *built.listings]:
        assert (tmp_path / row["path"]).read_bytes() == (built.out / row["path"]).read_bytes()


def test_another_seed_registers_others(built: Built, sources: Path, tmp_path: Path) -> None:
    other = build(tmp_path, sources, "photos", seed=2)

    photos = [row for row in built.designs if row["kind"] == "photo"]
    assert other.designs != photos


def test_sources_that_are_not_given_are_named(sources: Path, tmp_path: Path) -> None:
    built = build(tmp_path, sources, "marks")

    assert "--grocery" in built.said
    assert "logo-scene" in built.said
    assert {row["family"] for row in built.listings} == {"unrelated-mark"}


def test_a_source_may_lie_below_a_folder_named_test(
    built: Built, sources: Path, tmp_path: Path
) -> None:
    (tmp_path / "test").symlink_to(sources)

    moved = build(tmp_path / "out", tmp_path / "test", "grocery")

    assert moved.of("shop-photo")
    assert moved.listings == built.listings[: len(moved.listings)]


@pytest.mark.parametrize("name", ["grocery", "photos", "objects", "marks"])
def test_a_source_without_its_pictures_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()

    built = build(tmp_path / "out", tmp_path, name)

    assert f"--{name} {tmp_path / name}" in built.said
    assert built.listings == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ran = run("build_folder.py", tmp_path, "--photos", tmp_path / "nowhere")

    assert (ran.returncode, "--photos" in ran.stderr) == (1, True)
