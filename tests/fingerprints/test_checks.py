"""Checks of other apps, asked before a view is enrolled."""

import pytest
from django.core.files.base import ContentFile
from django.db.utils import OperationalError

from fingerprints import checks
from fingerprints.actions.enrol import enrol_view
from fingerprints.checks import Check
from fingerprints.encoders.base import Encoder
from fingerprints.images.errors import ImageError
from fingerprints.models import AuditEvent, Brand, DesignImage, Fingerprint
from tests import factories
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    mine: list[Check] = []
    monkeypatch.setattr(checks, "CHECKS", mine)
    return mine


@pytest.fixture
def view(brand: Brand) -> DesignImage:
    return DesignImage.objects.create(
        design=factories.design(brand),
        position=0,
        name="front.png",
        file=ContentFile(encoded(drawn(1)), "front.png"),
        sha256="0" * 64,
    )


def refusing(code: str) -> Check:
    error: ImageError = {"code": code, "message": "Too common.", "remedy": "Another."}
    return lambda *_: error


def failing(error: Exception) -> Check:
    def check(*_: object) -> None:
        raise error

    return check


def after_enrolling(view: DesignImage, encoder: Encoder) -> DesignImage:
    enrol_view(image=view, encoder=encoder)
    view.refresh_from_db()
    return view


def test_a_view_that_every_check_lets_pass_is_enrolled(
    registered: list[Check], view: DesignImage, fake_encoder: Encoder
) -> None:
    asked: list[DesignImage] = []
    checks.register(lambda image, *_: asked.append(image))
    assert after_enrolling(view, fake_encoder).state == "enrolled"
    assert asked == [view]


def test_the_first_check_that_refuses_is_the_reason(
    registered: list[Check], view: DesignImage, fake_encoder: Encoder
) -> None:
    checks.register(lambda *_: None)
    checks.register(refusing("first"))
    checks.register(refusing("second"))
    done = after_enrolling(view, fake_encoder)
    assert (done.state, (done.error or {})["code"]) == ("refused", "first")
    assert not Fingerprint.objects.exists()
    event = AuditEvent.objects.get(action="view.refused")
    assert (event.subject_id, event.data["code"]) == (str(view.pk), "first")


def test_a_check_registered_twice_is_asked_once(registered: list[Check]) -> None:
    check = refusing("once")
    checks.register(check)
    checks.register(check)
    assert registered == [check]


def test_a_check_that_fails_costs_nobody_their_design(
    registered: list[Check],
    view: DesignImage,
    fake_encoder: Encoder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    checks.register(failing(ValueError("a fault of ours")))
    assert after_enrolling(view, fake_encoder).state == "enrolled"
    assert "the view is enrolled without" in caplog.text


def test_what_will_pass_is_tried_again(
    registered: list[Check], view: DesignImage, fake_encoder: Encoder
) -> None:
    checks.register(failing(OperationalError("database away")))
    with pytest.raises(OperationalError):
        enrol_view(image=view, encoder=fake_encoder)
    view.refresh_from_db()
    assert (view.state, view.attempts) == ("pending", 0)
