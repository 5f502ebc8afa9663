"""Which listings a run matches."""

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from lab.benchmark.jobs import jobs, left_out
from lab.benchmark.rows import Job, Shown
from lab.calibration.folder import DesignRow, LabelledFolder, ListingRow

SCENE = ListingRow("scene.png", "unrelated-photo", "", "")
PHOTOS = tuple(DesignRow(f"d{n}", f"b{n}", "photo", f"{n}.png") for n in range(3))


def folder(*listings: ListingRow, designs: tuple[DesignRow, ...] = PHOTOS) -> LabelledFolder:
    return LabelledFolder(Path(), designs, listings)


def families(found: list[Job]) -> set[str]:
    return {job.family for job in found}


def test_everything_is_matched_by_default() -> None:
    turned = ListingRow("t.png", "turntable-15", "d0", "b0")
    found = families(jobs(folder(SCENE, turned)))
    assert {"unrelated-photo", "turntable-15", "turntable-15-warm"} <= found
    assert {"edit-crop-60", "long-60", "shelf-3"} <= found
    assert "shelf-4" not in found  # three designs


def test_only_listings_are_matched_on_demand() -> None:
    assert families(jobs(folder(SCENE), made=False)) == {"unrelated-photo"}


def test_a_family_that_the_folder_lists_is_not_made() -> None:
    listed = ListingRow("m.png", "edit-mirror", "d0", "b0")
    mirrored = [job for job in jobs(folder(SCENE, listed)) if job.family == "edit-mirror"]
    assert mirrored == [Job("m.png", "edit-mirror", (Shown("d0", "b0"),))]


def test_families_are_chosen_by_name_and_pattern() -> None:
    found = jobs(folder(SCENE), families="edit-hue-*, unrelated-photo")
    assert families(found) == {"edit-hue-60", "edit-hue-180", "unrelated-photo"}


def test_an_unknown_family_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match=r"called shop-\*.*unrelated-photo"):
        jobs(folder(SCENE), families="shop-*")


def test_a_limit_holds_for_each_family() -> None:
    found = jobs(folder(*[SCENE] * 5), limit=2, families="unrelated-photo,edit-mirror")
    assert sorted(job.family for job in found) == ["edit-mirror"] * 2 + ["unrelated-photo"] * 2


def test_the_order_is_the_same_in_each_run() -> None:
    assert jobs(folder(SCENE)) == jobs(folder(SCENE))


def test_without_scenes_there_are_no_edits_and_the_reason_is_told() -> None:
    assert families(jobs(folder())) == {"shelf-2", "shelf-3"}
    assert "unrelated-photo" in left_out(folder())
    assert not left_out(folder(SCENE))


def test_edits_of_other_kinds_are_named_for_the_kind() -> None:
    logo = DesignRow("l", "x", "logo", "l.png")
    found = families(jobs(folder(SCENE, designs=(*PHOTOS, logo)), families="edit-*"))
    assert {name for name in found if "/" in name} == {
        f"{name}/logo" for name in found if "/" not in name
    }
