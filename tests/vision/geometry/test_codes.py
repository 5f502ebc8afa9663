import numpy as np

from tests.pictures import drawn, photograph
from vision.geometry.codes import BYTES, SPEC, Codes, bits_of, code_words, view_codes
from vision.geometry.features import extract, extract_view

COFFEE = photograph("coffee.png")
FEATURES = extract_view(COFFEE)
VIEW = view_codes(FEATURES)


def test_a_view_has_few_codes_of_itself_and_of_its_tilts() -> None:
    assert len(VIEW) == SPEC.of_the_view + 2 * SPEC.of_a_tilt
    tilts = FEATURES.slices()[1:]
    first = [FEATURES.descriptors[tilt.start : tilt.start + SPEC.of_a_tilt] for tilt in tilts]
    assert VIEW.bits[SPEC.of_the_view :].tolist() == bits_of(np.concatenate(first)).tolist()


def test_codes_are_stored_in_few_bytes() -> None:
    stored = VIEW.to_bytes()
    assert len(stored) == (BYTES + 4) * len(VIEW)
    again = Codes.from_bytes(stored)
    assert again.bits.tolist() == VIEW.bits.tolist()
    assert again.places.tolist() == VIEW.places.tolist()


def test_a_place_is_that_of_the_point() -> None:
    points = FEATURES.points[: SPEC.of_the_view]
    assert np.abs(VIEW.places[: SPEC.of_the_view] / SPEC.steps - points).max() < 1 / SPEC.steps


def test_a_picture_without_texture_has_no_codes() -> None:
    plain = view_codes(extract_view(np.full((300, 300, 3), 200, np.uint8)))
    assert len(plain) == 0
    assert len(Codes.from_bytes(plain.to_bytes())) == 0


def test_the_same_detail_keeps_most_of_its_bits() -> None:
    ours = bits_of(extract(COFFEE).descriptors[:50])
    theirs = bits_of(extract(drawn(1)).descriptors[:50])
    again = bits_of(extract(np.ascontiguousarray(COFFEE[4:, 4:])).descriptors)
    assert nearest(ours, again).mean() < 30  # at another scale by a hundredth
    assert nearest(ours, theirs).mean() > 60


def nearest(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    bits = np.bitwise_count(one[:, None] ^ other[None]).sum(axis=2)
    return np.asarray(bits.min(axis=1))


def test_the_centres_are_distinct_codes() -> None:
    words = code_words()
    assert words.shape[1] == BYTES
    assert len(np.unique(words, axis=0)) == len(words)
