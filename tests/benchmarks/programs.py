"""Runs a benchmark program as a user would, and looks at its pictures."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, BENCHMARKS / program, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


def longest_side(path: Path) -> int:
    with Image.open(path) as picture:
        return max(picture.size)
