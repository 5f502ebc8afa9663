"""Encoders exported on this machine: one folder with a model and a spec for each.

`manage.py export_encoder` writes them. The service reads them and needs no torch.
"""

import hashlib
import json
import os
import uuid
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from vision.configuration import configuration
from vision.encoders.base import EncoderSpec, EncoderUnavailable


def folder() -> Path:
    return configuration().encoders_dir


def exported() -> dict[str, EncoderSpec]:
    """Returns the specs by name. Raises EncoderUnavailable, which names a spec that cannot be read."""
    return {path.stem: read_spec(path) for path in sorted(folder().glob("*.json"))}


def read_spec(path: Path) -> EncoderSpec:
    try:
        stored = json.loads(path.read_text())
        known = {field.name for field in fields(EncoderSpec)}
        spec = EncoderSpec(**{name: stored[name] for name in stored if name in known})
    except (OSError, ValueError, TypeError) as error:
        raise EncoderUnavailable(
            f"{path} is not the spec of an exported encoder: {error}.",
            remedy="Export the encoder again or remove the file.",
            field="ENCODERS_DIR",
        ) from error
    if spec.name != path.stem:
        raise EncoderUnavailable(
            f"{path} holds the spec of an encoder named {spec.name!r}.",
            remedy=f"Rename it to {spec.name}.json.",
            field="ENCODERS_DIR",
        )
    return spec


def keep(spec: EncoderSpec, model: bytes, measured: dict[str, Any]) -> Path:
    """Writes the model first, then the spec that names it: if killed in between, the previous encoder stays.
    Returns the spec's path.
    """
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    put(folder() / spec.weights, model)
    path = folder() / f"{spec.name}.json"
    put(path, (json.dumps({**asdict(spec), "measured": measured}, indent=2) + "\n").encode())
    for old in folder().glob(f"{spec.name}-*.onnx"):
        if old.name != spec.weights:
            old.unlink(missing_ok=True)
    return path


def put(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f"{uuid.uuid4().hex}.tmp")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def model_name(name: str, model: bytes) -> str:
    """Returns the model's file name. It contains the content's hash, so a new model never overwrites an old
    one.
    """
    return f"{name}-{hashlib.sha256(model).hexdigest()[:8]}.onnx"
