"""The embeddings are what they were when the calibrations were made.

`embeddings.json` holds the first values of each vector. Another processor rounds the quantised
weights' products a little differently: hence 0.01 and not less.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.pictures import photograph
from vision.encoders.catalogue import CATALOGUE, load_encoder
from vision.encoders.generation import generation_of

GOLDEN = json.loads((Path(__file__).parent / "embeddings.json").read_text())
CASES = [(encoder, name) for encoder, stored in GOLDEN.items() for name in stored["photographs"]]


def test_every_encoder_has_golden_vectors_of_its_present_generation() -> None:
    present = {name: generation_of(spec) for name, spec in CATALOGUE.items()}
    assert {name: stored["generation"] for name, stored in GOLDEN.items()} == present


@pytest.mark.encoder
@pytest.mark.parametrize(("encoder", "name"), CASES)
def test_a_photograph_has_the_vector_that_it_had(encoder: str, name: str) -> None:
    [vector] = load_encoder(encoder).embed([photograph(name)])
    expected = GOLDEN[encoder]["photographs"][name]
    np.testing.assert_allclose(vector[: len(expected)], expected, atol=0.01)
