"""The object encoder's model is built from its weights, the same bytes on every machine."""

import hashlib
from dataclasses import replace

import pytest

from vision.encoders.base import EncoderUnavailable
from vision.encoders.catalogue import CATALOGUE
from vision.encoders.efficientnet_lite import blocks_in, build_model
from vision.encoders.onnx import OnnxEncoder, checked_weights, model_of
from vision.encoders.torch_file import read_tensors

SPEC = CATALOGUE["efficientnet-lite2"]


def test_the_model_is_the_one_of_the_catalogue() -> None:
    weights = checked_weights(SPEC)
    assert blocks_in(read_tensors(weights)) == 21
    assert hashlib.sha256(build_model(weights)).hexdigest() == SPEC.model_sha256


def test_a_model_that_comes_out_otherwise_is_refused() -> None:
    with pytest.raises(EncoderUnavailable, match="built from the weights of efficientnet-lite2"):
        OnnxEncoder(replace(SPEC, model_sha256="0" * 64))


def test_weights_that_are_a_model_are_served_as_they_are() -> None:
    spec = CATALOGUE["logo"]
    assert model_of(spec) == checked_weights(spec)
