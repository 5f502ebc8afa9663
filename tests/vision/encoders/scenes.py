"""An encoder that was exported."""

import hashlib
from dataclasses import replace

from vision.encoders import exported
from vision.encoders.base import EncoderSpec

MODEL = b"weights"


def spec(model: bytes = MODEL, **fields: object) -> EncoderSpec:
    made = EncoderSpec(
        name="things",
        version="1",
        dimension=8,
        input_side=32,
        licence="MIT",
        source="tests",
        package="",
        weights=exported.model_name("things", model),
        weights_sha256=hashlib.sha256(model).hexdigest(),
        made_from="1" * 64,
    )
    return replace(made, **fields)  # type: ignore[arg-type]
