"""Checks of other apps, asked before a view is enrolled."""

from collections.abc import Callable, Iterator

import pytest
from django.core.files.base import ContentFile
from django.db.utils import OperationalError

from accounts.models import AuditEvent
from fingerprints.actions.enrol import enrol_view
from fingerprints.models import Brand, DesignImage, Fingerprint
from fingerprints.signals import view_described
from tests import factories
from tests.matchers import channels
from tests.pictures import drawn, encoded
from vision.encoders.base import Encoder
from vision.pictures.errors import ImageError

pytestmark = pytest.mark.django_db


type Check = Callable[..., ImageError | None]


@pytest.fixture(autouse=True)
def _no_other_checks() -> Iterator[None]:
    """Those of the product are put back after the test."""
    kept, view_described.receivers = view_described.receivers, []
    yield
    view_described.receivers = kept


@pytest.fixture
def view(brand: Brand) -> DesignImage:
    return DesignImage.objects.create(
        design=factories.design(brand),
        position=0,
        name="front.png",
        file=ContentFile(encoded(drawn(1)), "front.png"),
        sha256="0" * 64,
    )


def asked(check: Check) -> None:
    view_described.connect(check, weak=False)


def refusing(code: str) -> Check:
    error: ImageError = {"code": code, "message": "Too common.", "remedy": "Another."}
    return lambda **_: error


def failing(error: Exception) -> Check:
    def check(**_: object) -> None:
        raise error

    return check


def after_enrolling(view: DesignImage, encoder: Encoder) -> DesignImage:
    enrol_view(image=view, encoder=encoder, channels=channels())
    view.refresh_from_db()
    return view


def test_a_view_that_every_check_lets_pass_is_enrolled(
    view: DesignImage, fake_encoder: Encoder
) -> None:
    seen: list[DesignImage] = []
    asked(lambda image, **_: seen.append(image))
    assert after_enrolling(view, fake_encoder).state == "enrolled"
    assert seen == [view]


def test_the_first_check_that_refuses_is_the_reason(
    view: DesignImage, fake_encoder: Encoder
) -> None:
    asked(lambda **_: None)
    asked(refusing("first"))
    asked(refusing("second"))
    done = after_enrolling(view, fake_encoder)
    assert (done.state, (done.error or {})["code"]) == ("refused", "first")
    assert not Fingerprint.objects.exists()
    event = AuditEvent.objects.get(action="view.refused")
    assert (event.subject_id, event.data["code"]) == (str(view.pk), "first")


def test_a_check_that_fails_costs_nobody_their_design(
    view: DesignImage,
    fake_encoder: Encoder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked(failing(ValueError("a fault of ours")))
    assert after_enrolling(view, fake_encoder).state == "enrolled"
    assert "a fault of ours" in caplog.text


def test_what_will_pass_is_tried_again(view: DesignImage, fake_encoder: Encoder) -> None:
    asked(failing(OperationalError("database away")))
    with pytest.raises(OperationalError):
        enrol_view(image=view, encoder=fake_encoder, channels=channels())
    view.refresh_from_db()
    assert (view.state, view.attempts) == ("pending", 0)
