"""The id of a request, and its line in the log."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from accounts.models import ApiKey, Organisation
from tests import factories

pytestmark = pytest.mark.django_db


def test_every_answer_carries_the_id_that_its_line_in_the_log_has(client: Client) -> None:
    with capture_logs([merge_contextvars]) as lines:
        answer = client.get("/nowhere?secret=1")

    (line,) = lines
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nowhere", 404)
    assert line["milliseconds"] > 0


def test_the_line_names_the_key_by_its_id_and_does_not_show_it(
    acme: Organisation, alice: User, client: Client
) -> None:
    key = factories.api_key(acme, alice, ApiKey.Scope.DESIGNS)
    with capture_logs() as lines:
        client.get("/api/v1/designs", headers={"Authorization": f"Bearer {key}"})

    assert [line["key"] for line in lines] == [ApiKey.objects.get().pk]
    assert key not in str(lines)


def test_an_invitation_s_token_is_not_logged(client: Client) -> None:
    with capture_logs() as lines:
        client.get("/invitations/opens-the-door")

    assert [line["path"] for line in lines] == ["/invitations/…"]
