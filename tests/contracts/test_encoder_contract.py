"""Every encoder keeps the same promises; the real ones are marked, for they are slower."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.encoders import RANDOM_WEIGHTS, TIMM, TORCHSCRIPT, export, in_environment, written_by
from tests.fake_encoder import FakeEncoder
from tests.logos import PLACE, crescent, letter, placed
from tests.pictures import drawn, encoded, photograph
from vision.channels.logo.channel import LogoChannel
from vision.channels.logo.shapes import shape_of
from vision.edits import transforms as edits
from vision.encoders.base import Encoder, EncoderUnavailable
from vision.encoders.catalogue import CATALOGUE, load_encoder
from vision.encoders.generation import generation_of
from vision.encoders.onnx import BATCH, OnnxEncoder
from vision.pictures.decode import decode

SAME = 1e-4  # the real encoders' kernels round differently by batch


EXPORTED = ("timm", "torchscript")


@pytest.fixture(
    scope="module",
    params=[
        "fake",
        *(pytest.param(name, marks=pytest.mark.encoder) for name in CATALOGUE),
        *(pytest.param(kind, marks=pytest.mark.slow) for kind in EXPORTED),
    ],
)
def encoder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Encoder]:
    if request.param in EXPORTED:
        with pytest.MonkeyPatch.context() as patch:
            yield exported_encoder(request.param, tmp_path_factory.mktemp("exported"), patch)
    elif request.param == "fake":
        yield FakeEncoder()
    else:
        yield load_encoder(request.param)


def exported_encoder(kind: str, folder: Path, patch: pytest.MonkeyPatch) -> Encoder:
    """Of random weights: what it says of a picture means nothing, and is the same every time."""
    patch.setattr("django.conf.settings.ENCODERS_DIR", folder / "encoders")
    in_environment(folder, "check")  # so that the environment is there
    if kind == "timm":
        weights = written_by(RANDOM_WEIGHTS, folder / "weights.pth", model=TIMM)
        return export(folder, f"timm:{TIMM}@{weights}", "--side", "64")
    return export(
        folder, f"torchscript:{written_by(TORCHSCRIPT, folder / 'net.pt')}", "--side", "64"
    )


def test_vectors_are_float32_finite_and_of_unit_length(encoder: Encoder) -> None:
    vectors = encoder.embed([drawn(1), drawn(2, width=64, height=300)])
    assert vectors.dtype == np.float32
    assert vectors.shape == (2, encoder.spec.dimension)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_pictures_give_no_vectors(encoder: Encoder) -> None:
    vectors = encoder.embed([])
    assert vectors.shape == (0, encoder.spec.dimension)
    assert vectors.dtype == np.float32


def test_the_order_is_kept_whatever_the_batch(encoder: Encoder) -> None:
    pictures = [drawn(seed, width=64 + seed, height=64) for seed in range(BATCH + 1)]
    together = encoder.embed(pictures)
    one_by_one = np.concatenate([encoder.embed([picture]) for picture in pictures])
    np.testing.assert_allclose(together, one_by_one, atol=SAME)


def test_the_same_picture_gives_the_same_vector(encoder: Encoder) -> None:
    np.testing.assert_array_equal(encoder.embed([drawn()]), encoder.embed([drawn()]))


def test_a_plain_picture_has_a_vector_too(encoder: Encoder) -> None:
    plain = [np.full((64, 64, 3), shade, np.uint8) for shade in (0, 128, 255)]
    vectors = encoder.embed(plain)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "name",
    [
        "fake",
        *(pytest.param(name, marks=pytest.mark.encoder) for name in CATALOGUE if name != "logo"),
    ],
)
def test_similar_pictures_are_closer_than_unrelated_ones(name: str) -> None:
    encoder = FakeEncoder() if name == "fake" else load_encoder(name)
    picture = photograph("coffee.png")
    recompressed = decode(encoded(picture, "JPEG", quality=60)).pixels
    smaller = edits.resize(picture, width=300, height=200)
    unrelated = photograph("rocket.jpg")
    first, *alike, other = encoder.embed([picture, recompressed, smaller, unrelated])
    assert min(float(first @ vector) for vector in alike) > float(first @ other) + 0.2


@pytest.mark.encoder
def test_a_logo_on_a_scene_is_closer_to_itself_than_to_another() -> None:
    channel = LogoChannel(load_encoder("logo"))
    clean = [channel.vector_of(form) for form in map(shape_of, (letter(), crescent())) if form]
    left, top, side = PLACE
    shown = [
        placed(logo, photograph("coffee.png"), (250, 240, 60))[top : top + side, left : left + side]
        for logo in (letter(), crescent())
    ]
    likeness = (
        np.stack(clean) @ channel.encoder.embed([np.ascontiguousarray(cut) for cut in shown]).T
    )
    assert min(likeness[0, 0], likeness[1, 1]) > max(likeness[0, 1], likeness[1, 0]) + 0.1


def test_an_encoder_names_its_licence_and_source() -> None:
    assert all(spec.licence and spec.source for spec in CATALOGUE.values())


def test_weights_that_are_not_the_spec_s_are_refused() -> None:
    spec = replace(CATALOGUE["sscd-distilled"], weights_sha256="0" * 64)
    with pytest.raises(EncoderUnavailable, match="not the file") as refused:
        OnnxEncoder(spec)
    assert "unmodified" in refused.value.remedy


@pytest.mark.parametrize("missing", [{"weights": "absent.onnx"}, {"package": "absent_package"}])
def test_weights_that_are_not_installed_are_named_with_the_remedy(missing: dict[str, str]) -> None:
    with pytest.raises(EncoderUnavailable, match="sscd") as refused:
        OnnxEncoder(replace(CATALOGUE["sscd"], **missing))  # type: ignore[arg-type]
    assert refused.value.remedy == "Install requirements.txt."


def test_an_unknown_encoder_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(EncoderUnavailable, match="'ssdc'") as refused:
        load_encoder("ssdc")
    assert refused.value.remedy == (
        f"Set ENCODER to one of {', '.join(CATALOGUE)}, or export it first."
    )


@pytest.mark.parametrize(
    "change",
    [{"name": "other"}, {"version": "2"}, {"dimension": 256}, {"weights_sha256": "1" * 64}],
    ids=lambda change: next(iter(change)),
)
def test_what_makes_vectors_incomparable_makes_another_generation(
    change: dict[str, object],
) -> None:
    spec = CATALOGUE["sscd"]
    assert generation_of(replace(spec, **change)) != generation_of(spec)  # type: ignore[arg-type]


def test_a_reworded_licence_keeps_the_generation() -> None:
    spec = CATALOGUE["sscd"]
    assert generation_of(replace(spec, licence="MIT")) == generation_of(spec)


@pytest.mark.encoder
def test_loading_an_encoder_tells_nobody_and_leaves_nothing_at_home(tmp_path: Path) -> None:
    code = "import django; django.setup(); from vision.encoders.catalogue import *;"
    code += "load_encoder('sscd-distilled').embed([])"
    env = {**os.environ, "HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "brandguard.settings"}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    assert list(tmp_path.iterdir()) == []
