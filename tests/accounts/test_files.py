"""Stored files have names of our own."""

import pytest

from accounts.files import new_file_name


@pytest.mark.parametrize(
    ("given", "suffix"),
    [
        ("front.PNG", ".png"),
        ("front.jpeg", ".jpeg"),
        ("../../evil.webp", ".webp"),
        ("page.html", ""),
        ("logo.svg", ""),
        ("archive.png.zip", ""),
        ("", ""),
        (".png", ""),
        ("front.png/", ".png"),
    ],
)
def test_stored_files_have_names_of_our_own(given: str, suffix: str) -> None:
    name = new_file_name("designs", given)
    folder, group, last = name.split("/")
    stem = last.removesuffix(suffix)
    assert folder == "designs"
    assert len(stem) == 32
    assert int(stem, 16) >= 0
    assert group == stem[:2]
