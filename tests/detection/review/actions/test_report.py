"""Missed listings: who reports them, and who answers."""

import pytest
from django.contrib.auth.models import User

from accounts.models import Marketplace
from brandguard.celery import app
from detection.review.actions.report import (
    AlreadyAnswered,
    NothingReported,
    NotYoursToAnswer,
    answer_report,
)
from fingerprints.models import Brand
from fingerprints.pictures.received import NoReadableImage
from tests import factories
from tests.detection.review.scenes import ADDRESS, reported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def test_neither_or_an_unreadable_picture_is_refused(
    brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    with pytest.raises(NothingReported):
        reported(brand, marketplace, alice)
    with pytest.raises(NoReadableImage):
        reported(brand, marketplace, alice, picture=factories.upload(b"no picture"))


def test_a_reviewer_answers_once_and_the_claimant_never(
    brand: Brand, marketplace: Marketplace, alice: User, rita: User
) -> None:
    report = reported(brand, marketplace, alice, url=ADDRESS)
    with pytest.raises(NotYoursToAnswer):
        answer_report(report=report, answer="Mine.", by=alice)
    answer_report(report=report, answer="It is another shop's.", by=rita)
    with pytest.raises(AlreadyAnswered):
        answer_report(report=report, answer="Again.", by=rita)
