"""Two processes measure what one does, with numbers that never meet."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from lab.calibration.collect import Share
from lab.calibration.measure import Measured, Setting, measure
from tests.logos import letter
from tests.pictures import drawn, encoded
from vision.channels.copy import NAME as COPY

DESIGNS = "design_id,brand,kind,path\nd1,Beta,logo,letter.png\n"
NAMES = [f"listing-{number}.png" for number in range(12)]
# A photograph is the scene of edits.
LISTINGS = "path,family,design_id,brand\n" + "".join(
    f"{name},{family},,\n"
    for name, family in zip(NAMES, 6 * ["unrelated-photo", "unrelated"], strict=True)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letter.png").write_bytes(encoded(letter()))
    for number, name in enumerate(NAMES):
        (tmp_path / name).write_bytes(encoded(drawn(number)))
    (tmp_path / "designs.csv").write_text(DESIGNS)
    (tmp_path / "listings.csv").write_text(LISTINGS)
    return tmp_path


def told(measured: Measured) -> list[tuple[str, str, float]]:
    return sorted((p.family, p.truth, p.findings[COPY].cosine) for p in measured.pairs)


@pytest.mark.encoder
def test_two_processes_measure_what_one_does(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    setting = Setting((folder,), "sscd", only=COPY, keeps_background=True)
    alone, both = measure(setting, 1), measure(setting, 2)
    assert alone.views == both.views == both.enrolled[COPY] == 1
    assert told(alone) == told(both) != []
    assert "matching listings" in capfd.readouterr().err


def test_numbers_of_shares_never_meet() -> None:
    shares = [Share(part, 3) for part in range(3)]
    assert sorted(s.number(count) for s in shares for count in (1, 2, 3)) == list(range(1, 10))
    assert sorted(one for s in shares for one in s.of(range(7))) == list(range(7))


def test_a_folder_that_cannot_be_read_is_told_before_any_process_starts(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"designs\.csv"):
        measure(Setting((tmp_path,), "sscd"), 2)
