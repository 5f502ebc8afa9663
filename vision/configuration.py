"""The settings that vision needs; it does not read Django's settings itself.

The composition root connects `configure` with Django's settings (`brandguard/wiring.py`). A program that
uses vision alone gets the defaults or calls `configure`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Configuration:
    """`processes` is the number of processes that share the cores of this machine."""

    max_image_bytes: int = 20_000_000
    max_image_pixels: int = 50_000_000
    encoders_dir: Path = Path("var/encoders")
    onnx_providers: tuple[str, ...] = ("CPUExecutionProvider",)
    processes: int = 1
    encoder: str = "sscd"
    object_encoder: str = "efficientnet-lite2"
    logo_encoder: str = "logo"


_read: Callable[[], Configuration] = Configuration


def configure(read: Callable[[], Configuration]) -> None:
    """`read` is called each time, so that a changed setting takes effect at once."""
    global _read  # noqa: PLW0603 - the one place that holds it
    _read = read


def configuration() -> Configuration:
    return _read()
