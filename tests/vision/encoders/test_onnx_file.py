"""Models that we write ourselves run as they are written."""

import numpy as np
import onnxruntime

from vision.encoders.onnx_file import Network, varint


def doubled() -> bytes:
    """Returns a model that doubles what it is given, and sums over the last axis."""
    made = Network("doubled", "numbers", ("n", 3))
    x = made.node("Cast", "numbers", to=1)
    x = made.node("Mul", x, made.constant(np.float32(2)))
    return made.model(made.node("ReduceMean", x, axes=(1,), keepdims=0), ("n",))


def test_a_model_runs_and_names_its_input() -> None:
    session = onnxruntime.InferenceSession(doubled(), providers=["CPUExecutionProvider"])
    [given] = session.get_inputs()
    assert (given.name, given.shape, given.type) == ("numbers", ["n", 3], "tensor(uint8)")
    [means] = session.run(None, {"numbers": np.array([[1, 2, 3], [4, 5, 6]], np.uint8)})
    np.testing.assert_allclose(means, [4, 10])


def test_the_same_network_gives_the_same_bytes() -> None:
    assert doubled() == doubled()


def test_numbers_take_seven_bits_a_byte() -> None:
    assert varint(0) == b"\x00"
    assert varint(300) == b"\xac\x02"
