"""The versions of everything that decides what a run of the benchmark finds."""

import os
import platform
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from detection.matching.matcher import Matcher
from vision.encoders.base import EncoderSpec
from vision.encoders.generation import generation_of

PROJECT = Path(__file__).resolve().parent.parent.parent


def environment(matcher: Matcher, *, threshold: float, processes: int) -> dict[str, Any]:
    """Channels that are off are missing from `channels`."""
    calibration = matcher.calibration
    return {
        "project": project_version(),
        "commit": commit(),
        "threshold": threshold,
        "encoder": encoder(matcher.encoder.spec),
        "windows": encoder(matcher.quick.spec),
        "channels": {
            name: {"version": channel.spec.version, "encoder": encoder(channel.encoder.spec)}
            for name, channel in matcher.channels.items()
        },
        "calibration": calibration.name,
        "background": calibration.background,
        "geometry": calibration.geometry_version,
        "features": matcher.features_version,
        "matching": matcher.version,
        "libraries": matcher.libraries,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "processes": processes,
        "providers": list(settings.ONNX_PROVIDERS),
    }


def encoder(spec: EncoderSpec) -> dict[str, str]:
    """`weights` is the sha256 of the file, `identity` that of the weights that it was exported from."""
    return {
        "name": spec.name,
        "version": spec.version,
        "weights": spec.weights_sha256,
        "identity": spec.identity,
        "generation": generation_of(spec),
    }


def project_version() -> str:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def commit() -> str:
    """Returns the commit, with -dirty where files were changed; an empty string outside a checkout."""
    command = ["git", "-C", str(PROJECT), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def flat(versions: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Returns every value by its dotted name, for comparison."""
    found: dict[str, Any] = {}
    for name, value in versions.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found
