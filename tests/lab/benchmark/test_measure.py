"""What is measured of one listing, by production's actions and a fake encoder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from accounts.models import Marketplace
from detection.intake.models import Listing
from fingerprints.models import Brand, Design
from lab.benchmark.measure import Setting, in_whole, listing_of, measure
from lab.benchmark.recipe import Made, Read
from lab.benchmark.rows import Job, Shown
from tests import factories, matchers
from tests.pictures import drawn, encoded


def test_a_listing_of_the_folder_is_taken_as_it_is(labelled: Path) -> None:
    made = listing_of(Setting(labelled, 85), Job("0.png", "edit-mirror"))
    assert made
    assert (made.data, made.done) == ((labelled / "0.png").read_bytes(), {})


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marketplace: Marketplace) -> Setting:
    used = matchers.matcher(tmp_path / "index")
    monkeypatch.setattr("lab.benchmark.measure.this_process_matcher", lambda: used)
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(encoded(drawn(number)))
    return Setting(tmp_path, 85.0)


@pytest.fixture
def design(brand: Brand) -> Design:
    return matchers.enrolled(brand, drawn(0))


def test_a_match_that_the_listing_does_not_show_is_named(setting: Setting, design: Design) -> None:
    (row,) = measure(setting, Job("0.png", "unrelated-photo"))
    assert row.other_similarity == 100
    assert (row.other_design, row.other_brand) == (design.name, design.brand.name)
    assert (row.other_channel, row.other_kind) == ("copy", "copy")
    assert row.other
    assert (row.other.scores, row.other.retrieved) == ({"copy": 100}, ("copy",))
    assert len(row.other.listing_polygon) == len(row.other.view_polygon) == 4
    assert row.right is None


def test_of_a_missed_design_the_best_view_is_named_all_the_same(
    setting: Setting, design: Design
) -> None:
    job = Job("2.png", "shop-photo", (Shown(design.name, design.brand.name),))
    (row,) = measure(setting, job)
    assert row.design_similarity == 0
    assert row.right
    assert row.right.view
    assert row.right.listing_polygon == ()
    assert max(row.right.scores.values(), default=0) < 50


def test_a_refused_design_is_compared_with_nothing(setting: Setting) -> None:
    (row,) = measure(setting, Job("0.png", "shop-photo", (Shown("refused", "x"),)))
    assert row.right is None


@dataclass(frozen=True)
class SideBySide:
    def make(self, read: Read) -> Made:
        return Made(encoded(np.hstack([read("0.png"), read("1.png")])))


def test_a_picture_of_several_products_is_matched_once(
    setting: Setting, design: Design, brand: Brand
) -> None:
    other_brand = factories.brand(brand.organisation, "Second")
    second = matchers.enrolled(other_brand, drawn(1), "Second bottle")
    shows = tuple(Shown(one.name, one.brand.name) for one in (design, second))
    first, last = measure(setting, Job("shelf-2/00", "shelf-2", shows, SideBySide()))
    assert Listing.objects.count() == 1
    assert min(first.design_similarity, last.design_similarity) >= 85
    assert (first.design_id, last.design_id) == (design.name, second.name)
    assert (first.other_similarity, last.other_similarity) == (0, 0)
    assert first.milliseconds == last.milliseconds


def test_a_region_in_a_part_is_told_in_the_whole_picture() -> None:
    square = ((0.0, 0.0), (1.0, 0.5))
    assert in_whole(square, [0.0, 0.5, 1.0, 0.25]) == ((0.0, 0.5), (1.0, 0.625))
    assert in_whole(square, None) == square
