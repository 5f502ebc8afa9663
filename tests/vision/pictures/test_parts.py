"""A long picture is cut at its seams, and what it shows is whole in one part or at least half."""

from collections.abc import Callable
from itertools import pairwise

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as given

from vision.pictures.parts import SPEC, Part, is_long, parts_of
from vision.pictures.picture import Picture
from vision.pictures.resize import squash

WIDTH = 80
WHITE = (255, 255, 255)

type Places = list[tuple[int, int]]


def textured(seed: int, height: int, *, width: int = WIDTH) -> Picture:
    """Colours flow into each other: no row is plain, and none differs at once from the one before."""
    dice = np.random.default_rng(seed)
    few = dice.integers(40, 200, (max(2, height // 12), max(2, width // 12), 3), np.uint8)
    return squash(few, width=width, height=height)


def plain(height: int, colour: tuple[int, ...] = WHITE) -> Picture:
    return np.full((height, WIDTH, 3), colour, np.uint8)


def rows_of(picture: Picture, most: int = SPEC.max_parts) -> Places:
    return [rows(part, picture) for part in parts_of(picture, most)]


def rows(part: Part, picture: Picture) -> tuple[int, int]:
    height = picture.shape[0]
    _, top, _, length = part.area
    return round(top * height), round((top + length) * height)


def stacked(
    pictures: list[Picture], gap: int, colour: tuple[int, ...] = WHITE
) -> tuple[Picture, Places]:
    """Returns the long picture, and where each of its pictures is in it."""
    strips, places, top = [], [], 0
    for picture in pictures:
        places.append((top, top + len(picture)))
        strips += [picture, plain(gap, colour)]
        top += len(picture) + gap
    return np.concatenate(strips), places


def share(place: tuple[int, int], spans: Places) -> float:
    """Returns how much of the place the part shows that shows most of it."""
    top, bottom = place
    return max(max(0, min(bottom, end) - max(top, begin)) for begin, end in spans) / (bottom - top)


@pytest.mark.parametrize("size", [(400, 400), (400, 990), (990, 400)])
def test_a_picture_that_is_not_long_has_no_parts(size: tuple[int, int]) -> None:
    width, height = size
    assert parts_of(textured(1, height, width=width)) == []
    assert not is_long(width, height)


@pytest.mark.parametrize("colour", [WHITE, (12, 60, 140)])
@hypothesis.settings(max_examples=25, deadline=None)
@hypothesis.given(
    heights=given.lists(given.integers(WIDTH // 4, WIDTH), min_size=6, max_size=20),
    gap=given.integers(4, WIDTH // 5),
)
def test_no_picture_between_plain_rows_is_cut(
    colour: tuple[int, ...], heights: list[int], gap: int
) -> None:
    shown = [textured(seed, height) for seed, height in enumerate(heights)]
    long, places = stacked(shown, gap, colour)
    hypothesis.assume(is_long(WIDTH, len(long)))
    spans = rows_of(long)
    assert [share(place, spans) for place in places] == [1.0] * len(places)


def test_pictures_that_touch_are_cut_apart_where_they_touch() -> None:
    heights = [100, 120, 90, 110, 130, 95, 140]
    long, places = stacked([textured(seed, height) for seed, height in enumerate(heights)], 0)
    assert rows_of(long) == places


def test_a_clear_gap_is_preferred_to_a_narrow_one() -> None:
    """The narrow gap is between a mark and its lettering."""
    mark = [textured(1, 50), plain(3), textured(2, 30)]
    long = np.concatenate([textured(3, 80), plain(20), *mark, plain(20), textured(4, 90)])
    assert share((100, 183), rows_of(long)) == 1


@hypothesis.settings(max_examples=25, deadline=None)
@hypothesis.given(seed=given.integers(0, 999), ratio=given.floats(2.6, 30), at=given.floats(0, 1))
def test_without_seams_whatever_is_no_longer_than_the_width_is_whole_in_one_part(
    seed: int, ratio: float, at: float
) -> None:
    long = textured(seed, int(ratio * WIDTH))
    top = int(at * (len(long) - WIDTH))
    assert share((top, top + WIDTH), rows_of(long)) == 1


def striped(seed: int, height: int) -> Picture:
    """Seams everywhere: each stripe is plain and touches the next one."""
    dice = np.random.default_rng(seed)
    colours = dice.integers(0, 255, (height, 1, 3), np.uint8)
    stripe = np.cumsum(dice.random(height) < 0.1)
    return np.ascontiguousarray(np.broadcast_to(colours[stripe], (height, WIDTH, 3)))


@pytest.mark.parametrize("make", [striped, textured])
@pytest.mark.parametrize("wide", [False, True])
@hypothesis.settings(max_examples=12, deadline=None)
@hypothesis.given(seed=given.integers(0, 999), ratio=given.floats(2.5, 100), at=given.floats(0, 1))
def test_whatever_the_seams_parts_cover_the_picture_and_one_shows_half_of_anything(
    make: Callable[[int, int], Picture], *, wide: bool, seed: int, ratio: float, at: float
) -> None:
    long = make(seed, int(ratio * WIDTH))
    made = parts_of(np.ascontiguousarray(long.swapaxes(0, 1)) if wide else long)
    assert 1 < len(made) <= SPEC.max_parts
    assert [(part.number, part.of, part.left_out) for part in made] == [
        (number, len(made), 0) for number in range(1, len(made) + 1)
    ]
    areas = [
        (part.area[0], part.area[2]) if wide else (part.area[1], part.area[3]) for part in made
    ]
    spans = [(round(a * len(long)), round((a + b) * len(long))) for a, b in areas]
    assert spans[0][0] == 0
    assert spans[-1][1] == len(long)
    assert all(after[0] <= before[1] for before, after in pairwise(spans))
    top = int(at * (len(long) - WIDTH))
    assert share((top, top + WIDTH), spans) >= 0.5


def test_of_more_parts_than_are_looked_at_those_with_most_detail_are_kept() -> None:
    shown = [plain(WIDTH, (shade, 90, 60)) for shade in range(20, 220, 10)]
    shown[7], shown[13] = textured(1, WIDTH), textured(2, WIDTH)
    long, places = stacked(shown, 6)
    kept = parts_of(long, 4)
    assert len(kept) == 4
    assert all(part.left_out == part.of - 4 > 0 for part in kept)
    spans = rows_of(long, 4)
    assert [share(places[number], spans) for number in (7, 13)] == [1, 1]


def test_a_part_is_cut_out_by_its_area_and_keeps_nothing_else_in_memory() -> None:
    long, places = stacked([textured(seed, 120) for seed in range(4)], 0)
    for part, (top, bottom) in zip(parts_of(long), places, strict=True):
        cut = part.cut(long)
        np.testing.assert_array_equal(cut, long[top:bottom])
        assert cut.base is None


def test_areas_are_exact_to_the_pixel() -> None:
    long = textured(5, 7919)
    for part, (top, bottom) in zip(parts_of(long), rows_of(long), strict=True):
        assert part.cut(long).shape == (bottom - top, WIDTH, 3)
