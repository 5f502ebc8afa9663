"""What the header counts."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from detection.review.models import Alert

pytestmark = pytest.mark.django_db


def test_the_header_counts_open_alerts(
    alerts: list[Alert], as_alice: Client, as_charlie: Client, charlie: User
) -> None:
    assert re.search(r'class="count">1<', as_alice.get(reverse("brands")).text)
    assert 'class="count"' not in as_charlie.get(reverse("brands")).text
