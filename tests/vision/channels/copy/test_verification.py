"""Retrieved views are confirmed by geometry; pictures that nobody thought of are taken for no other."""

from itertools import combinations
from uuid import UUID

import numpy as np
import pytest

from lab.calibration.memory import MemoryRegister
from tests import commonplace
from tests.matchers import decoded, found_in, memory
from tests.pictures import drawn, photograph
from tests.vision.channels.scenes import COFFEE, ROCKET, by_image, enrol
from vision.channels.background import NO_BACKGROUND, Background, load_background
from vision.channels.calibration import load_calibration
from vision.channels.copy import NAME
from vision.channels.copy.strength import similarity
from vision.channels.copy.verification import CopyMatch, verify_pair
from vision.channels.copy.view import CopyView, describe_view
from vision.channels.image_features import ImageFeatures, extract_features
from vision.edits import transforms as edits
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_windows_encoder
from vision.geometry.regions import WHOLE
from vision.pictures.picture import Picture


@pytest.fixture(scope="module")
def register() -> MemoryRegister:
    """Coffee first, and others."""
    made = memory()
    for picture in (COFFEE, ROCKET, photograph("astronaut.png"), drawn(3)):
        enrol(made, picture)
    return made


@pytest.fixture(scope="module")
def coffee(register: MemoryRegister) -> UUID:
    [image] = register.identical(decoded(COFFEE).pixel_sha256)
    return image


def match_of(image: UUID, picture: Picture, register: MemoryRegister) -> CopyMatch:
    match: CopyMatch = by_image(found_in(picture, register))[image].findings[NAME]
    return match


def test_identical_pixels_need_no_verification(register: MemoryRegister, coffee: UUID) -> None:
    found = match_of(coffee, COFFEE, register)
    assert found == CopyMatch(1.0, WHOLE, identical=True)


def test_one_pixel_changed_is_verified(register: MemoryRegister, coffee: UUID) -> None:
    picture = COFFEE.copy()
    picture[5, 5] ^= 1
    found = match_of(coffee, picture, register)
    assert not found.identical
    assert found.inliers > 100


@pytest.mark.parametrize(
    ("edited", "appearance"),
    [
        (edits.mirror(COFFEE), "mirrored"),
        (edits.rotate(edits.mirror(COFFEE), degrees=12), "mirrored"),
        (edits.as_picture(255 - COFFEE), "inverted"),
        (edits.rotate(COFFEE, degrees=20), "original"),
        (np.ascontiguousarray(np.rot90(COFFEE)), "original"),
        (edits.shift_hue(COFFEE, degrees=60), "original"),
        (edits.crop(COFFEE, area=0.35), "original"),
        (edits.tilt(COFFEE, degrees=35, axis="vertical"), "original"),
        (edits.write_over(COFFEE, text="SPECIAL OFFER"), "original"),
    ],
    ids=["mirror", "mirror-turn", "invert", "rotate", "turn", "hue", "crop", "tilt", "text"],
)
def test_an_edited_copy_is_confirmed_in_the_appearance_that_fits(
    register: MemoryRegister, coffee: UUID, edited: Picture, appearance: str
) -> None:
    found = match_of(coffee, edited, register)
    assert found.appearance == appearance
    assert found.inliers > 40


def test_a_pasted_copy_is_found_in_its_window(register: MemoryRegister, coffee: UUID) -> None:
    scene = edits.resize(drawn(9), width=640, height=480)
    pasted = edits.paste(COFFEE, scene, area=0.25, x=1.0, y=1.0)
    found = match_of(coffee, pasted, register)
    assert (found.region.left, found.region.top) == (0.5, 0.5)
    assert found.inliers > 40


def test_an_unrelated_picture_is_not_confirmed(register: MemoryRegister) -> None:
    for _, evidence in found_in(drawn(77, width=480, height=320), register):
        found: CopyMatch = evidence.findings[NAME]
        assert found.inliers <= 8
        assert not found.identical


# --- pictures that nobody thought of --------------------------------------------------------------
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


def as_view(picture: Picture, encoder: Encoder, background: Background = NO_BACKGROUND) -> CopyView:
    view: CopyView = describe_view(picture, encoder, background).view
    return view


@pytest.mark.parametrize("name", ODD)
def test_it_can_be_enrolled_and_verified(name: str, fake_encoder: Encoder) -> None:
    features = extract_features(decoded(ODD[name]), fake_encoder, fake_encoder)
    for other in (ODD[name], drawn(1)):
        found = verify_pair(features, as_view(other, fake_encoder))
        assert np.isfinite(found.cosine)


@pytest.mark.encoder
def test_no_two_of_them_are_taken_for_each_other(sscd: Encoder) -> None:
    calibration = load_calibration(sscd.spec).channels[NAME]
    background, quick = load_background(sscd.spec), load_windows_encoder(sscd.spec)
    features: dict[str, ImageFeatures] = {
        name: extract_features(decoded(picture), sscd, quick) for name, picture in ODD.items()
    }
    views = {name: as_view(picture, sscd, background) for name, picture in ODD.items()}
    wrong = {
        (listing, view): scored
        for one, other in combinations(ODD, 2)
        for listing, view in ((one, other), (other, one))
        if (scored := similarity(verify_pair(features[listing], views[view]), calibration))
        >= THRESHOLD
    }
    assert wrong == {}
