"""A TorchScript file, as Meta publishes SSCD."""

import torch

from lab.training.sources.source import IMAGENET, CannotExport, Source, existing
from vision.files import sha256

SSCD_SIDE = 288  # pixels: the size Meta's published files are made for


def from_torchscript(what: str, side: int | None) -> Source:
    """Loads a file that holds network and weights."""
    file = existing(what)
    try:
        network = torch.jit.load(str(file), map_location="cpu").eval()
    except RuntimeError as error:
        raise CannotExport(
            f"{file} is not a TorchScript file.",
            remedy="Give a file that torch.jit.save wrote.",
            field="spec",
        ) from error
    return Source(
        name=file.name.split(".")[0].replace("_", "-"),
        network=network,
        side=side or SSCD_SIDE,
        mean=IMAGENET[0],
        std=IMAGENET[1],
        weights_sha256=sha256(file),
        licence="not stated in the file: ask whoever made it",
        source=f"TorchScript file {file.name}",
    )
