from pathlib import Path

from lab.benchmark.jobs import edit_jobs
from lab.calibration.folder import DesignRow, LabelledFolder, ListingRow


def test_edits_of_all_are_named_for_the_kind() -> None:
    designs = (DesignRow("a", "x", "photo", "a.png"), DesignRow("b", "x", "logo", "b.png"))
    scene = ListingRow("scene.png", "unrelated-photo", "", "")
    folder = LabelledFolder(Path(), designs, (scene,))
    few = {job.family for job in edit_jobs(folder, of_all=False)}
    more = {job.family for job in edit_jobs(folder, of_all=True)} - few
    assert more == {f"{family}/logo" for family in few}
    assert {job.edit for job in edit_jobs(folder, of_all=True)} == few
