"""A linear projection behind an encoder, learnt from edits and stored in its ONNX file."""

import hashlib

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch.nn import functional

from lab.tuning.catalogue import Examples
from vision.encoders.base import Vectors

STEPS = 400
RATE = 1e-3
TEMPERATURE = 0.05
STAY = 0.1  # weight of staying near the encoder's own vectors, because a catalogue is small
BATCH = 256

type Matrix = NDArray[np.float32]


def learn(examples: Examples, seed: int) -> Matrix:
    """Learns `float32[dimension, dimension]` near the identity that moves an edit's vector nearer to its
    design than to any other.
    """
    dice = torch.Generator().manual_seed(seed)
    dimension = examples.designs.shape[1]
    designs, edits = torch.from_numpy(examples.designs), torch.from_numpy(examples.edits)
    right, same = torch.from_numpy(examples.of), torch.eye(dimension)
    matrix = torch.nn.Parameter(same.clone())
    optimiser = torch.optim.Adam([matrix], lr=RATE)
    for _ in range(STEPS):
        chosen = torch.randint(len(edits), (min(BATCH, len(edits)),), generator=dice)
        ours = functional.normalize(edits[chosen] @ matrix, dim=1)
        theirs = functional.normalize(designs @ matrix, dim=1)
        loss = functional.cross_entropy(ours @ theirs.T / TEMPERATURE, right[chosen])
        loss = loss + STAY * (matrix - same).square().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return np.asarray(matrix.detach().numpy(), np.float32)


def projected(vectors: Vectors, matrix: Matrix) -> Vectors:
    made = vectors @ matrix
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def behind(model: bytes, matrix: Matrix) -> bytes:
    """Returns the encoder's ONNX file with the projection, giving unit vectors again."""
    made = onnx.load_from_string(model)
    graph = made.graph
    [before] = [output.name for output in graph.output]
    graph.initializer.append(numpy_helper.from_array(matrix, "tuned"))
    graph.node.extend(
        [
            helper.make_node("MatMul", [before, "tuned"], ["tuned_vectors"]),
            helper.make_node("LpNormalization", ["tuned_vectors"], ["unit_vectors"], axis=1, p=2),
        ]
    )
    del graph.output[:]
    shape = ["n", matrix.shape[1]]
    graph.output.append(helper.make_tensor_value_info("unit_vectors", TensorProto.FLOAT, shape))
    onnx.checker.check_model(made)
    written: bytes = made.SerializeToString()
    return written


def identity_of(encoder: str, matrix: Matrix) -> str:
    return hashlib.sha256(encoder.encode() + matrix.tobytes()).hexdigest()
