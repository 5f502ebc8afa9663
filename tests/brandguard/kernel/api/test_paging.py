"""A cursor that we did not make leads nowhere."""

from base64 import b64encode
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.api import error

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("position", ["abc", "0001-01-01", "\0"])
def test_a_cursor_that_we_did_not_make_leads_nowhere(as_alice: Client, position: str) -> None:
    cursor = b64encode(urlencode({"p": position}).encode()).decode()
    response = as_alice.get("/api/v1/designs", {"cursor": cursor})
    assert response.status_code == 404
    assert error(response)["code"] == "not_found"
