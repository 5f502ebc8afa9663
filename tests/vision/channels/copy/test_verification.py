"""Pictures that nobody thought of go through matching like any other, and are found in none."""

from itertools import combinations
from uuid import uuid4

import numpy as np
import pytest
from vision.channels.evidence import View, weigh
from vision.channels.fingerprinting import prints_of
from vision.channels.similarity import load_background, load_calibration

from tests import commonplace
from tests.matchers import decoded
from tests.pictures import drawn, photograph
from vision.channels.background import NO_BACKGROUND, Background
from vision.channels.image_features import ImageFeatures, extract_features
from vision.edits import transforms as edits
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_windows_encoder
from vision.pictures.decode import Picture

THRESHOLD = 85
# As thin as decoding lets a picture be.
NOISE = np.random.default_rng(9).integers(0, 255, (2, 32, 640, 3)).astype(np.uint8)
ODD: dict[str, Picture] = {
    "one-pixel": np.full((1, 1, 3), 90, np.uint8),
    "strip-across": NOISE[0],
    "strip-down": np.ascontiguousarray(NOISE[1].transpose(1, 0, 2)),
    "blank": commonplace.blank(),
    "shading": commonplace.shading(),
    "page-of-text": commonplace.page(1),
    "other-page-of-text": commonplace.page(2),
    "barcode": commonplace.barcode(3),
    "other-barcode": commonplace.barcode(4),
    "screenshot": edits.screenshot(photograph("coffee.png")),
    "ruled": commonplace.ruled(),
    "watermark": commonplace.watermark(),
    "white-shirt": commonplace.white_shirt(),
    "disc": commonplace.disc(),
}


def as_view(picture: Picture, encoder: Encoder, background: Background = NO_BACKGROUND) -> View:
    prints = prints_of(picture, encoder)
    floor = background.floor(prints.vector, prints.negative)
    return View(uuid4(), prints.vector, prints.negative, prints.features, prints.thumbnail, floor)


@pytest.mark.parametrize("name", ODD)
def test_it_can_be_enrolled_observed_and_weighed(name: str, fake_encoder: Encoder) -> None:
    seen = extract_features(decoded(ODD[name]), fake_encoder, fake_encoder)
    for other in (ODD[name], drawn(1)):
        evidence = weigh(seen, as_view(other, fake_encoder))
        assert np.isfinite(evidence.cosine)


@pytest.mark.encoder
def test_no_two_of_them_are_taken_for_each_other(sscd: Encoder) -> None:
    calibration, background = load_calibration(sscd.spec), load_background(sscd.spec)
    quick = load_windows_encoder(sscd.spec)
    seen: dict[str, ImageFeatures] = {
        name: extract_features(decoded(picture), sscd, quick) for name, picture in ODD.items()
    }
    views = {name: as_view(picture, sscd, background) for name, picture in ODD.items()}
    wrong = {
        (listing, view): similarity
        for one, other in combinations(ODD, 2)
        for listing, view in ((one, other), (other, one))
        if (similarity := calibration.similarity(weigh(seen[listing], views[view]))) >= THRESHOLD
    }
    assert wrong == {}
