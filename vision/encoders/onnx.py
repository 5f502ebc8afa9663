"""Encoders served by ONNX Runtime on the CPU, or on the providers of ONNX_PROVIDERS."""

import hashlib
import importlib.resources
import os
from collections.abc import Sequence
from importlib.resources.abc import Traversable

import numpy as np

from vision.configuration import configuration
from vision.encoders import efficientnet_lite, exported
from vision.encoders.base import EncoderSpec, EncoderUnavailable, Vectors
from vision.pictures.picture import Picture
from vision.pictures.resize import squash

# Otherwise ONNX Runtime reports every session to its maker and keeps a device id in the user's home. It
# reads this variable on import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

BATCH = 16  # pictures at a time: more adds no speed and costs memory


class OnnxEncoder:
    """A model that maps `uint8[batch, height, width, 3]` to vectors."""

    def __init__(self, spec: EncoderSpec) -> None:
        """Loads the weights. Refuses a file that does not match the spec."""
        self.spec = spec
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        self.session = onnxruntime.InferenceSession(model_of(spec), options, providers=providers())
        self.input_name = self.session.get_inputs()[0].name

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        side = self.spec.input_side
        parts = [np.empty((0, self.spec.dimension), np.float32)]
        for start in range(0, len(pictures), BATCH):
            squashed = [squash(p, width=side, height=side) for p in pictures[start : start + BATCH]]
            parts.append(self.session.run(None, {self.input_name: np.stack(squashed)})[0])
        vectors = np.concatenate(parts)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / norms, np.float32)


def model_of(spec: EncoderSpec) -> bytes:
    """Returns the ONNX model. If the weights are not one, it is built from them: 0.2 s a process, so no file
    of it is kept. Raises EncoderUnavailable.
    """
    weights = checked_weights(spec)
    if not spec.model_sha256:
        return weights
    model = efficientnet_lite.build_model(weights)
    if hashlib.sha256(model).hexdigest() != spec.model_sha256:
        raise EncoderUnavailable(
            f"The model built from the weights of {spec.name} is not the one of its calibration.",
            remedy="Report your processor and the version of NumPy.",
            field="ENCODER",
        )
    return model


def checked_weights(spec: EncoderSpec) -> bytes:
    try:
        data = weights_file(spec).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        remedy = "Install requirements.txt." if spec.package else "Export the encoder again."
        raise EncoderUnavailable(
            f"The weights of {spec.name} are not installed.", remedy=remedy, field="ENCODER"
        ) from error
    if hashlib.sha256(data).hexdigest() != spec.weights_sha256:
        raise EncoderUnavailable(
            f"The weights of {spec.name} are not the file that its calibration belongs to.",
            remedy="Install the versions of requirements.txt, unmodified."
            if spec.package
            else "Export the encoder again.",
            field="ENCODER",
        )
    return data


def weights_file(spec: EncoderSpec) -> Traversable:
    if not spec.package:
        return exported.folder() / spec.weights
    return importlib.resources.files(spec.package) / spec.weights


def providers() -> list[str]:
    """Returns the providers that run the models, preferred first. Raises EncoderUnavailable."""
    wanted = list(configuration().onnx_providers)
    there = onnxruntime.get_available_providers()
    if missing := [name for name in wanted if name not in there]:
        raise EncoderUnavailable(
            f"ONNX Runtime has no {', '.join(missing)} here; it has {', '.join(there)}.",
            remedy="Set ONNX_PROVIDERS to some of these, or install requirements-gpu.txt.",
            field="ONNX_PROVIDERS",
        )
    return wanted


def threads() -> int:
    """Returns the threads of one process: workers share the cores, and surplus threads slow all of them."""
    return max(1, cores() // configuration().processes)


def cores() -> int:
    """Returns the cores that this process may use; a container may have fewer than the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
