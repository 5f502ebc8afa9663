from pathlib import Path

import pytest
from django.core.management.base import CommandError

from lab.demo.pictures import from_folder
from tests.pictures import drawn, encoded


def test_a_folder_of_ones_own_takes_the_place_of_the_photographs(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.png").write_bytes(encoded(drawn(number)))
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "broken.png").write_bytes(b"not a picture either")
    found = from_folder(tmp_path)
    assert [photograph.name for photograph in found.registered] == ["0", "1", "2", "3"]
    assert [photograph.name for photograph in found.unrelated] == ["4", "5", "6", "7"]
    assert found.another_owner_s.name == "8"


def test_a_folder_with_too_few_pictures_is_told_how_many_it_needs(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="put at least 8"):
        from_folder(tmp_path)
