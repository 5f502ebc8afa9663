"""Who did what and when, for whoever asks."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AuditEvent
from fingerprints.models import Brand


def test_the_trail_is_written_oldest_first_a_line_each(
    brand: Brand, capsys: pytest.CaptureFixture[str]
) -> None:
    for action in ("brand.created", "brand.changed"):
        AuditEvent.objects.record(action, subject=brand, by=None, name="Fizz")
    call_command("export_audit")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["action"] for line in lines] == ["brand.created", "brand.changed"]
    assert lines[0]["subject_id"] == str(brand.pk)
    assert lines[0]["data"] == {"name": "Fizz"}
    call_command("export_audit", after=timezone.now() + timedelta(days=1))
    assert capsys.readouterr().out == ""
