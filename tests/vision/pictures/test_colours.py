"""What is the same of two things' colours."""

import cv2
import numpy as np

from vision.edits import transforms as edits
from vision.pictures.colours import colours_of, in_common
from vision.pictures.picture import Picture


def tin(body: tuple[int, int, int], label: tuple[int, int, int], at: int = 60) -> Picture:
    made = np.full((160, 160, 3), 20, np.uint8)
    cv2.rectangle(made, (40, 20), (120, 140), body, -1)
    cv2.rectangle(made, (at, 60), (at + 40, 100), label, -1)
    return made


GREEN, RED, WHITE = (20, 130, 60), (200, 30, 40), (240, 240, 240)


def test_a_thing_that_turned_keeps_its_colours() -> None:
    assert in_common(colours_of(tin(GREEN, WHITE)), colours_of(tin(GREEN, WHITE, at=78))) > 0.9


def test_a_thing_of_another_colour_has_little_in_common() -> None:
    assert in_common(colours_of(tin(GREEN, WHITE)), colours_of(tin(RED, WHITE))) < 0.5


def test_the_ground_counts_for_nothing() -> None:
    small = edits.resize(tin(GREEN, WHITE), width=160, height=160)
    ground = np.full_like(small, 20)
    ground[40:120, 40:120] = edits.resize(small, width=80, height=80)
    assert in_common(colours_of(ground), colours_of(small)) > 0.7


def test_an_even_picture_has_no_colours_of_its_own() -> None:
    nothing = colours_of(np.full((50, 80, 3), 90, np.uint8))
    assert nothing.sum() == 0
    assert in_common(nothing, colours_of(tin(GREEN, WHITE))) == 0


def test_shares_sum_to_one() -> None:
    assert abs(float(colours_of(tin(GREEN, RED)).sum()) - 1) < 1e-5
