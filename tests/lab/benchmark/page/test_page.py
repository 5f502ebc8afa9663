"""The page of false alerts and misses."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.benchmark.enrolment import Registration
from lab.benchmark.faults import faults
from lab.benchmark.measure import Setting
from lab.benchmark.outcome import Outcome, outcome
from lab.benchmark.page.page import MAX_PAIRS, chosen, orders, page
from lab.benchmark.page.shots import Pair, Shot, draw, listing_shot
from lab.benchmark.rows import Comparison, Job, Row, Shown
from tests.lab.benchmark.scenes import row
from tests.pictures import drawn, encoded

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5))
VERSIONS = {
    "project": "0.1.0",
    "commit": "",
    "channels": {"copy": {"version": 1, "encoder": {"name": "sscd", "version": "1"}}},
    "calibration": "c",
    "geometry": "g",
    "matching": "m",
}


def found(*rows: Row) -> Outcome:
    return outcome(rows, 85.0, (), {"enrolled_views": 1}, VERSIONS)


def alert(path: str, design: str = "a") -> Row:
    return row(
        "unrelated-photo",
        path=path,
        other_similarity=90.0,
        other_design=design,
        other_channel="copy",
        other_kind="copy",
        other=Comparison("1.png", {"copy": 90.0}, {}, SQUARE, SQUARE),
    )


def shown(of: Outcome) -> str:
    wrong = chosen(faults(of.rows, of.threshold))
    return page(
        of, wrong, [Pair(Shot("data:listing", region=SQUARE), Shot("data:view"))] * len(wrong)
    )


def test_a_false_alert_is_shown_with_both_regions_its_scores_and_the_reason() -> None:
    text = shown(found(alert("x.jpg")))
    assert "Another brand&#x27;s design a by the copy channel at 90, as copy." in text
    assert text.count('<polygon points="0.0000,0.0000 1.0000,0.0000') == 2
    assert "copy <b>90.0</b>" in text
    assert "data:listing" in text


def test_the_page_needs_no_other_file() -> None:
    text = shown(found(alert("x.jpg")))
    assert not re.search(r'(src|href)="(?!data:|#)', text)
    assert "url(" not in text


def test_names_are_escaped() -> None:
    assert "<b>a</b>" not in shown(found(alert("x.jpg", "<b>a</b>")))


def test_a_run_without_faults_says_so() -> None:
    assert "No false alert and no miss." in shown(found(row("unrelated-photo")))


def test_a_family_with_many_faults_is_cut_and_says_so() -> None:
    text = shown(found(*(alert(f"{n}.jpg") for n in range(2 * MAX_PAIRS))))
    assert text.count("<article") == MAX_PAIRS
    assert f"{MAX_PAIRS} not shown" in text


def test_the_pictures_of_a_fault_are_drawn_small(labelled: Path) -> None:
    job = Job("2.png", "unrelated-photo")
    designs = [Registration("a", "b0", "photo", (labelled / "1.png",))]
    (order,) = orders(faults([alert("2.png")], 85), [job], designs)
    pair = draw(Setting(labelled, 85), order)
    assert order.view == labelled / "1.png"
    assert pair.listing.url.startswith("data:image/jpeg;base64,")
    assert (pair.view.width, pair.view.height) == (240, 160)
    assert pair.listing.region == SQUARE


def test_of_a_design_that_was_refused_the_first_view_is_shown() -> None:
    job = Job("x", "edit-crop", (Shown("a", "x"),))
    designs = [Registration("a", "x", "photo", (Path("1.png"), Path("2.png")))]
    missed = row("edit-crop", path="x", design_id="a", brand="x")
    (order,) = orders(faults([missed], 85), [job], designs)
    assert order.view == Path("1.png")


def test_a_long_picture_is_cut_around_its_region() -> None:
    tall = encoded(np.tile(drawn(1, width=100, height=100), (20, 1, 1)))
    region = tuple((x, 0.5 + y / 20) for x, y in SQUARE)
    cut = listing_shot(tall, region)
    assert cut.height / cut.width < 3
    ((_, top), *_, (_, bottom)) = cut.region
    assert (bottom - top) * cut.height / cut.width == pytest.approx(0.5, abs=0.02)


def test_a_long_picture_without_a_region_is_shown_in_columns() -> None:
    tall = encoded(np.tile(drawn(1, width=100, height=100), (20, 1, 1)))
    sheet = listing_shot(tall, ())
    assert sheet.note == "100 x 2000 pixels, in 4 columns"
    assert sheet.height / sheet.width < 2


def test_a_damaged_file_and_a_transparent_one_break_nothing() -> None:
    assert listing_shot(b"no picture", ()) == Shot()
    file = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(file, "PNG")
    assert listing_shot(file.getvalue(), ()).width == 9
