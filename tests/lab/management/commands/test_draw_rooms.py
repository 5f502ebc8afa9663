"""The picture in docs/architecture.md is what the imports say, and cannot go stale unseen."""

import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lab.management.commands.draw_rooms import (
    BEGIN,
    END,
    PAGE,
    ROOMS,
    SLICES,
    arrows,
    drawing,
    imports_of_the_code,
    redrawn,
    room_of,
    slice_of,
)

IMPORTS = [
    ("detection.review.tasks", "detection.matching.matcher"),
    ("detection.review.verdict", "detection.matching.models"),
    ("detection.review.verdict", "detection.review.models"),
    ("detection.admin", "detection.review.models"),
    ("detection.review.verdict", "brandguard.kernel.errors"),
    ("lab.demo.seed", "brandguard.runtime.plan"),
]


def test_the_committed_picture_is_what_the_code_says_now() -> None:
    page = PAGE.read_text()
    assert redrawn(page, drawing(imports_of_the_code())) == page, "run ./run manage draw_rooms"


def test_every_room_and_slice_of_the_code_has_its_box() -> None:
    root = PAGE.parents[1]
    packages = {path.parent.name for path in root.glob("*/__init__.py")}
    assert packages - {"tests", "benchmarks"} == set(ROOMS)
    slices = {path.parent.name for path in (root / "detection").glob("*/__init__.py")}
    assert slices - {"management", "migrations"} == set(SLICES)


def test_imports_are_counted_between_boxes_and_not_within_one() -> None:
    assert arrows(IMPORTS, room_of) == {("detection", "kernel"): 1, ("lab", "brandguard"): 1}
    assert arrows(IMPORTS, slice_of) == {("review", "matching"): 2}


def test_the_kernel_has_the_number_of_its_imports_in_place_of_arrows() -> None:
    picture = drawing(IMPORTS)
    assert "shared by all rooms: imported 1 times" in picture
    assert "| kernel" not in picture
    assert "lab -->|1| brandguard" in picture


def test_the_command_writes_between_the_markers_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nan older picture\n{END}\nafter\n")
    call_command("draw_rooms", page=page)
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}\n**Rooms**")
    assert text.endswith(f"{END}\nafter\n")
    assert "an older picture" not in text


def test_a_page_without_markers_is_refused_and_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}\nno end\n")
    with pytest.raises(CommandError, match="has no"):
        call_command("draw_rooms", page=page)
    assert page.read_text() == f"{BEGIN}\nno end\n"


def test_without_the_tools_of_development_it_says_how_to_have_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "grimp", None)
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}\n{END}\n")
    with pytest.raises(CommandError, match=r"\./run check"):
        call_command("draw_rooms", page=page)
    assert page.read_text() == f"{BEGIN}\n{END}\n"
