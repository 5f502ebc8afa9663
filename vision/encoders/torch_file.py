"""Reads the tensors of a file that `torch.save` wrote in its legacy format, without torch.

The file is a sequence of pickles followed by the raw bytes of each storage. A pickle can name any function to
call; this reader knows the four names that a dictionary of tensors needs and refuses every other.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
COUNT_BYTES = 8  # the number of elements before each storage's bytes

type Tensors = dict[str, NDArray[Any]]


class UnreadableTensors(ValueError):
    pass


@dataclass(frozen=True)
class Storage:
    """A storage, which several tensors may share; `key` names its bytes."""

    key: str
    dtype: np.dtype[Any]


@dataclass(frozen=True)
class Tensor:
    """A view of `storage`; `offset` and `strides` count elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class TensorUnpickler(pickle.Unpickler):
    """Builds plain values and `Tensor`. It calls nothing that the file names."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in KNOWN:
            raise UnreadableTensors(f"The file names {module}.{name}, which no tensor needs.")
        return KNOWN[module, name]

    def persistent_load(self, pid: Any) -> Storage:
        match pid:
            case ("storage", np.dtype() as dtype, str(key), _, int(), None):
                return Storage(key, dtype)
        raise UnreadableTensors(f"The file names the storage {pid!r}, which no tensor needs.")


def tensor_of(
    storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> Tensor:
    """Stands for `torch._utils._rebuild_tensor_v2`."""
    return Tensor(storage, offset, shape, strides)


KNOWN: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): tensor_of,
    ("torch", "FloatStorage"): np.dtype("<f4"),
    ("torch", "LongStorage"): np.dtype("<i8"),
}


def read_tensors(data: bytes) -> Tensors:
    """Returns the tensors by name, in the file's order. Raises UnreadableTensors."""
    file = io.BytesIO(data)
    try:
        check_format(file)
        unpickled(file)  # sizes of C types on the writer's machine
        tensors, keys = unpickled(file), unpickled(file)
        storages = read_storages(file, keys, dtypes_of(tensors))
        return {name: array_of(tensor, storages) for name, tensor in tensors.items()}
    except UnreadableTensors:
        raise
    except Exception as error:  # a damaged pickle raises anything
        raise UnreadableTensors(f"The file cannot be read: {error}.") from error


def check_format(file: io.BytesIO) -> None:
    if (unpickled(file), unpickled(file)) != (MAGIC, PROTOCOL):
        raise UnreadableTensors("The file is not in the legacy format of torch.save.")


def unpickled(file: io.BytesIO) -> Any:
    return TensorUnpickler(file).load()


def dtypes_of(tensors: dict[str, Tensor]) -> dict[str, np.dtype[Any]]:
    return {tensor.storage.key: tensor.storage.dtype for tensor in tensors.values()}


def read_storages(
    file: io.BytesIO, keys: Sequence[str], dtypes: dict[str, np.dtype[Any]]
) -> dict[str, NDArray[Any]]:
    """Reads the storages, which follow in the order of `keys`."""
    found = {}
    for key in keys:
        count = int.from_bytes(file.read(COUNT_BYTES), "little")
        part = file.read(count * dtypes[key].itemsize)
        found[key] = np.frombuffer(part, dtypes[key], count)
    return found


def array_of(tensor: Tensor, storages: dict[str, NDArray[Any]]) -> NDArray[Any]:
    """Returns the view. NumPy refuses one that leaves its storage."""
    values = storages[tensor.storage.key]
    size = values.itemsize
    strides = [size * stride for stride in tensor.strides]
    return np.ndarray(tensor.shape, values.dtype, values.data, size * tensor.offset, strides)
