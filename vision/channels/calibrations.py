"""Where the calibration of an encoder is, for those too who must not load what matching needs."""

import json
from pathlib import Path
from typing import Any

from vision.encoders.base import EncoderSpec

FOLDER = Path(__file__).resolve().parent / "calibrations"


def calibration_path(spec: EncoderSpec) -> Path:
    return FOLDER / f"{spec.name}-{spec.version}.json"


def background_path(spec: EncoderSpec) -> Path:
    return calibration_path(spec).with_suffix(".npz")


def stored_calibration(spec: EncoderSpec) -> dict[str, Any]:
    """As `manage.py calibrate` wrote it; empty where there is none."""
    path = calibration_path(spec)
    return dict(json.loads(path.read_text())) if path.exists() else {}
