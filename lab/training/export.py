"""Exports from torch to ONNX and proves that both give the same vectors on real pictures."""

import hashlib
import io
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from lab.training.sources.source import CannotExport, Source
from vision.encoders.base import EncoderSpec, Vectors
from vision.encoders.exported import model_name
from vision.pictures.picture import Picture
from vision.pictures.resize import squash

OPSET = 17
DIFFERENCE = 1e-4  # greatest difference of a unit vector's coordinate between ONNX and torch
# greatest difference of a cosine between two pictures, between eight bits and thirty-two
LOSSLESS = 0.01
LEAST_COMPARED = 8


class Served(nn.Module):
    """Gives a torch network the product's interface: `uint8[n, side, side, 3]` to unit vectors."""

    mean: Tensor
    std: Tensor

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.network = source.network
        self.register_buffer("mean", torch.tensor(source.mean).reshape(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(source.std).reshape(1, 3, 1, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        x = pictures.permute(0, 3, 1, 2).float() / 255
        return functional.normalize(self.network((x - self.mean) / self.std), dim=1)


@dataclass(frozen=True)
class Exported:
    spec: EncoderSpec
    model: bytes
    measured: dict[str, Any]


def export(
    source: Source, pictures: Sequence[Picture], *, name: str, version: str, int8: bool = False
) -> Exported:
    """Raises CannotExport where ONNX and torch differ on the pictures, or where eight bits lose accuracy."""
    if len(pictures) < LEAST_COMPARED:
        raise CannotExport(
            f"{len(pictures)} pictures are too few to compare ONNX with torch on.",
            remedy=f"Name a folder with {LEAST_COMPARED} or more.",
            field="pictures",
        )
    served: nn.Module = Served(source).eval()
    if isinstance(source.network, torch.jit.ScriptModule):
        served = torch.jit.script(served)  # a scripted network cannot be traced
    batch = np.stack([squash(p, width=source.side, height=source.side) for p in pictures])
    model = as_onnx(served, batch[:2])
    expected, found = by_torch(served, batch), by_onnx(model, batch)
    difference = float(np.abs(expected - found).max())
    if not difference < DIFFERENCE:
        raise CannotExport(
            f"ONNX and torch differ by {difference:.2g} in a coordinate, more than {DIFFERENCE:g}.",
            remedy="Export with other versions of torch and onnx, and report these.",
            field="spec",
        )
    measured: dict[str, Any] = {
        "pictures": len(batch),
        "largest_difference": difference,
        "torch": torch.__version__,
        "onnxruntime": onnxruntime.__version__,
    }
    if int8:
        model, measured["int8_cosine_difference"] = quantised(model, batch, found)
        version += "-int8"
    return Exported(
        EncoderSpec(
            name=name,
            version=version,
            dimension=found.shape[1],
            input_side=source.side,
            licence=source.licence,
            source=source.source,
            package="",
            weights=model_name(name, model),
            weights_sha256=hashlib.sha256(model).hexdigest(),
            made_from=source.weights_sha256,
        ),
        model,
        measured,
    )


def as_onnx(served: nn.Module, example: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of what the comparison would find
        torch.onnx.export(
            served,
            (torch.from_numpy(example),),
            file,
            dynamo=False,
            opset_version=OPSET,
            input_names=["pictures"],
            output_names=["vectors"],
            dynamic_axes={"pictures": {0: "n"}, "vectors": {0: "n"}},
        )
    return file.getvalue()


def by_torch(served: nn.Module, batch: NDArray[np.uint8]) -> Vectors:
    with torch.inference_mode():
        return np.concatenate([served(part).numpy() for part in torch.from_numpy(batch).split(8)])


def by_onnx(model: bytes, batch: NDArray[np.uint8]) -> Vectors:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    parts = [batch[start : start + 8] for start in range(0, len(batch), 8)]
    return np.concatenate([session.run(None, {"pictures": part})[0] for part in parts])


def quantised(model: bytes, batch: NDArray[np.uint8], exact: Vectors) -> tuple[bytes, float]:
    """Raises CannotExport where a cosine between two of the pictures moves by more than LOSSLESS."""
    from onnxruntime import quantization

    class Reader(quantization.CalibrationDataReader):
        def __init__(self) -> None:
            self.left = iter(batch[::2])  # the other half measures the result

        def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
            picture = next(self.left, None)
            return None if picture is None else {"pictures": picture[None]}

    with tempfile.TemporaryDirectory() as folder:
        whole, prepared, small = (Path(folder) / f"{n}.onnx" for n in ("whole", "ready", "small"))
        whole.write_bytes(model)
        quantization.quant_pre_process(str(whole), str(prepared))
        quantization.quantize_static(
            str(prepared),
            str(small),
            Reader(),
            quant_format=quantization.QuantFormat.QDQ,
            per_channel=True,
            op_types_to_quantize=["Conv", "Gemm", "MatMul"],
        )
        made = small.read_bytes()
    found = by_onnx(made, batch)
    moved = float(np.abs(found @ found.T - exact @ exact.T).max())
    if moved > LOSSLESS:
        raise CannotExport(
            f"With eight bits a cosine between two pictures moves by {moved:.3f}, more than {LOSSLESS}.",
            remedy="Export without --int8.",
            field="int8",
        )
    return made, moved
