"""The pictures that distractors.py makes."""

from itertools import combinations
from pathlib import Path

import imagehash
import pytest
from PIL import Image

from tests.bad_pictures import bomb
from tests.benchmarks.programs import longest_side, run
from tests.pictures import drawn

COUNT = 24


def make(out: Path, *options: object, seed: int = 1) -> list[Path]:
    ran = run("distractors.py", out, "--count", COUNT, "--seed", seed, *options)
    assert ran.returncode == 0, ran.stderr
    return sorted(out.iterdir())


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photographs")
    (folder / "below").mkdir()
    for seed in range(3):
        Image.fromarray(drawn(seed, width=1000, height=1000)).save(folder / f"{seed}.jpg")
        icon = Image.fromarray(drawn(seed + 9, width=128, height=128)).convert("RGBA")
        icon.paste((0, 0, 0, 0), (0, 0, 30, 30))
        icon.save(folder / "below" / f"{seed}.png")
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "huge.png").write_bytes(bomb())
    Image.new("L", (9000, 8000)).save(folder / "large.png")
    return folder


@pytest.fixture(scope="module")
def made(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return make(tmp_path_factory.mktemp("made"), "--pictures", photographs)


def test_as_many_as_asked_for_of_640_pixels(made: list[Path]) -> None:
    assert len(made) == COUNT
    assert {longest_side(path) for path in made} == {640}


def test_no_two_are_nearly_the_same(made: list[Path]) -> None:
    hashes = []
    for path in made:
        with Image.open(path) as picture:
            hashes.append(imagehash.phash(picture))

    assert min(one - other for one, other in combinations(hashes, 2)) > 4


def test_most_are_made_of_the_pictures(made: list[Path]) -> None:
    from_pictures = [path for path in made if not path.name.startswith("drawn")]

    assert len(from_pictures) > COUNT / 2


def test_the_same_seed_makes_the_same_pictures(
    made: list[Path], photographs: Path, tmp_path: Path
) -> None:
    again = make(tmp_path, "--pictures", photographs)

    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in made]


def test_without_pictures_all_are_drawn_and_each_seed_draws_others(tmp_path: Path) -> None:
    one, other = make(tmp_path / "1"), make(tmp_path / "2", seed=2)

    assert {path.name.partition("-")[0] for path in one} == {"drawn"}
    assert not {path.read_bytes() for path in one} & {path.read_bytes() for path in other}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ran = run("distractors.py", tmp_path / "out", "--pictures", tmp_path / "nowhere")

    assert (ran.returncode, "nowhere" in ran.stderr) == (1, True)
