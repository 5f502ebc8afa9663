"""An alert has one decision, which keeps it."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from tests.detection.rows import decision


@pytest.mark.django_db
def test_an_alert_has_one_decision() -> None:
    first = decision()
    with pytest.raises(IntegrityError), transaction.atomic():
        decision(first.alert)


@pytest.mark.django_db
def test_a_decided_alert_cannot_be_deleted() -> None:
    made = decision()
    with pytest.raises(ProtectedError):
        made.alert.delete()
