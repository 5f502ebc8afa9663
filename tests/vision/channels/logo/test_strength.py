from dataclasses import replace

import pytest

from tests.vision.channels.scenes import LOGOS, logo_match
from vision.channels.logo.strength import strength


@pytest.mark.parametrize("sign", ["outline", "overlap", "correlation"])
def test_each_sign_of_a_logo_adds_to_its_strength(sign: str) -> None:
    strong, weak = (logo_match(**{sign: value}) for value in (0.99, 0.6))
    assert strength(strong, LOGOS.weights) > strength(weak, LOGOS.weights)


def test_what_ordinary_pictures_reach_too_counts_less() -> None:
    rich, plain = (replace(logo_match(), background=value) for value in (1.0, 4.0))
    assert strength(rich, LOGOS.weights) > strength(plain, LOGOS.weights)
