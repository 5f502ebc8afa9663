"""A source: a torch module that maps normalised pictures to one vector each, and the facts for its spec."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from brandguard.kernel.errors import DomainError

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))  # mean and standard deviation, 0..1
POWER = 3.0  # exponent of the generalised mean over places (Radenovic and others, arXiv:1711.02512)


class CannotExport(DomainError):
    code = "cannot_export"


@dataclass(frozen=True)
class Source:
    """`network` takes `float32[n, 3, side, side]`, normalised by `mean` and `std` of 0..1."""

    name: str
    network: nn.Module
    side: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    weights_sha256: str
    licence: str
    source: str


class Pooled(nn.Module):
    """Pools feature maps by a generalised mean, so that strong responses count most."""

    def __init__(self, features: Callable[[Tensor], Tensor], holds: nn.Module) -> None:
        super().__init__()
        self.features, self.holds = features, holds

    def forward(self, x: Tensor) -> Tensor:
        made = self.features(x)
        return made.clamp(min=1e-6).pow(POWER).mean(dim=(2, 3)).pow(1 / POWER)


def existing(name: str) -> Path:
    path = Path(name).expanduser()
    if not path.is_file():
        raise CannotExport(f"There is no file {path}.", remedy="Check its path.", field="spec")
    return path
