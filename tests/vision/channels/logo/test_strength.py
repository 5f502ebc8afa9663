import pytest

from tests.vision.channels.scenes import LOGOS, logo_match
from vision.channels.logo.strength import strength


@pytest.mark.parametrize("sign", ["outline", "overlap", "correlation"])
def test_each_sign_of_a_logo_adds_to_its_strength(sign: str) -> None:
    strong, weak = (logo_match(**{sign: value}) for value in (0.99, 0.6))
    assert strength(strong, LOGOS.weights) > strength(weak, LOGOS.weights)
