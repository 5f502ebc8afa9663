"""A checkpoint of our own training."""

from pickle import UnpicklingError

import torch
from torch import Tensor, nn

from lab.training.logo_network import DIMENSION, SIDE, LogoNetwork
from lab.training.sources.source import CannotExport, Source, existing
from vision.files import sha256


class Ours(nn.Module):
    """Our own networks take unnormalised pictures, 0..255."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.network(x * 255)
        return made


def from_checkpoint(what: str, _: int | None) -> Source:
    """Loads a checkpoint of `manage.py train_logo_encoder`."""
    file = existing(what)
    try:
        stored = torch.load(file, map_location="cpu", weights_only=True)
        network = LogoNetwork()
        network.load_state_dict(stored["network"])
    except (RuntimeError, LookupError, TypeError, ValueError, EOFError, UnpicklingError) as error:
        raise CannotExport(
            f"{file} is not a checkpoint of train_logo_encoder with {DIMENSION} dimensions.",
            remedy="Give the file that train_logo_encoder wrote.",
            field="spec",
        ) from error
    return Source(
        name="logo",
        network=Ours(network.eval()),
        side=SIDE,
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
        weights_sha256=sha256(file),
        licence="ours; trained on drawn shapes, and on fonts, clip art and wallpapers of Debian",
        source="manage.py train_logo_encoder",
    )
