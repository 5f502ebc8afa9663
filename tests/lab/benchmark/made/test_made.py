"""What the benchmark makes of a folder's pictures."""

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.benchmark.made.edits import edit_jobs
from lab.benchmark.made.long import RATIOS, WIDTH, long_jobs
from lab.benchmark.made.recoloured import COLOURS, recoloured_jobs
from lab.benchmark.made.shelf import MAX_SHELVES, ROWS, shelf_jobs
from lab.benchmark.made.sources import spread
from lab.benchmark.rows import Job
from lab.calibration.folder import DesignRow, LabelledFolder, ListingRow
from tests.pictures import drawn
from vision.pictures.picture import Picture

DESIGNS = tuple(DesignRow(f"d{n}", f"b{n % 9}", "packaging", f"{n}.png") for n in range(30))
FOLDER = LabelledFolder(
    Path(),
    DESIGNS,
    (
        ListingRow("100.png", "unrelated-photo", "", ""),
        ListingRow("101.png", "unrelated-object", "", ""),
        ListingRow("102.png", "turntable-30", "d0", "b0"),
    ),
)


def read(path: str) -> Picture:
    return drawn(int(Path(path).stem))


def made(job: Job) -> Picture:
    assert job.recipe
    file = job.recipe.make(read)
    assert file
    return pixels(file.data)


def pixels(data: bytes) -> Picture:
    """Also of pictures that production refuses as too thin."""
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize("jobs", [edit_jobs, recoloured_jobs, long_jobs, shelf_jobs])
def test_a_job_always_makes_the_same_picture(
    jobs: Callable[[LabelledFolder], Iterator[Job]],
) -> None:
    job = next(jobs(FOLDER))
    assert np.array_equal(made(job), made(job))


def test_a_long_picture_has_its_ratio_and_shows_the_design() -> None:
    for job in list(long_jobs(FOLDER))[: len(RATIOS)]:
        picture = made(job)
        ratio = int(job.family.removeprefix("long-"))
        assert picture.shape[:2] == (ratio * WIDTH, WIDTH)
        assert job.shows[0].design_id == "d0"


def test_a_design_too_tall_for_the_column_is_shown_whole() -> None:
    job = next(long_jobs(FOLDER))
    assert job.recipe
    file = job.recipe.make(lambda _: drawn(1, width=60, height=900))
    assert file
    assert pixels(file.data).shape[0] == 4 * WIDTH


def test_turned_and_unrelated_objects_are_shown_in_other_colours() -> None:
    found = list(recoloured_jobs(FOLDER))
    assert {job.family for job in found} == {
        f"{family}-{colour}"
        for family in ("turntable-30", "unrelated-object")
        for colour in COLOURS
    }
    grey = next(job for job in found if job.family == "turntable-30-grey")
    assert grey.shows[0].design_id == "d0"
    assert np.ptp(made(grey), axis=2).max() == 0


def test_a_shelf_shows_so_many_different_designs() -> None:
    found = list(shelf_jobs(FOLDER))
    assert len(found) == MAX_SHELVES * len(ROWS)
    for job in found:
        assert len(set(job.shows)) == int(job.family.removeprefix("shelf-"))
    assert len({job.path for job in found}) == len(found)


def test_each_product_is_on_the_shelf() -> None:
    """A design in a colour of its own is seen in that colour, through glare and perspective."""
    for job in (job for job in shelf_jobs(FOLDER) if job.path.endswith("/00")):
        count = len(job.shows)
        colours = {
            f"{shown.design_id[1:]}.png": (10 * n, 255, 0) for n, shown in enumerate(job.shows)
        }

        def plain(path: str, colours: Mapping[str, tuple[int, ...]] = colours) -> Picture:
            return np.full((120, 60, 3), colours[path], np.uint8)

        assert job.recipe
        file = job.recipe.make(plain)
        assert file
        picture = pixels(file.data).astype(int)
        green = picture[(picture[..., 1] > 220) & (picture[..., 2] < 90)]
        seen = {n for n in range(count) if (np.abs(green[:, 0] - 10 * n) < 5).sum() > 100}
        assert len(seen) >= 0.9 * count


def test_a_sample_is_spread_evenly_and_has_its_size() -> None:
    assert spread(range(76), 24)[-1] == 72
    assert len(spread(range(76), 24)) == 24
    assert spread(range(3), 24) == [0, 1, 2]
    assert spread([], 24) == []
