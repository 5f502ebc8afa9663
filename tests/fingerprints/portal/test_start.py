"""The first steps of somebody new."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_nobody_without_an_organisation_is_led_into_a_form() -> None:
    lonely = factories.signed_in(factories.user("lonely"))
    assert lonely.get(reverse("new-brand")).headers["Location"] == reverse("brands")
    assert "No organisation yet" in lonely.get(reverse("brands")).text
