"""What detection does when something changes in fingerprints."""

from typing import Any

from fingerprints.models import Brand


def judge_anew(*, brand: Brand, **_: Any) -> None:
    """Within the transaction of the change."""
    from detection.actions.resettle import ask_for_resettlement

    ask_for_resettlement(brand)
