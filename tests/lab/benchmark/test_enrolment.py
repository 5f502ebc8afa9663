from pathlib import Path

import pytest
from django.core.management.base import CommandError

from lab.benchmark.enrolment import distractors


def test_every_picture_below_a_folder_is_a_brand_of_its_own(tmp_path: Path) -> None:
    for name in ("b.PNG", "a/c.jpg", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = distractors(tmp_path, None)
    assert [one.views[0].name for one in found] == ["c.jpg", "b.PNG"]
    assert len({one.brand for one in found}) == 2
    assert len(distractors(tmp_path, 1)) == 1


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="has no pictures"):
        distractors(tmp_path, None)
