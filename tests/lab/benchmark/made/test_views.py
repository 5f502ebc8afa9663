"""Shop photographs that become views."""

from pathlib import Path

from lab.benchmark.enrolment import further_views
from lab.benchmark.made.views import ADDED, views_jobs
from lab.benchmark.rows import Shown
from lab.calibration.folder import DesignRow, LabelledFolder, ListingRow

DESIGNS = tuple(DesignRow(name, f"brand of {name}", "packaging", f"{name}.png") for name in "ab")


def shop(design: str, count: int) -> list[ListingRow]:
    rows = (f"{design}-{number}.jpg" for number in range(count))
    return [ListingRow(path, "shop-photo", design, f"brand of {design}") for path in rows]


FOLDER = LabelledFolder(
    Path("root"),
    DESIGNS,
    (
        *shop("a", 6),
        *shop("b", ADDED),
        ListingRow("other.jpg", "unrelated-carton", "", ""),
        ListingRow("photo.jpg", "unrelated-photo", "", ""),
    ),
)


def test_three_photographs_become_views_and_the_others_are_matched_again() -> None:
    [further] = further_views(FOLDER)
    assert (further.name, further.brand, further.kind) == ("a", "brand of a", "packaging")
    again = [job for job in views_jobs(FOLDER) if job.family == "shop-photo/views"]
    assert len(again) == 6 - ADDED
    views = {path.name for path in further.views}
    assert len(views) == ADDED
    assert views.isdisjoint(job.path for job in again)
    assert {job.shows for job in again} == {(Shown("a", "brand of a"),)}


def test_cartons_of_other_brands_are_matched_again() -> None:
    others = [job.path for job in views_jobs(FOLDER) if job.family == "unrelated-carton/views"]
    assert others == ["other.jpg"]


def test_nothing_is_matched_again_where_no_design_has_enough() -> None:
    few = LabelledFolder(Path(), DESIGNS, (*shop("a", ADDED), *shop("b", ADDED)))
    assert list(views_jobs(few)) == []
    assert further_views(few) == []
