"""Ordinary windows in which a logo may be found by chance are chosen from whole pictures."""

from collections import Counter

import cv2
import numpy as np
import pytest

from lab.calibration import logo_cohort
from lab.calibration.logo_cohort import OF_A_PICTURE, SIDE_KEPT, build
from tests.pictures import photograph
from vision.channels.logo.cohort import as_pixels
from vision.encoders.catalogue import load_encoder
from vision.pictures.picture import Picture


def built(pictures: list[Picture]) -> list[Picture]:
    cohort = build(pictures, load_encoder("logo"), lambda *_: None)
    return [as_pixels(stored) for stored in cohort.pictures]


def test_a_picture_has_a_limited_share_of_the_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logo_cohort, "DRAWN", 60)
    monkeypatch.setattr(logo_cohort, "COMPOSED", 20)
    red, blue = (
        np.full((300, 300, 3), colour, np.uint8) for colour in ((200, 30, 30), (30, 30, 200))
    )
    for picture in (red, blue):
        cv2.putText(picture, "Sale", (30, 180), cv2.FONT_HERSHEY_DUPLEX, 3, (255, 255, 255), 6)
    kept = built([red, blue, photograph("coffee.png")])
    assert all(window.shape == (SIDE_KEPT, SIDE_KEPT, 3) for window in kept)
    of = Counter(int(window.mean(axis=(0, 1)).argmax()) for window in kept)
    assert 0 < of[2] <= OF_A_PICTURE
    assert len(kept) <= 3 * OF_A_PICTURE
