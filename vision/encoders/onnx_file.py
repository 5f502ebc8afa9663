"""Writes an ONNX model: the few messages of its protocol buffers that a feed-forward network needs.

The package onnx does the same with a compiler's worth of dependencies. Field numbers are those of onnx.proto3.
The same network always gives the same bytes.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

IR_VERSION, OPSET = 8, 17
FLOAT, UINT8, INT64 = 1, 2, 7  # TensorProto.DataType
AS_FLOAT, AS_INT, AS_STRING, AS_INTS = 1, 2, 3, 7  # AttributeProto.AttributeType
VARINT, BYTES, FIXED32 = 0, 2, 5  # wire types
MORE = 0x80  # bit of a byte that another one follows

DATA_TYPES = {"float32": FLOAT, "uint8": UINT8, "int64": INT64}

type Attribute = int | float | str | Sequence[int]
type Axes = Sequence[int | str]


@dataclass
class Network:
    """A graph that grows node by node; each method returns the name of the value that it adds."""

    name: str
    input_name: str
    input_axes: Axes
    nodes: list[bytes] = field(default_factory=list)
    constants: list[bytes] = field(default_factory=list)

    def constant(self, values: NDArray[Any] | np.float32) -> str:
        name = f"c{len(self.constants)}"
        dense = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
        self.constants.append(
            b"".join(number(1, axis) for axis in values.shape)
            + number(2, DATA_TYPES[values.dtype.name])
            + text(8, name)
            + message(9, dense.tobytes())
        )
        return name

    def node(self, operator: str, *inputs: str, **attributes: Attribute) -> str:
        output = f"v{len(self.nodes)}"
        self.nodes.append(
            b"".join(text(1, name) for name in inputs)
            + text(2, output)
            + text(4, operator)
            + b"".join(message(5, attribute(*item)) for item in attributes.items())
        )
        return output

    def model(self, output: str, axes: Axes) -> bytes:
        """Returns the ONNX file. The input is `uint8`, the output `float32`; an axis may be a name."""
        graph = (
            b"".join(message(1, node) for node in self.nodes)
            + text(2, self.name)
            + b"".join(message(5, constant) for constant in self.constants)
            + message(11, value(self.input_name, UINT8, self.input_axes))
            + message(12, value(output, FLOAT, axes))
        )
        opset = text(1, "") + number(2, OPSET)
        return number(1, IR_VERSION) + message(7, graph) + message(8, opset)


def attribute(name: str, content: Attribute) -> bytes:
    named = text(1, name)
    if isinstance(content, int):
        return named + number(3, content) + number(20, AS_INT)
    if isinstance(content, float):
        return named + tag(2, FIXED32) + struct.pack("<f", content) + number(20, AS_FLOAT)
    if isinstance(content, str):
        return named + text(4, content) + number(20, AS_STRING)
    return named + b"".join(number(8, one) for one in content) + number(20, AS_INTS)


def value(name: str, data_type: int, axes: Axes) -> bytes:
    dimensions = b"".join(
        message(1, text(2, axis) if isinstance(axis, str) else number(1, axis)) for axis in axes
    )
    tensor = number(1, data_type) + message(2, dimensions)
    return text(1, name) + message(2, message(1, tensor))


def message(number_of_field: int, content: bytes) -> bytes:
    return tag(number_of_field, BYTES) + varint(len(content)) + content


def text(number_of_field: int, content: str) -> bytes:
    return message(number_of_field, content.encode())


def number(number_of_field: int, content: int) -> bytes:
    return tag(number_of_field, VARINT) + varint(content)


def tag(number_of_field: int, wire_type: int) -> bytes:
    return varint(number_of_field << 3 | wire_type)


def varint(content: int) -> bytes:
    """Returns a number of 0 or more, seven bits a byte, lowest first."""
    made = bytearray()
    while content >= MORE:
        made.append(content % MORE + MORE)
        content >>= 7
    made.append(content)
    return bytes(made)
