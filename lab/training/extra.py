"""Checks for the packages that exporting, training and tuning need beyond requirements.txt."""

from importlib.util import find_spec

from brandguard.kernel.errors import DomainError

NEEDED = ("torch", "timm", "onnx", "fontTools")


class ExtraMissing(DomainError):
    code = "extra_missing"


def require_torch() -> None:
    """Raises ExtraMissing if torch or another package is missing."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise ExtraMissing(
            f"{', '.join(missing)} is not installed here.",
            remedy="Run ./run encoders COMMAND, which has its own environment.",
        )
