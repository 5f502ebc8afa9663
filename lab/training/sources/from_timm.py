"""A timm model with weights of the hub or of a file."""

import hashlib
from typing import Any

import torch
from torch import Tensor, nn

from lab.training.sources.source import CannotExport, Pooled, Source, existing
from vision.files import sha256


def from_timm(what: str, side: int | None) -> Source:
    """Loads weights of the hub, or of a file that `timm` or `torch.save` wrote."""
    import timm

    model, _, file = what.partition("@")
    if not timm.is_model(model):
        near = timm.list_models(f"*{model.split('.')[0][:6]}*")[:5]
        raise CannotExport(
            f"timm has no model {model!r}.",
            remedy=f"timm.list_models() lists them, for example {', '.join(near) or 'resnet50'}.",
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
    """Loads the network's weights, all of which must be in the file; it may also hold a classifier."""
    missing, _ = network.load_state_dict(state, strict=False)
    if missing:
        raise ValueError(f"the file has no {', '.join(missing[:3])}")


def takes_size(model: str) -> bool:
    """Whether the model takes any size; transformers are made for one."""
    return model.startswith(("vit_", "deit", "beit", "eva", "swin", "samvit"))


def no_weights(model: str, error: Exception) -> CannotExport:
    return CannotExport(
        f"The weights of {model} cannot be downloaded: {str(error).strip().splitlines()[-1][:200]}",
        remedy=f"Without access to the hub, download the file elsewhere and give timm:{model}@FILE.",
        field="spec",
    )


def state_sha256(network: nn.Module) -> str:
    """Returns the sha256 of the names and numbers of weights that none of our files holds."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
