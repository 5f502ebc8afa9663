"""Every signal of a room has the receivers that wiring.py gives it, and each of them once."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.dispatch import Signal
from pytest_django.fixtures import Settings

import accounts.signals
import detection.matching.signals
import fingerprints.signals
from accounts.models import Organisation
from accounts.signals import claimant_changed
from brandguard import wiring
from detection.intake.models import Listing
from detection.matching.signals import pictures_matched
from detection.review.actions import assess
from fingerprints.models import Brand
from fingerprints.signals import enforcement_changed, view_described
from tests import factories
from vision.configuration import configuration

WIRED: list[tuple[Signal, list[Callable[..., object]]]] = [
    (claimant_changed, [wiring.search_by_standing, wiring.pass_on_to_brands]),
    (enforcement_changed, [wiring.reassess_brand]),
    (view_described, [wiring.refuse_what_is_common]),
    (pictures_matched, [wiring.assess]),
]
NAMES = ["claimant_changed", "enforcement_changed", "view_described", "pictures_matched"]


def receivers(signal: Signal) -> list[object]:
    """They are held by weak references."""
    return [reference() for _, reference, *_ in signal.receivers]


@pytest.mark.parametrize(("signal", "wired"), WIRED, ids=NAMES)
def test_a_signal_has_its_receivers(signal: Signal, wired: list[Callable[..., object]]) -> None:
    assert receivers(signal) == wired


@pytest.mark.parametrize(("signal", "wired"), WIRED, ids=NAMES)
def test_connecting_twice_registers_once(
    signal: Signal, wired: list[Callable[..., object]]
) -> None:
    wiring.connect()
    assert receivers(signal) == wired


@pytest.mark.parametrize(
    "module", [accounts.signals, fingerprints.signals, detection.matching.signals]
)
def test_no_signal_is_left_without_a_receiver(module: ModuleType) -> None:
    declared = [one for one in vars(module).values() if isinstance(one, Signal)]
    assert declared
    assert all(any(one is signal for signal, _ in WIRED) for one in declared)


def test_vision_follows_the_settings(settings: Settings) -> None:
    settings.MAX_IMAGE_BYTES = 1234
    settings.ONNX_PROVIDERS = "CUDAExecutionProvider, CPUExecutionProvider,"
    assert configuration().max_image_bytes == 1234
    assert configuration().onnx_providers == ("CUDAExecutionProvider", "CPUExecutionProvider")


def test_what_changes_for_a_claimant_changes_for_each_of_its_brands(acme: Organisation) -> None:
    factories.brand(factories.organisation("Umbra"), "Else")
    ours = [factories.brand(acme, name) for name in ("Fizz", "Pop")]
    told: list[Brand] = []

    def listen(brand: Brand, **_: Any) -> None:
        told.append(brand)

    enforcement_changed.connect(listen)
    try:
        wiring.pass_on_to_brands(organisation=acme)
    finally:
        enforcement_changed.disconnect(listen)
    assert sorted(brand.name for brand in told) == sorted(brand.name for brand in ours)


@pytest.mark.parametrize(
    ("complete", "asked"), [(True, ["assess_listing"]), (False, ["assess_early"])]
)
def test_a_listing_of_which_pictures_wait_is_assessed_early(
    monkeypatch: pytest.MonkeyPatch, *, complete: bool, asked: list[str]
) -> None:
    done: list[str] = []
    for name in ("assess_listing", "assess_early"):
        monkeypatch.setattr(assess, name, lambda name=name, **_: done.append(name))
    pictures_matched.send(Listing, listing=Listing(), complete=complete)
    assert done == asked
