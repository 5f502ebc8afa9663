"""Encoders that tests export in the environment of ./run encoders."""

import os
import subprocess
from pathlib import Path

from vision.encoders import exported
from vision.encoders.base import Encoder
from vision.encoders.onnx import OnnxEncoder

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-encoders/bin/python"
TIMM = "mobilenetv3_small_050"

RANDOM_WEIGHTS = """
import sys, timm, torch
torch.manual_seed(0)
torch.save(timm.create_model({model!r}, pretrained=False).state_dict(), {file!r})
"""
TORCHSCRIPT = """
import sys, torch
from torch import nn
torch.manual_seed(0)
network = nn.Sequential(nn.Conv2d(3, 8, 5, 4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                        nn.Linear(8, 24))
torch.jit.save(torch.jit.trace(network.eval(), torch.zeros(1, 3, 64, 64)), {file!r})
"""


def in_environment(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of ./run encoders with its own data folder."""
    environment = os.environ | {"BRANDGUARD_DATA_DIR": str(folder)}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        ["./run", "encoders", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )


def written_by(script: str, file: Path, **fields: str) -> Path:
    subprocess.run([PYTHON, "-c", script.format(file=str(file), **fields)], check=True, timeout=300)
    return file


def export(folder: Path, *words: str) -> Encoder:
    done = in_environment(folder, "export_encoder", *words)
    assert done.returncode == 0, done.stderr
    [path] = (folder / "encoders").glob("*.json")
    spec = exported.read_spec(path)
    return OnnxEncoder(spec)
