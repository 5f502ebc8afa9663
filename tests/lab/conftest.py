"""What tests of benchmarks have in common."""

import csv
from pathlib import Path

import pytest

from tests.pictures import drawn, encoded


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(encoded(drawn(number)))
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "4.png").write_bytes(encoded(drawn(4)))
    (tmp_path / "others" / "damaged.png").write_bytes(b"no picture")
    write(
        tmp_path / "designs.csv",
        [("design_id", "brand", "kind", "path"), ("d0", "b0", "photo", "0.png")],
    )
    write(
        tmp_path / "listings.csv",
        [
            ("path", "family", "design_id", "brand"),
            ("0.png", "same", "d0", "b0"),
            ("2.png", "unrelated-photo", "", ""),
            ("3.png", "unrelated-photo", "", ""),
        ],
    )
    return tmp_path


def write(path: Path, rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
