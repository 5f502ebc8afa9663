"""What exporting, training and tuning need beside requirements.txt."""

from importlib.util import find_spec

from brandguard.kernel.errors import DomainError

NEEDED = ("torch", "timm", "onnx", "fontTools")


class ExtraMissing(DomainError):
    code = "extra_missing"


def require_torch() -> None:
    """Raises ExtraMissing."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise ExtraMissing(
            f"{', '.join(missing)} is not installed here.",
            remedy="Run it as ./run encoders COMMAND, which has an environment of its own.",
        )
