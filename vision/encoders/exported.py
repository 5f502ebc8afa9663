"""Encoders that were exported on this machine: for each a model and its spec, in one folder.

`manage.py export_encoder` writes them; what serves reads them and needs no torch.
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
    """By name. Raises EncoderUnavailable naming a spec that cannot be read."""
    return {path.stem: read_spec(path) for path in sorted(folder().glob("*.json"))}


def read_spec(path: Path) -> EncoderSpec:
    try:
        stored = json.loads(path.read_text())
        known = {field.name for field in fields(EncoderSpec)}
        spec = EncoderSpec(**{name: stored[name] for name in stored if name in known})
    except (OSError, ValueError, TypeError) as error:
        raise EncoderUnavailable(
            f"{path} is not the spec of an exported encoder: {error}.",
            remedy="Export the encoder again, or remove the file.",
            field="ENCODERS_DIR",
        ) from error
    if spec.name != path.stem:
        raise EncoderUnavailable(
            f"{path} is the spec of an encoder called {spec.name!r}.",
            remedy=f"Name it {spec.name}.json again.",
            field="ENCODERS_DIR",
        )
    return spec


def keep(spec: EncoderSpec, model: bytes, measured: dict[str, Any]) -> Path:
    """The model first, then the spec that names it: whoever is killed in between leaves the encoder
    that was there. Returns the spec's path.
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
    """The file name of a model: with what it holds, so that a new one never takes the old one's place."""
    return f"{name}-{hashlib.sha256(model).hexdigest()[:8]}.onnx"
