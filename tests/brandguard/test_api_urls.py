"""The API's own page, and URLs that lead nowhere."""

import pytest
from django.test import Client

from tests.api import error

pytestmark = pytest.mark.django_db


def test_the_page_of_the_api_is_served_by_us(client: Client) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert b"http://" not in page.content
    assert b"https://" not in page.content
    assert client.get("/api/v1/schema").status_code == 200


def test_a_url_that_leads_nowhere_is_told_as_every_error(client: Client) -> None:
    response = client.get("/api/v1/nope")
    assert response.status_code == 404
    assert error(response)["code"] == "not_found"
