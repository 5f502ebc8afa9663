"""An organisation runs one marketplace."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Marketplace
from tests.detection.rows import place


@pytest.mark.django_db
def test_an_organisation_runs_one_marketplace() -> None:
    of = place().organisation
    with pytest.raises(IntegrityError), transaction.atomic():
        Marketplace.objects.create(organisation=of, name="A second one")
