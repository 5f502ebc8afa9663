"""Builds the ONNX model of EfficientNet-Lite2 from its published weights.

The network is Google's (Apache-2.0): a stem, 21 inverted residual blocks and a head, without
squeeze-and-excitation and with ReLU6 (Tan and Le, arXiv:1905.11946). Its widths are read from the weights. The
last feature maps are pooled by a generalised mean, so that strong responses count most.
"""

import numpy as np
from numpy.typing import NDArray

from vision.encoders.onnx_file import Network
from vision.encoders.torch_file import Tensors, read_tensors

SIDE = 260  # pixels
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, 0..1
POWER = 3.0  # exponent of the generalised mean over places (Radenovic and others, arXiv:1711.02512)
LEAST = 1e-6  # keeps the root of the mean differentiable; torch's export had it
EPSILON = 1e-3  # of batch normalisation
NORM = ("weight", "bias", "running_mean", "running_var")  # inputs of BatchNormalization, in order
STRIDED = frozenset({1, 4, 7, 15})  # blocks that halve the picture: the first of stages 2, 3, 4, 6


def build_model(weights: bytes) -> bytes:
    """Returns an ONNX model of `uint8[n, 260, 260, 3]` to unit vectors `float32[n, 1280]`.

    Raises UnreadableTensors.
    """
    tensors = read_tensors(weights)
    made = Network("efficientnet-lite2", "pictures", ("n", SIDE, SIDE, 3))
    layers = Layers(made, tensors)
    x = layers.active(layers.convolution(normalised(made), "_conv_stem", "_bn0", stride=2))
    for block in range(blocks_in(tensors)):
        x = layers.block(x, f"_blocks.{block}", stride=2 if block in STRIDED else 1)
    x = pooled(made, layers.active(layers.convolution(x, "_conv_head", "_bn1")))
    width = len(layers.weights("_conv_head"))
    return made.model(made.node("LpNormalization", x, axis=1, p=2), ("n", width))


def blocks_in(tensors: Tensors) -> int:
    return sum(name.endswith("_depthwise_conv.weight") for name in tensors)


def normalised(made: Network) -> str:
    x = made.node("Cast", made.input_name, to=1)
    x = made.node("Transpose", x, perm=(0, 3, 1, 2))
    x = made.node("Div", x, made.constant(np.float32(255)))
    for operator, values in (("Sub", MEAN), ("Div", DEVIATION)):
        x = made.node(operator, x, made.constant(np.array(values, np.float32).reshape(1, 3, 1, 1)))
    return x


def pooled(made: Network, x: str) -> str:
    x = made.node("Clip", x, made.constant(np.float32(LEAST)))
    x = made.node("Pow", x, made.constant(np.float32(POWER)))
    x = made.node("ReduceMean", x, axes=(2, 3), keepdims=0)
    return made.node("Pow", x, made.constant(np.float32(1 / POWER)))


class Layers:
    """Adds layers to a network by the names of their weights."""

    def __init__(self, made: Network, tensors: Tensors) -> None:
        self.made, self.tensors = made, tensors
        self.limits = [made.constant(np.float32(limit)) for limit in (0, 6)]

    def block(self, x: str, name: str, *, stride: int) -> str:
        """Adds an inverted residual block: widen, filter each channel alone, narrow."""
        inner, entering = x, len(self.weights(f"{name}._depthwise_conv"))
        if f"{name}._expand_conv.weight" in self.tensors:
            entering = self.weights(f"{name}._expand_conv").shape[1]
            inner = self.active(self.convolution(inner, f"{name}._expand_conv", f"{name}._bn0"))
        filtered = self.convolution(inner, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
        narrow = f"{name}._project_conv"
        inner = self.convolution(self.active(filtered), narrow, f"{name}._bn2")
        skips = stride == 1 and entering == len(self.weights(narrow))
        return self.made.node("Add", inner, x) if skips else inner

    def convolution(self, x: str, name: str, norm: str, *, stride: int = 1) -> str:
        """Adds a convolution with its batch normalisation; ONNX Runtime joins the two. Only the convolutions
        that filter each channel alone have a single input channel a filter.
        """
        weights = self.weights(name)
        x = self.made.node(
            "Conv",
            x,
            self.made.constant(weights),
            auto_pad="SAME_UPPER",
            strides=(stride, stride),
            group=len(weights) if weights.shape[1] == 1 else 1,
        )
        parts = [self.tensors[f"{norm}.{part}"] for part in NORM]
        return self.made.node(
            "BatchNormalization", x, *map(self.made.constant, parts), epsilon=EPSILON
        )

    def active(self, x: str) -> str:
        return self.made.node("Clip", x, *self.limits)

    def weights(self, name: str) -> NDArray[np.float32]:
        return self.tensors[f"{name}.weight"]
