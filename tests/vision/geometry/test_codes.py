import numpy as np

from tests.pictures import drawn, photograph
from vision.edits import transforms as edits
from vision.geometry.codes import BITS, SPEC, listing_codes, view_codes, votes
from vision.geometry.features import extract, extract_view

COFFEE, ROCKET = photograph("coffee.png"), photograph("rocket.jpg")
VIEWS = [view_codes(extract_view(picture)) for picture in (drawn(1), COFFEE, ROCKET, drawn(2))]
NOTHING = np.empty((0, BITS // 8), np.uint8)


def test_a_view_has_few_codes_of_few_bytes() -> None:
    assert VIEWS[1].shape == (SPEC.view_codes, BITS // 8)


def test_an_edited_copy_votes_for_its_view() -> None:
    tilted = edits.tilt(COFFEE, degrees=35, axis="vertical")
    counts = votes(listing_codes(extract(tilted)), VIEWS)
    assert counts.argmax() == 1
    assert counts[1] > 5 * np.delete(counts, 1).max()


def test_a_view_without_codes_gets_no_votes() -> None:
    counts = votes(listing_codes(extract(COFFEE)), [NOTHING, *VIEWS])
    assert counts[0] == 0
    assert counts.argmax() == 2


def test_without_codes_nobody_is_voted_for() -> None:
    assert votes(NOTHING, VIEWS).tolist() == [0, 0, 0, 0]
    assert votes(VIEWS[0], [NOTHING, NOTHING]).tolist() == [0, 0]
    assert votes(VIEWS[0], []).tolist() == []
