"""Sent tables wait for a day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from brandguard.celery import app
from fingerprints.actions.sent_tables import discard_old_tables
from fingerprints.models import Brand, SentTable
from tests.fingerprints.scenes import archive, previewed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def test_what_nobody_confirms_goes_after_a_day(brand: Brand, as_alice: Client) -> None:
    previewed(as_alice, brand, archive("Bottle,packaging,a.png"))
    now = timezone.now()
    assert discard_old_tables(now=now + timedelta(hours=23)) == 0
    assert discard_old_tables(now=now + timedelta(hours=25)) == 1
    assert not SentTable.objects.exists()


def test_a_senders_newest_five_wait(brand: Brand, as_alice: Client, as_bob: Client) -> None:
    previewed(as_bob, brand, archive("Bottle,packaging,a.png"))
    pages = [previewed(as_alice, brand, archive("Bottle,packaging,a.png")) for _ in range(6)]
    assert [as_alice.get(page).status_code for page in pages] == [302, *[200] * 5]
    assert SentTable.objects.count() == 6
