"""Chooses the source that a SPEC of `manage.py export_encoder` names."""

from collections.abc import Callable

from lab.training.sources.from_checkpoint import from_checkpoint
from lab.training.sources.from_timm import from_timm
from lab.training.sources.from_torchscript import from_torchscript
from lab.training.sources.source import CannotExport, Source


def source_of(spec: str, *, side: int | None = None) -> Source:
    """Raises CannotExport with what is missing and the remedy."""
    kind, _, what = spec.partition(":")
    known: dict[str, Callable[[str, int | None], Source]] = {
        "timm": from_timm,
        "torchscript": from_torchscript,
        "checkpoint": from_checkpoint,
    }
    if kind not in known or not what:
        raise CannotExport(
            f"{spec!r} names no encoder.",
            remedy="Give timm:MODEL, timm:MODEL@FILE, torchscript:FILE or checkpoint:FILE.",
            field="spec",
        )
    return known[kind](what, side)
