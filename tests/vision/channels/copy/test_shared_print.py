"""What several brands print is no evidence for one of them; what is left of a match is."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

import numpy as np
import pytest

from lab.calibration.memory import MemoryRegister
from tests.matchers import decoded, described, found_in, memory
from tests.pictures import photograph
from tests.vision.channels.scenes import by_image
from vision.channels.channel import Evidence
from vision.channels.copy import NAME
from vision.channels.copy.shared_print import SPEC, without_shared_print
from vision.channels.copy.verification import CopyMatch
from vision.channels.register import ViewOwner
from vision.edits.transforms import recompress, resize, rotate
from vision.geometry.agreement import Agreement
from vision.geometry.regions import WHOLE
from vision.geometry.verification import Geometry
from vision.pictures.picture import Picture

NAMES = ("astronaut.png", "motorcycle_left.png", "coffee.png")
ASTRONAUT, MOTORCYCLE, COFFEE = (resize(photograph(name), width=300, height=360) for name in NAMES)
TABLE = resize(photograph("rocket.jpg"), width=150, height=140)  # printed on all packages
STRIP = np.linspace(0.1, 0.9, 40, dtype=np.float32)


class Owners(MemoryRegister):
    """Knows whose the views are, and no view."""

    def __init__(self, known: dict[UUID, ViewOwner]) -> None:
        self.known = known

    def owners(self, views: Sequence[UUID]) -> dict[UUID, ViewOwner]:
        return {view: self.known[view] for view in views if view in self.known}


def match(top: float, alike: int, inliers: int = 40) -> CopyMatch:
    """Its points lie across the listing at this height; it has 40 patches."""
    points = np.stack([STRIP, np.full_like(STRIP, top)], axis=1)
    return CopyMatch(
        0.5,
        WHOLE,
        geometry=Geometry(np.eye(3), inliers, inliers, points),
        agreement=Agreement(40, alike, alike // 2),
    )


def settled(
    *matches: CopyMatch, brands: Sequence[int], verified: Sequence[bool] = ()
) -> list[CopyMatch]:
    """Returns the matches as they are once each takes its own part."""
    views = [uuid4() for _ in matches]
    of = {number: uuid4() for number in brands}
    standing = [*verified, *[True] * len(matches)]
    known = {
        view: ViewOwner(view, of[number], sure)
        for view, number, sure in zip(views, brands, standing, strict=False)
    }
    made = dict(zip(views, matches, strict=True))
    changed = without_shared_print(made, Owners(known))
    return [changed.get(view, one) for view, one in made.items()]


def package(own: Picture) -> Picture:
    """A package with its own front and the table that every package has."""
    made = own.copy()
    made[-TABLE.shape[0] :, -TABLE.shape[1] :] = TABLE
    return made


@pytest.mark.parametrize(
    "edit", [partial(recompress, quality=40), partial(rotate, degrees=8)], ids=["jpeg", "turned"]
)
def test_packages_of_three_brands_with_one_table_are_told_apart(
    edit: Callable[[Picture], Picture],
) -> None:
    register = memory()
    images = []
    for one in (ASTRONAUT, MOTORCYCLE, COFFEE):
        images.append(uuid4())
        view = package(one)
        register.enrol(images[-1], decoded(view).pixel_sha256, described(view), uuid4())
    found = by_image(found_in(edit(package(ASTRONAUT)), register))
    right, *others = [points_of(found[image]) for image in images if image in found]
    assert right > 100
    assert max(others, default=0) < SPEC.convincing


def points_of(evidence: Evidence) -> int:
    finding: CopyMatch = evidence.findings[NAME]
    return finding.inliers


def test_a_match_loses_what_a_better_one_of_another_brand_explains() -> None:
    better, worse = settled(match(0.5, 38), match(0.5, 16), brands=(1, 2))
    assert better.inliers == 40
    assert (worse.inliers, worse.agreement.alike, worse.agreement.in_place) == (0, 0, 0)


def test_matches_in_different_places_keep_their_points() -> None:
    assert [m.inliers for m in settled(match(0.2, 38), match(0.8, 16), brands=(1, 2))] == [40, 40]


def test_another_design_of_the_same_brand_takes_nothing() -> None:
    assert [m.inliers for m in settled(match(0.5, 38), match(0.5, 16), brands=(1, 1))] == [40, 40]


def test_nearly_equal_matches_of_two_brands_both_stay() -> None:
    """They registered the same picture, or one that is partly the same: a reviewer sees both."""
    assert [m.inliers for m in settled(match(0.5, 17), match(0.5, 16), brands=(1, 2))] == [40, 40]


def test_what_three_brands_print_counts_for_none() -> None:
    found = settled(match(0.5, 15), match(0.5, 16), match(0.5, 17), brands=(1, 2, 3))
    assert [m.inliers for m in found] == [0, 0, 0]


def test_two_views_of_one_other_brand_are_no_several_brands() -> None:
    found = settled(match(0.5, 15), match(0.5, 16), match(0.5, 17), brands=(1, 2, 2))
    assert [m.inliers for m in found] == [40, 40, 40]


def test_a_view_found_nearly_whole_is_there_whoever_else_registered_it() -> None:
    found = settled(match(0.5, 36), match(0.5, 36), match(0.5, 36), brands=(1, 2, 3))
    assert [m.inliers for m in found] == [40, 40, 40]


def test_what_is_not_verified_takes_nothing_from_what_is() -> None:
    theirs, ours = settled(match(0.5, 38), match(0.5, 16), brands=(1, 2), verified=(False, True))
    assert (theirs.inliers, ours.inliers) == (40, 40)


def test_chance_takes_nothing() -> None:
    by_chance = match(0.5, 38, inliers=SPEC.convincing - 1)
    assert [m.inliers for m in settled(by_chance, match(0.5, 16), brands=(1, 2))][1] == 40


def test_a_view_retired_meanwhile_is_passed_over() -> None:
    gone, left = match(0.5, 16), match(0.5, 38)
    view = uuid4()
    known = {view: ViewOwner(view, uuid4(), verified=True)}
    assert without_shared_print({uuid4(): gone, view: left}, Owners(known)) == {}


def test_only_the_place_that_another_brand_explains_is_lost() -> None:
    """The same table is found at two heights; a package of another brand lies at one of them."""
    both = replace(match(0.5, 16), further=(match(0.9, 16, inliers=30),))
    _, left = settled(match(0.5, 38), both, brands=(1, 2))
    assert [place.inliers for place in left.places] == [30]


def test_a_match_without_geometry_stays() -> None:
    nothing = CopyMatch(0.4, WHOLE)
    assert settled(match(0.5, 38), match(0.5, 16), nothing, brands=(1, 2, 3))[2] is nothing
