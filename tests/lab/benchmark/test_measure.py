from pathlib import Path

from lab.benchmark.measure import Setting, picture_of
from lab.benchmark.rows import Job


def test_a_listing_of_a_family_called_like_ours_is_taken_as_it_is(labelled: Path) -> None:
    job = Job("0.png", "edit-mirror", "d0", "b0")
    assert picture_of(Setting(labelled, 85), job) == ((labelled / "0.png").read_bytes(), {})
