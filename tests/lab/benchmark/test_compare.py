"""What is printed of two runs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lab.benchmark.compare import Run, comparison, read_run
from lab.benchmark.families import by_family
from lab.benchmark.figures import family_figures
from lab.benchmark.rows import Row
from lab.benchmark.targets import results
from tests.lab.benchmark.scenes import FOUND, row


def run(path: Path, rows: Sequence[Row], **environment: Any) -> Path:
    written = {
        "families": {name: family_figures(of, 85) for name, of in by_family(rows).items()},
        "targets": [asdict(result) for result in results(rows, 85)],
        "environment": {"channels": {"copy": {"version": 1}}, **environment},
        "overall": {"threshold": 85},
        "listings": [asdict(one) for one in rows],
    }
    path.write_text(json.dumps(written))
    return path


def compared(tmp_path: Path, before: Sequence[Row], after: Sequence[Row], most: int = 20) -> str:
    return comparison(*runs(tmp_path, before, after), most)[0]


def runs(tmp_path: Path, before: Sequence[Row], after: Sequence[Row]) -> tuple[Run, Run]:
    return read_run(run(tmp_path / "a.json", before)), read_run(run(tmp_path / "b.json", after))


def part(text: str, title: str) -> list[str]:
    """Returns the lines below that title."""
    return text.split(f"== {title}\n")[1].split("\n\n", maxsplit=1)[0].splitlines()


def shop(path: str, **fields: Any) -> Row:
    return row("turntable-15", path=path, **FOUND | fields)


def missed(path: str, **fields: Any) -> Row:
    return shop(path, design_similarity=60.0, brand_similarity=60.0, **fields)


def test_listings_are_gained_and_lost(tmp_path: Path) -> None:
    text = compared(tmp_path, [missed("1"), shop("2")], [shop("1"), missed("2")])
    assert part(text, "gained")[1] == "turntable-15 1 a: 60.0 (a) -> 90.0 (a)"
    assert part(text, "lost")[1] == "turntable-15 2 a: 90.0 (a) -> 60.0 (a)"


def test_false_alerts_come_and_go_with_what_was_taken(tmp_path: Path) -> None:
    wrong = {"other_similarity": 91.0, "other_design": "plain", "other_channel": "logo"}
    calm, flagged = (row("unrelated-photo", path="1", **fields) for fields in ({}, wrong))
    text = compared(tmp_path, [calm], [flagged])
    told = "unrelated-photo 1: 0.0 (nothing) -> 91.0 (plain, logo)"
    assert part(text, "newly flagged for another brand")[1] == told
    assert "0 of 1" in part(text, "families")[1]
    assert "no longer flagged for another brand" in compared(tmp_path, [flagged], [calm])


def test_what_may_really_be_visible_is_no_false_alert(tmp_path: Path) -> None:
    before = row("shop-photo", path="1")
    after = row("shop-photo", path="1", other_similarity=91.0)
    assert "flagged for another" not in compared(tmp_path, [before], [after])


def test_more_than_two_points_are_named(tmp_path: Path) -> None:
    before = [shop("1", similarity=90.0), shop("2", similarity=90.0)]
    after = [shop("1", similarity=88.0), shop("2", similarity=87.9)]
    lines = part(compared(tmp_path, before, after), "changed by more than 2 points")
    assert (lines[0], len(lines)) == ("1 listing", 2)


def test_targets_are_compared(tmp_path: Path) -> None:
    lines = part(compared(tmp_path, [shop("1")], [missed("1")]), "targets")
    line = next(line for line in lines if line.startswith("turntable-15"))
    assert line.split()[-6:] == ["99%", "100%", "0%", "met", "->", "MISSED"]
    assert not any(line.startswith("turntable-45") for line in lines)  # in neither run


def test_a_long_list_is_cut_short(tmp_path: Path) -> None:
    before, after = ([kind(str(n)) for n in range(9)] for kind in (shop, missed))
    lines = part(compared(tmp_path, before, after, most=2), "lost")
    assert (len(lines), lines[-1]) == (4, "and 7 more")


def test_listings_of_one_run_alone_are_counted(tmp_path: Path) -> None:
    text = compared(tmp_path, [shop("1"), shop("2")], [shop("1")])
    assert part(text, "listings in one run alone") == ["only before: 1 turntable-15"]


def test_other_versions_are_named(tmp_path: Path) -> None:
    before = run(tmp_path / "a.json", [shop("1")], geometry="3")
    after = run(tmp_path / "b.json", [missed("1")], geometry="4")
    text, differs = comparison(read_run(before), read_run(after), 20)
    assert differs
    assert part(text, "versions")[0].split() == ["geometry", "3", "->", "4"]


def test_the_command_exits_with_1_where_a_listing_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = run(tmp_path / "a.json", [shop("1")])
    slower = run(tmp_path / "b.json", [shop("1", milliseconds=900.0)])
    after = run(tmp_path / "c.json", [missed("1")])
    call_command("benchmark", "--compare", str(before), str(slower))
    assert capsys.readouterr().out.strip() == "No listing changed."
    with pytest.raises(SystemExit, match="1"):
        call_command("benchmark", "--compare", str(before), str(after))


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"listings": 3}')
    with pytest.raises(CommandError, match="was not written by benchmark --json"):
        read_run(tmp_path / "a.json")
