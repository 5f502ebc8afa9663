"""Error pages are ours and need nobody."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import factories
from tests.pages import INLINE

pytestmark = pytest.mark.django_db


def test_error_pages_are_ours_and_need_nobody(settings: Settings, as_alice: Client) -> None:
    assert "There is nothing here" in Client().get("/nothing").text
    assert "Brands" in as_alice.get("/nothing").text
    forged = Client(enforce_csrf_checks=True).post(reverse("account_login"), {})
    assert forged.status_code == 403
    assert "The form was too old" in forged.text
    assert not INLINE.search(forged.text)
    files = [factories.upload() for _ in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    crowded = Client().post(reverse("account_login"), {"images": files})
    assert crowded.status_code == 400
    assert "too many files" in crowded.text
