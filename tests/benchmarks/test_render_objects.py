"""A folder of rendered objects, from models of a cube and of goods made by the program."""

import csv
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.programs import run

CUBE = """
mtllib cube.mtl
v -1 -1 -1
v 1 -1 -1
v 1 1 -1
v -1 1 -1
v -1 -1 1
v 1 -1 1
v 1 1 1
v -1 1 1
usemtl red
f 1 2 3 4
f 5 6 7 8
usemtl clear
f 1 2 6 5
usemtl blue
f 3 4 8 7
f -8 -5 -1 -4
f 2 3 7 6
"""
MATERIALS = "newmtl red\nKd 1 0 0\nnewmtl blue\nKd 0 0 1\nnewmtl clear\nKd 0 1 0\nd 0.1\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("rendered")
    with zipfile.ZipFile(made / "models.zip", "w") as archive:
        archive.writestr("cube/cube.obj", CUBE)
        archive.writestr("cube/cube.mtl", MATERIALS)
        archive.writestr("flat.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
        archive.writestr("broken.obj", "v 0 0\nf 1 2 9\n")
    out = made / "out"
    run(
        "render_objects.py",
        str(out),
        "--models",
        str(made / "models.zip"),
        *("--registered", "1", "--unrelated", "0", "--made", "1"),
    )
    return out


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_registered_objects_have_four_views_and_their_listings(folder: Path) -> None:
    designs = rows(folder, "designs.csv")
    assert [row["design_id"] for row in designs].count("models-cube") == 4
    assert len(designs) == 8
    families = [row["family"] for row in rows(folder, "listings.csv") if row["design_id"]]
    assert {family: families.count(family) for family in families} == {
        "turntable-15": 4,
        "turntable-30": 4,
        "turntable-45": 2,
        "free-pose": 4,
    }
    assert all((folder / row["path"]).is_file() for row in designs)


def test_what_is_not_registered_is_unrelated(folder: Path) -> None:
    unrelated = [row for row in rows(folder, "listings.csv") if not row["design_id"]]
    assert [row["family"] for row in unrelated] == ["unrelated-object"] * 2


def test_a_model_has_its_colours_and_what_is_clear_is_not_drawn(folder: Path) -> None:
    [front, *_] = [row for row in rows(folder, "designs.csv") if row["design_id"] == "models-cube"]
    pixels = np.asarray(Image.open(folder / front["path"]).convert("RGB")).astype(int)
    red, green, blue = pixels.transpose(2, 0, 1)
    share = ((red > blue + 60) & (red > green + 60)).mean()
    assert share > 0.1
    assert not (green > np.maximum(red, blue) + 60).any()
