"""The page of a robustness test: progress, then the chart and what to add."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandguard.celery import app
from detection.matching.models import RobustnessTest
from fingerprints.models import Design


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def test_the_page_shows_progress_then_the_chart_and_what_to_add(
    design: Design, as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    page = reverse("robustness", args=[design.pk])
    assert "Not measured yet" in as_bob.get(page).text
    under_way = as_alice.post(reverse("measure-robustness", args=[design.pk]), follow=True).text
    assert "0 of 1 views tested" in under_way
    again = as_alice.get(page, {"done": 0}, headers={"HX-Request": "true"})
    assert again.status_code == 204
    results = {"edit-crop-60": 90.0, "edit-crop-35": 20.0, "side-left-35": 10.0}
    RobustnessTest.objects.update(
        done_at=timezone.now(),
        results={str(design.images.get().pk): results, "gone": {"edit-crop-60": 0.0}},
        sides=1,
    )
    text = as_alice.get(page).text
    assert "Seen from the left it is found in 0 of 1: add a picture from the left." in text
    assert "All pictures show the same side of the goods" in text
    assert "1 of 2" in text
    assert as_charlie.get(page).status_code == 404
    assert as_charlie.post(reverse("measure-robustness", args=[design.pk])).status_code == 404
