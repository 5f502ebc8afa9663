import numpy as np

from tests.pictures import drawn, encoded, photograph
from vision.edits import transforms as edits
from vision.pictures.decode import decode
from vision.pictures.hashes import differing_bits, perceptual_hash


def bits_apart(one: int, other: int) -> int:
    return int(np.bitwise_count(np.int64(one).view(np.uint64) ^ np.int64(other).view(np.uint64)))


def test_a_recompressed_picture_keeps_nearly_the_same_hash() -> None:
    picture = photograph("rocket.jpg")
    again = decode(encoded(picture, "JPEG", quality=30)).pixels
    assert bits_apart(perceptual_hash(picture), perceptual_hash(again)) <= 4


def test_a_smaller_copy_keeps_nearly_the_same_hash() -> None:
    picture = photograph("coffee.png")
    smaller = edits.resize(picture, width=150, height=100)
    assert bits_apart(perceptual_hash(picture), perceptual_hash(smaller)) <= 4


def test_unrelated_pictures_differ_in_many_bits() -> None:
    assert bits_apart(perceptual_hash(drawn(1)), perceptual_hash(drawn(2))) > 12


def test_a_blank_picture_has_a_hash() -> None:
    assert isinstance(perceptual_hash(np.full((40, 40, 3), 255, np.uint8)), int)


def test_the_sign_is_a_bit_like_any_other() -> None:
    assert differing_bits(-1, 0) == 64
    assert differing_bits(-(1 << 63) + 1, 0) == 2
