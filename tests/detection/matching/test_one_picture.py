"""A picture is matched with some views as if nothing else were registered."""

from pathlib import Path

import pytest

from detection.matching.one_picture import strongest_of
from fingerprints.models import Brand, DesignImage
from tests import factories, matchers
from tests.detection.scenes import BOTTLE
from tests.matchers import enrolled
from vision.edits import transforms as edits
from vision.pictures.decode import Decoded
from vision.pictures.picture import pixel_sha256

pytestmark = pytest.mark.django_db


def test_what_others_registered_takes_no_place(brand: Brand, tmp_path: Path) -> None:
    picture = edits.rotate(BOTTLE, degrees=8)
    turned = Decoded(picture, "", pixel_sha256(picture))
    own = DesignImage.objects.filter(design=enrolled(brand, BOTTLE))
    matcher = matchers.matcher(tmp_path)
    before = strongest_of(own, turned, matcher)
    for number in range(5):  # nearer ones than our own, and more than there are places
        other = factories.brand(factories.organisation(f"Other {number}"))
        for degrees in (7, 8, 9):
            enrolled(other, edits.rotate(BOTTLE, degrees=degrees))
    assert before
    assert strongest_of(own, turned, matcher) == before
    assert before[0] >= 85
