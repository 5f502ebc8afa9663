"""Tensors are read without running anything that the file names."""

import io
import os
import pickle
import sys
import types
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vision.encoders.torch_file import MAGIC, PROTOCOL, UnreadableTensors, read_tensors

VALUES = np.arange(12, dtype="<f4")


@pytest.fixture(autouse=True)
def _torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for torch while files are written: pickle looks up the names that it writes."""
    for name in ("torch", "torch._utils"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    for one in (FloatStorage, _rebuild_tensor_v2, load):
        setattr(sys.modules[one.__module__], one.__name__, one)


class FloatStorage:
    pass


class Made:
    """Pickles as a call of `function` with `arguments`."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> Any:
        return self.function, self.arguments


class Stored:
    """Pickles as the name of a storage."""


def _rebuild_tensor_v2() -> None: ...


def load() -> None: ...


for stand_in in (FloatStorage, load):
    stand_in.__module__ = "torch"
_rebuild_tensor_v2.__module__ = "torch._utils"


class Writer(pickle.Pickler):
    def persistent_id(self, obj: Any) -> Any:
        return ("storage", FloatStorage, "7", "cpu", 12, None) if isinstance(obj, Stored) else None


def pickled(value: Any) -> bytes:
    file = io.BytesIO()
    Writer(file, 2).dump(value)
    return file.getvalue()


def tensor(
    offset: int = 0, shape: tuple[int, ...] = (3, 4), strides: tuple[int, ...] = (4, 1)
) -> Made:
    return Made(_rebuild_tensor_v2, Stored(), offset, shape, strides)


def saved(tensors: Any, magic: int = MAGIC, values: bytes = VALUES.tobytes()) -> bytes:
    written: list[Any] = [magic, PROTOCOL, {}, OrderedDict(tensors), ["7"]]
    parts = [pickled(part) for part in written]
    return b"".join([*parts, (12).to_bytes(8, "little"), values])


def test_tensors_are_read_by_name_in_order() -> None:
    read = read_tensors(saved({"whole": tensor(), "turned": tensor(4, (4, 2), (1, 4))}))
    assert list(read) == ["whole", "turned"]
    np.testing.assert_array_equal(read["whole"], VALUES.reshape(3, 4))
    np.testing.assert_array_equal(read["turned"], VALUES.reshape(3, 4)[1:].T)


@pytest.mark.parametrize("function", [os.system, eval, load], ids=["system", "eval", "torch"])
def test_whatever_else_a_file_names_is_refused_and_not_called(
    function: Any, tmp_path: Path
) -> None:
    trace = tmp_path / "called"
    with pytest.raises(UnreadableTensors, match=function.__name__):
        read_tensors(saved({"bad": Made(function, f"touch {trace}")}))
    assert not trace.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04"], ids=["empty", "zip"])
def test_a_file_of_another_format_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableTensors):
        read_tensors(data)


def test_a_file_with_another_magic_number_is_refused() -> None:
    with pytest.raises(UnreadableTensors, match="legacy format"):
        read_tensors(saved({"whole": tensor()}, magic=1))


def test_a_file_that_was_cut_is_refused() -> None:
    with pytest.raises(UnreadableTensors):
        read_tensors(saved({"whole": tensor()}, values=b"short"))


@pytest.mark.parametrize("outside", [(8, (3, 4), (4, 1)), (0, (3, 4), (-4, 1))])
def test_a_tensor_that_leaves_its_storage_is_refused(outside: Any) -> None:
    with pytest.raises(UnreadableTensors):
        read_tensors(saved({"outside": tensor(*outside)}))
